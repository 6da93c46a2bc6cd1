# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# How old the proof of the backups and their copy outside of the cluster are. Sourced by health-check.sh, never run.

# The member that mounts the backup volume knows; its number in mounting. Where none answers, check_backup has said so.
find_mounting() {
  for mounting in "${!hosts[@]}"; do
    if [[ -n "${fact[${mounting}_backup_used_percent]:-}" ]]; then return; fi
  done
  mounting=
  return 1
}

# An installation that is younger than the limit may not have had its first test: the system identifier begins with the second in
# which it was made.
check_restore_test() {
  local clock good result age
  find_mounting || return 0
  clock=${fact[${mounting}_clock]} result=${fact[${mounting}_restore_test_result]:-} good=${fact[${mounting}_restore_test_good_epoch]:-}
  if [[ "${result}" == failed ]]; then
    report critical "restore test" "the newest one FAILED: ${fact[${mounting}_restore_test_reason]:-no reason recorded}"
  elif [[ -z "${good}" ]]; then
    age=$(((clock - (fact[${mounting}_system] >> 32)) / 86400))
    if ((age > RESTORE_TEST_MAX_AGE_DAYS)); then
      report warning "restore test" "there was none yet: nobody knows whether the backups can be restored"
    else
      report ok "restore test" "the first one is still to come"
    fi
  else
    report_limit "restore test" "$(((clock - good) / 86400))" "${RESTORE_TEST_MAX_AGE_DAYS}" " days"
  fi
}

check_offsite() {
  local copied
  find_mounting || return 0
  copied=${fact[${mounting}_offsite_epoch]:-}
  if [[ -z "${copied}" ]]; then
    report warning "off-site copy" "there is no complete one yet"
  else
    report_limit "off-site copy" "$(((fact[${mounting}_clock] - copied) / 60))" "${OFFSITE_MAX_AGE_MINUTES}" " min"
  fi
}
