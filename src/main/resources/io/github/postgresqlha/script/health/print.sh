# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# The answer, for people and for programs. Sourced by health-check.sh.

# What is critical is so whatever else cannot be told.
verdict() {
  case ${worst} in
  0) printf 'healthy' ;;
  1) printf 'warning' ;;
  2) printf 'critical' ;;
  *) printf 'unknown' ;;
  esac
}

print_text() {
  local i width=0 not_ok=0
  for i in "${!checks[@]}"; do
    ((${#checks[i]} <= width)) || width=${#checks[i]}
    [[ "${levels[i]}" == ok ]] || not_ok=$((not_ok + 1))
  done
  for i in "${!checks[@]}"; do printf '%-8s  %-*s  %s\n' "${levels[i]}" "${width}" "${checks[i]}" "${details[i]}"; done
  printf '%s: %s checks, %s not ok\n' "$(verdict)" "${#checks[@]}" "${not_ok}"
}

# Usage: print_fields NUMBER NAME=KEY…; numbers that are known, null for those that are not
print_fields() {
  local pair value number=$1
  shift
  for pair in "$@"; do
    value=${fact[${number}_${pair#*=}]:-}
    is_fact "-?(${fact_number}|[0-9]{1,3})" "${value}" || value=''
    [[ -z "${value}" || "${value}" == -* ]] || value=$((10#${value}))
    printf ', "%s": %s' "${pair%%=*}" "${value:-null}"
  done
}

# Usage: print_member NUMBER
print_member() {
  local end=${ends[$1]:-}
  find_sender "${primary:-none}" "${fact[$1_instance]}"
  printf '{"member": %s, "answers": %s, "role": %s, "lsn": %s, "state": %s, "sync": %s, "lagBytes": %s' "$(json_string "${fact[$1_instance]}")" \
    "$([[ -n "${failure[$1]:-}" ]] && echo false || echo true)" "$(json_string "${fact[$1_role]:-}")" "$(json_string "${fact[$1_lsn]:-}")" \
    "$(json_string "${sender_state}")" "$(json_string "${sender_sync}")" "${sender_bytes:-null}"
  print_fields "$1" timeline=timeline lagSeconds=lag_seconds version=version connections=connections maxConnections=max_connections cpuPercent=cpu_percent \
    memoryPercent=memory_percent dataUsedPercent=data_used_percent walUsedPercent=wal_used_percent backupUsedPercent=backup_used_percent dataHoursLeft=data_hours_left walHoursLeft=wal_hours_left
  printf ', "certificateEnds": %s}' "$([[ -n "${end}" ]] && date -u -d "${end}" +%s || echo null)"
}

print_json() {
  local i separator='' holder=''
  printf '{"status": "%s", "clock": %s, "primary": %s, "members": [' "$(verdict)" "${EPOCHSECONDS}" "$(json_string "${primary:+${fact[${primary:-0}_instance]}}")"
  for i in "${!hosts[@]}"; do
    printf '%s\n  %s' "${separator}" "$(print_member "${i}")"
    separator=,
    [[ -n "${failure[${i}]:-}" || -z "${fact[${i}_backup_used_percent]:-}" ]] || holder=${i}
  done
  printf '\n], "backups": {"known": %s' "$([[ -n "${holder}" ]] && echo true || echo false)"
  print_fields "${holder:-none}" newestDump=newest_backup_epoch newestDumpBytes=newest_backup_bytes newestBase=newest_base_epoch lastProof=restore_test_good_epoch offsiteCopy=offsite_epoch
  printf '}, "checks": ['
  separator=''
  for i in "${!checks[@]}"; do
    printf '%s\n  {"check": %s, "status": "%s", "detail": %s}' "${separator}" "$(json_string "${checks[i]}")" "${levels[i]}" "$(json_string "${details[i]}")"
    separator=,
  done
  printf '\n]}\n'
}
