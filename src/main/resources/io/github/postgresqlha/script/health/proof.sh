# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# How old the proof of the backups and their copy outside of the cluster are. Sourced by health-check.sh, never run.

# An installation that is younger than the limit may not have had its first test: the system identifier begins with the second in
# which it was made. Usage: check_restore_test MEMBER, one that mounts the backup volume
check_restore_test() {
  local clock=${fact[$1_clock]} result=${fact[$1_restore_test_result]:-} good=${fact[$1_restore_test_good_epoch]:-} age
  if [[ "${result}" == running ]] && ((clock > ${fact[$1_restore_test_ends_by_epoch]:-0})); then
    report critical "restore test" "the newest one was ended before it was done: nothing is known of the backups since the one before"
  elif [[ "${result}" == failed ]]; then
    report critical "restore test" "the newest one FAILED: ${fact[$1_restore_test_reason]:-no reason recorded}"
  elif [[ -z "${good}" ]]; then
    age=$(((clock - (fact[$1_system] >> 32)) / 86400))
    if ((age > RESTORE_TEST_MAX_AGE_DAYS)); then
      report warning "restore test" "there was none yet: nobody knows whether the backups can be restored"
    else
      report ok "restore test" "the first one is still to come"
    fi
  elif ((good - clock > 3600)); then
    report warning "restore test" "its time is $(((good - clock) / 3600)) h in the future: the clock was or is wrong. Correct it; the next good test has the right one"
  else
    report_limit "restore test" "$(((clock - good) / 86400))" "${RESTORE_TEST_MAX_AGE_DAYS}" " days"
  fi
}

# Usage: check_offsite MEMBER, one that mounts the backup volume
check_offsite() {
  local copied=${fact[$1_offsite_epoch]:-} clock=${fact[$1_clock]}
  if [[ -n "${fact[$1_offsite_vanished]:-}" ]]; then
    report critical "off-site files" "GONE from there: ${fact[$1_offsite_vanished]}; change the credential, look at the log and the versions of the bucket, then remove offsite/vanished on the backup volume, which names them"
  fi
  if [[ -z "${copied}" ]]; then
    report warning "off-site copy" "there is no complete one yet"
  elif ((copied - clock > 3600)); then
    report warning "off-site copy" "its time is $(((copied - clock) / 3600)) h in the future: the clock was or is wrong. Correct it; the next complete copy has the right one"
  else
    report_limit "off-site copy" "$(((clock - copied) / 60))" "${OFFSITE_MAX_AGE_MINUTES}" " min"
  fi
}
