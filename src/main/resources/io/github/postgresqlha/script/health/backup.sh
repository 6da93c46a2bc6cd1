# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# The checks of the backups and of the WAL archive. Sourced by health-check.sh.

# Whichever member mounts the backup volume knows what is on it.
check_backups() {
  local i holder=''
  if [[ -n "${WAL_ARCHIVER_SLOT:-}" && -n "${primary}" ]]; then check_stream; fi
  for i in "${!hosts[@]}"; do [[ -n "${failure[${i}]:-}" || -z "${fact[${i}_backup_used_percent]:-}" ]] || holder=${i}; done
  if [[ -z "${holder}" ]]; then
    report warning "newest backup" "unknown: no member that mounts the backup volume answers"
    return
  fi
  check_age "newest backup" "${fact[${holder}_newest_backup_epoch]:-}" "${BACKUP_MAX_AGE_HOURS}" "${fact[${holder}_clock]}"
  [[ -z "${BASE_BACKUP_MAX_AGE_HOURS:-}" ]] ||
    check_age "newest base backup" "${fact[${holder}_newest_base_epoch]:-}" "${BASE_BACKUP_MAX_AGE_HOURS}" "${fact[${holder}_clock]}"
  check_retention "${holder}"
  [[ -z "${WAL_ARCHIVER_SLOT:-}" ]] || check_archive "${holder}"
  [[ -z "${RESTORE_TEST_MAX_AGE_DAYS:-}" ]] || check_restore_test "${holder}"
  [[ -z "${OFFSITE_MAX_AGE_MINUTES:-}" ]] || check_offsite "${holder}"
}

# Usage: check_age CHECK EPOCH HOURS NOW
check_age() {
  if [[ -z "$2" ]]; then
    report warning "$1" "there is none yet"
  elif (($2 - $4 > 3600)); then
    report warning "$1" "its time is $((($2 - $4) / 3600)) h in the future: the clock was or is wrong. Correct it, take a new one, and remove the one with the wrong time"
  else
    report_limit "$1" "$((($4 - $2) / 3600))" "$3" " h"
  fi
}

# A recovery of hours is nothing to worry about. Usage: check_retention MEMBER
check_retention() {
  local since=${fact[$1_retention_since_epoch]:-}
  [[ -n "${since}" ]] || return 0
  if ((${fact[$1_clock]} - since > 86400 || since - ${fact[$1_clock]} > 3600)); then
    report warning "retention" "skipped since $(date -u -d "@${since}" +%Y-%m-%dT%H:%M:%SZ): a restore, a recovery or a restore test reads the backups, so nothing is removed and the volume fills. Look for one that hangs, and end it; the next backup removes what is old"
  fi
}

# What the primary has flushed and the archive does not have would be lost with the primary's and the standby's volumes.
check_stream() {
  find_sender "${primary}" wal_archiver
  if [[ "${sender_state}" == streaming ]]; then
    report_limit "WAL archive lag" "${sender_bytes}" "${REPLICATION_LAG_MAX_BYTES}" " bytes"
  else
    report warning "WAL archive lag" "unknown: the archiver is ${sender_state:-not connected to ${fact[${primary}_instance]}}"
  fi
}

# Usage: check_archive MEMBER
check_archive() {
  local state=${fact[$1_archiver_state]:-} detail
  if [[ -n "${fact[$1_chain_broken]:-}" ]]; then report critical "WAL archive" "WAL IS MISSING: ${fact[$1_chain_broken]}; take a base backup at once"; fi
  if [[ "${fact[$1_archiver_base_leads]:-}" == no ]]; then report critical "WAL archive" "no base backup leads to the timeline that serves: what is written now can be restored from dumps only; take a base backup at once"; fi
  detail="last complete segment ${fact[$1_archiver_segment]:-none yet}"
  case ${state} in
  streaming) report ok "WAL archiver" "${detail}" ;;
  refused | ahead | full | volume) report critical "WAL archiver" "stands still (${state}): the log of its Deployment says why; ${detail}" ;;
  *) report warning "WAL archiver" "${state:-has never run}; ${detail}" ;;
  esac
  if [[ -n "${state}" ]] && ((${fact[$1_clock]} - ${fact[$1_archiver_updated]:-0} > 120)); then report warning "WAL archiver's notes" "it has written none for two minutes"; fi
}
