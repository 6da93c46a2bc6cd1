# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# What a member's sessions and its container do. Sourced by health-check.sh.

# The backups' transactions are meant to be long, and are not among these. Usage: check_load NUMBER
check_load() {
  local name=${fact[$1_instance]} seconds pid who
  if [[ -n "${fact[$1_cpu_percent]:-}" ]]; then report_limit "${name} CPU" "$((10#${fact[$1_cpu_percent]}))" "${CPU_MAX_PERCENT}" " %"; fi
  if [[ -n "${fact[$1_memory_percent]:-}" ]]; then report_limit "${name} memory" "$((10#${fact[$1_memory_percent]}))" "${MEMORY_MAX_PERCENT}" " %"; fi
  check_cache "$1"
  read -r seconds pid who <<<"${fact[$1_long_transaction]}"
  report_above "${name} transactions" "$((seconds / 60))" "${TRANSACTION_MAX_MINUTES}" " min" "the longest runs" "by ${who}, process ${pid}: SELECT pg_terminate_backend(${pid}) ends it"
  read -r seconds pid who <<<"${fact[$1_idle_transaction]}"
  report_above "${name} idle in transaction" "$((seconds / 60))" "${IDLE_IN_TRANSACTION_MAX_MINUTES}" " min" "the longest waits" "by ${who}, process ${pid}: it holds locks and keeps VACUUM from its work; SELECT pg_terminate_backend(${pid}) ends it"
  read -r seconds pid who <<<"${fact[$1_lock_wait]}"
  report_above "${name} locks" "${seconds}" "${LOCK_WAIT_MAX_SECONDS}" " s" "the longest waits" "process ${pid}, for process ${who}: SELECT pg_terminate_backend(${who}) ends the one that holds it"
  read -r seconds pid who <<<"${fact[$1_idle_sessions]}"
  report_above "${name} idle sessions" "$((seconds * 100 / fact[$1_max_connections]))" "${IDLE_SESSIONS_MAX_PERCENT}" " %" "one client keeps idle" "${seconds} sessions of ${who} from ${pid}, of max_connections; does it leak connections?"
}

# Reads of a server that has hardly read anything say nothing. Usage: check_cache NUMBER
check_cache() {
  local name=${fact[$1_instance]} hit=${fact[$1_blocks_hit]} read=${fact[$1_blocks_read]} percent level=ok
  if ((hit + read < CACHE_HIT_MIN_BLOCKS)); then
    report ok "${name} cache hit ratio" "not judged: $((hit + read)) blocks read since the statistics began, judged from ${CACHE_HIT_MIN_BLOCKS}"
    return
  fi
  percent=$((hit / ((hit + read) / 100)))
  ((percent >= CACHE_HIT_MIN_PERCENT)) || level=warning
  report "${level}" "${name} cache hit ratio" "${percent} %, warns below ${CACHE_HIT_MIN_PERCENT} %"
}

# What happens on the primary concerns all members. Usage: check_primary
check_primary() {
  local age=${fact[${primary}_transaction_age]}
  report_limit "transaction ids" "${age}" "${TRANSACTION_ID_MAX_AGE}" " transactions" 1500000000
  check_tables dead_rows "dead rows" "${DEAD_ROWS_MAX_PERCENT}" "rows: VACUUM it, and see what keeps autovacuum from it"
  check_tables bloat "bloat" "${BLOAT_MAX_PERCENT}" "bytes, estimated: VACUUM FULL or pg_repack gives them back"
}

# The worst table of the application, where its supervisor has looked. Usage: check_tables FACT CHECK LIMIT REMEDY
check_tables() {
  local amount percent table
  [[ -n "${fact[${primary}_$1]:-}" ]] || return 0
  read -r amount percent table <<<"${fact[${primary}_$1]}"
  report_above "$2" "$((10#${percent}))" "$3" " %" "${table} has" "${amount} $4"
}

# Usage: report_above CHECK VALUE LIMIT UNIT WHAT SAID; what is said only where the limit is reached
report_above() {
  if (($2 >= $3)); then
    report warning "$1" "$5 $2$4, warns from $3$4: $6"
  else
    report ok "$1" "$2$4, warns from $3$4"
  fi
}
