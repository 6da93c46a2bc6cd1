# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# The checks themselves, on what health/status.sh has read. Sourced by health-check.sh.

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
    report warning "${name} answers" "no: ${failure[$1]}"
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
  0) report critical "one primary" "none: no member accepts writes; $1 of ${#hosts[@]} answer" ;;
  *) report critical "one primary" "SPLIT BRAIN: ${#found[@]} members accept writes; stop at once, in its namespace: $(older_timelines "${found[@]}"); then end its wait for a standby: kubectl exec POD -- kill -TERM 1" ;;
  esac
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
  # An idle primary makes the age of the last transaction grow: it says something only while there is WAL to replay.
  if ((sender_bytes == 0)); then fact[$1_replay_age]=0; fi
  report_limit "${name} lag in time" "${fact[$1_replay_age]}" "${REPLICATION_LAG_MAX_SECONDS}" " s"
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

# Usage: check_instance NUMBER
check_instance() {
  local name=${fact[$1_instance]} volume
  report_limit "${name} connections" "$((fact[$1_connections] * 100 / fact[$1_max_connections]))" "${CONNECTIONS_MAX_PERCENT}" " %"
  for volume in data wal backup; do
    [[ -z "${fact[$1_${volume}_used_percent]:-}" ]] || report_limit "${name} ${volume} volume" "$((10#${fact[$1_${volume}_used_percent]}))" "${DISK_MAX_PERCENT}" " %" 95
  done
  if ((fact[$1_checksum_failures] > 0)); then report critical "${name} checksums" "${fact[$1_checksum_failures]} pages failed: restore or rebuild this member"; fi
  check_minor "$1"
  if ((fact[$1_pending_restart] > 0)); then report warning "${name} configuration" "${fact[$1_pending_restart]} parameters wait for a restart: kubectl rollout restart statefulset/${name}"; fi
  if ((${fact[$1_abandoned]:-0} > 0)); then report warning "${name} abandoned rows" "${fact[$1_abandoned]} folders abandoned-* on its WAL volume, or beside its data, hold transactions that were lost in a failover, or what could not be counted; remove them when you have looked"; fi
  check_notes "$1"
}

# A node keeps the image that it fetched once for a tag: so a minor release can be old for years. Usage: check_minor NUMBER
check_minor() {
  local name=${fact[$1_instance]} major=$((fact[$1_version] / 10000)) minor=$((fact[$1_version] % 10000))
  [[ -n "${MINIMUM_MINOR:-}" ]] || return 0
  if ((minor < MINIMUM_MINOR)); then
    report warning "${name} release" "${major}.${minor} is older than ${major}.${MINIMUM_MINOR}: name a newer image in the specification, best by its digest"
  else
    report ok "${name} release" "${major}.${minor}, warns below ${major}.${MINIMUM_MINOR}"
  fi
}

# What the supervisor says of its volumes: a figure that is missing or old would hide the alarm that it is for. Usage: check_notes NUMBER
check_notes() {
  local name=${fact[$1_instance]} key missing='' age
  for key in updated data_used_percent wal_used_percent abandoned; do [[ -n "${fact[$1_${key}]:-}" ]] || missing+=" ${key}"; done
  if [[ -n "${fact[$1_refused]:-}" ]]; then report critical "${name} figures" "not understood: ${fact[$1_refused]# }; look at its state/instance.state and at the backup volume"; fi
  if [[ -n "${missing}" ]]; then
    report critical "${name} supervisor" "its notes lack:${missing}. Is the data volume full or read-only? See the container log"
    return
  fi
  age=$((fact[$1_clock] - fact[$1_updated]))
  if ((age > 60 || age < -60)); then report critical "${name} supervisor" "its notes, and so the figures of its volumes, are ${age} s old. Is the data volume full or read-only? See the container log"; fi
}
