# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# The checks of the members and of replication, on what health/reading.sh has read. Sourced by health-check.sh.

check_members() {
  local i answered=0
  for i in "${!hosts[@]}"; do
    check_reachable "${i}" && answered=$((answered + 1))
  done
  check_one_primary "${answered}"
  if [[ -n "${primary}" ]]; then
    for i in "${!hosts[@]}"; do [[ "${i}" == "${primary}" ]] || check_standby "${i}"; done
    check_slots
    check_durability
    check_primary
  fi
  for i in "${!hosts[@]}"; do [[ -n "${failure[${i}]:-}" ]] || check_instance "${i}"; done
  if [[ -n "${CERTIFICATE_MIN_DAYS:-}" ]]; then for i in "${!hosts[@]}"; do check_certificate "${i}"; done; fi
  if [[ -n "${BACKUP_MAX_AGE_HOURS:-}" ]]; then check_backups; fi
}

check_reachable() {
  local name=${fact[$1_instance]}
  if [[ -z "${failure[$1]:-}" ]]; then
    report ok "${name} answers" "${fact[$1_role]}, timeline ${fact[$1_timeline]}, ${fact[$1_lsn]}"
  else
    check_silence "$1"
    return 1
  fi
}

# Two that accept writes is the worst that can be; so is none. Usage: check_one_primary ANSWERED
check_one_primary() {
  local i found=()
  for i in "${!hosts[@]}"; do [[ "${fact[${i}_role]:-}" != primary ]] || found+=("${i}"); done
  case ${#found[@]} in
  1)
    primary=${found[0]}
    report ok "one primary" "${fact[${primary}_instance]}"
    ;;
  0) if cannot_tell "$1"; then
    report unknown "one primary" "nobody let this check in: see to the key monitor-password and to the certificates; whether the database serves is not known"
  else
    report critical "one primary" "none: no member accepts writes; $1 of ${#hosts[@]} answer"
  fi ;;
  *) report critical "one primary" "SPLIT BRAIN: ${#found[@]} members accept writes; stop at once, in its namespace: $(older_timelines "${found[@]}"); then end its wait for a standby: kubectl exec POD -- kill -TERM 1" ;;
  esac
}

# Every member refused the check itself, which says nothing of the database. Usage: cannot_tell ANSWERED
cannot_tell() {
  local i
  (($1 == 0)) || return 1
  for i in "${!hosts[@]}"; do [[ "${failure[${i}]}" =~ authentication|certificate|no\ pg_hba\.conf\ entry ]] || return 1; done
}

# The commands that stop all but the one on the newest timeline, to which the others give way when they see it. Usage: older_timelines NUMBER…
older_timelines() {
  local i newest=$1 commands=''
  for i in "$@"; do if ((fact[${i}_timeline] > fact[${newest}_timeline])); then newest=${i}; fi; done
  for i in "$@"; do [[ "${i}" == "${newest}" ]] || commands+="${commands:+; }kubectl scale statefulset ${fact[${i}_instance]} --replicas=0"; done
  printf '%s\n' "${commands}"
}

# Usage: check_standby NUMBER
check_standby() {
  local name=${fact[$1_instance]}
  [[ -z "${failure[$1]:-}" ]] || return 0
  if [[ "${fact[$1_system]}" != "${fact[${primary}_system]}" ]]; then
    report critical "${name} follows" "no: it holds another database system; first see which of the two holds your rows"
    return
  fi
  if [[ "${fact[$1_timeline]}" != "${fact[${primary}_timeline]}" ]]; then
    report warning "${name} follows" "timeline ${fact[$1_timeline]}, the primary is on ${fact[${primary}_timeline]}"
  fi
  find_sender "${primary}" "${name}"
  if [[ "${sender_state}" != streaming ]]; then
    report warning "${name} streams" "no: ${sender_state:-not connected to ${fact[${primary}_instance]}}"
    return
  fi
  report ok "${name} streams" "from ${fact[${primary}_instance]}"
  if [[ "${fact[$1_replay_paused]}" == yes ]]; then report warning "${name} replays" "replay is paused: SELECT pg_wal_replay_resume()"; fi
  if ((fact[$1_apply_delay] > 0)); then
    report ok "${name} lag" "applies what it receives ${fact[$1_apply_delay]} s late, as specified"
    return
  fi
  report_limit "${name} lag" "${sender_bytes}" "${REPLICATION_LAG_MAX_BYTES}" " bytes"
  check_lag_in_time "$1"
}

# Where commits wait for a standby, one must be there.
check_durability() {
  if [[ "${fact[${primary}_durability]:-}" == degraded ]]; then
    report warning "synchronous replication" "DEGRADED: commits do not wait for a standby and can be lost"
  elif [[ "${fact[${primary}_synchronous]}" == yes ]]; then
    if [[ "${fact[${primary}_senders]:-}" =~ \ (sync|quorum)\  ]]; then
      report ok "synchronous replication" "a standby confirms each commit"
    else
      report critical "synchronous replication" "no standby confirms: commits wait"
    fi
  fi
}

# Slots on the primary: who reads its WAL, and whether it is still there for them.
check_slots() {
  local name state wal retained i wanted=() seen=' '
  while read -r name state wal retained; do
    [[ -n "${name}" ]] || continue
    seen+="${name} "
    case ${wal}/${state} in
    lost/*) report critical "slot ${name}" "lost: its reader fell behind max_slot_wal_keep_size and must start anew" ;;
    unreserved/*) report warning "slot ${name}" "unreserved: its WAL goes at the next checkpoint, ${retained} bytes behind" ;;
    */inactive) report warning "slot ${name}" "nobody reads it; it keeps ${retained} bytes of WAL" ;;
    *) report ok "slot ${name}" "active, ${retained} bytes behind" ;;
    esac
  done <<<"${fact[${primary}_slots]:-}"
  [[ -z "${WAL_ARCHIVER_SLOT:-}" ]] || wanted+=("${WAL_ARCHIVER_SLOT}")
  for i in "${!hosts[@]}"; do [[ "${i}" == "${primary}" ]] || wanted+=("${fact[${i}_instance]//-/_}"); done
  for name in "${wanted[@]}"; do
    [[ "${seen}" == *" ${name} "* || "${seen}" == *" ${name}_0 "* ]] || report warning "slot ${name}" "missing on ${fact[${primary}_instance]}"
  done
}
