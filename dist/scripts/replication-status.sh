#!/usr/bin/env bash
# Shows the members, who streams from whom, how far behind, and the slots that keep WAL for them.
# Usage: replication-status.sh [--format text|json]
#
# Environment: MEMBER_HOSTS, PGPORT (5432)   the members; lists, as libpq takes them
#              SECRET_DIRECTORY              holds monitor-password
#              POSTGRES_MAJOR (17)           of the programs here
#              PASSFILE_DIRECTORY (/tmp)      for the passfile
# Examples:
#   kubectl exec -n airflow postgresql-primary-0 -- /scripts/replication-status.sh
#   replication-status.sh --format json
# Exit status: 0 every standby streams, 1 one does not, 2 no primary answers, 64 bad usage or environment
# shellcheck disable=SC2031,SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/health/status.sh"
source "${script_dir}/health/answer.sh"
source "${script_dir}/health/reading.sh"

# Usage: rate NUMBER; sets state, sync, lag, and the exit status
rate() {
  state=- sync=- lag=-
  [[ -z "${failure[$1]:-}" ]] || { state="no answer" status=$((status > 1 ? status : 1)) && return; }
  [[ "${fact[$1_role]}" == standby ]] || return 0
  if [[ -n "${primary}" ]]; then find_sender "${primary}" "${fact[$1_instance]}"; else sender_state=''; fi
  state="not streaming"
  if [[ -n "${sender_state}" ]]; then state=${sender_state} sync=${sender_sync} lag=${sender_bytes}; fi
  [[ "${state}" == streaming ]] || status=$((status > 1 ? status : 1))
}

print_status_text() {
  local i name active wal retained
  printf '%-24s %-8s %-8s %-14s %-14s %-6s %s\n' member role timeline lsn state sync lag_bytes
  for i in "${!hosts[@]}"; do
    rate "${i}"
    printf '%-24s %-8s %-8s %-14s %-14s %-6s %s\n' "${fact[${i}_instance]}" "${fact[${i}_role]:--}" "${fact[${i}_timeline]:--}" "${fact[${i}_lsn]:--}" "${state}" "${sync}" "${lag}"
    [[ -z "${failure[${i}]:-}" ]] || printf '  %s\n' "${failure[${i}]}"
  done
  [[ -n "${primary}" && -n "${fact[${primary}_slots]:-}" ]] || return 0
  printf '\n%-24s %-8s %-8s %s\n' slot active wal behind_bytes
  while read -r name active wal retained; do
    [[ -z "${name}" ]] || printf '%-24s %-8s %-8s %s\n' "${name}" "${active}" "${wal}" "${retained}"
  done <<<"${fact[${primary}_slots]}"
}

print_status_json() {
  local i separator='' name active wal retained
  printf '{"members": ['
  for i in "${!hosts[@]}"; do
    rate "${i}"
    printf '%s\n  {"member": %s, "role": %s, "timeline": %s, "lsn": %s, "state": %s, "sync": %s, "lagBytes": %s}' "${separator}" \
      "$(json_string "${fact[${i}_instance]}")" "$(json_string "${fact[${i}_role]:-}")" "${fact[${i}_timeline]:-null}" \
      "$(json_string "${fact[${i}_lsn]:-}")" "$(json_string "${state}")" "$(json_string "${sync}")" "${lag/#-/null}"
    separator=,
  done
  printf '\n], "slots": ['
  separator=''
  while read -r name active wal retained; do
    [[ -n "${name}" ]] || continue
    printf '%s\n  {"slot": %s, "active": %s, "walStatus": %s, "behindBytes": %s}' "${separator}" "$(json_string "${name}")" \
      "$([[ "${active}" == active ]] && echo true || echo false)" "$(json_string "${wal}")" "${retained}"
    separator=,
  done <<<"$([[ -z "${primary}" ]] || printf '%s' "${fact[${primary}_slots]:-}")"
  printf '\n]}\n'
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  local i
  parse_format "usage: replication-status.sh [--format text|json]" "$@"
  require_env MEMBER_HOSTS SECRET_DIRECTORY
  hosts=() ports=() primary='' status=0
  require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" monitor
  read_members
  read_all_members
  for i in "${!hosts[@]}"; do
    if [[ "${fact[${i}_role]:-}" == primary ]]; then primary=${i}; fi
  done
  [[ -n "${primary}" ]] || status=2
  "print_status_${format}"
  exit "${status}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
