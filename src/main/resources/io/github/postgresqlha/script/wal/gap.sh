# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of wal/archive.sh; a step that fails is tried again by its caller)
# What the archive lacks: wal/chain-broken says from where to where, and on which timeline it begins. Sourced by wal/archive.sh.

# From one place to another the archive is not what the server wrote: whoever restores must know, until a base backup begins after it.
# Usage: mark_broken FROM TO REASON, with history
mark_broken() {
  local file="${archive}/chain-broken" from since begun_on
  local -A broken=()
  read_record "${file}" broken missing_from="${fact_lsn}" since="${fact_instant}" timeline="${fact_timeline}"
  from=${broken[missing_from]:-$(bytes_lsn "$1")}
  since=${broken[since]:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
  begun_on=${broken[timeline]:-}
  if [[ -z "${broken[missing_from]:-}" ]]; then begun_on=$(owner_at "$1"); fi
  write_durably "${file}" "MISSING_FROM=${from}"$'\n'"MISSING_TO=$(bytes_lsn "$2")"$'\n'"TIMELINE=${begun_on}"$'\n'"SINCE=${since}" || return 1
  log_error "WAL IS MISSING in the archive from ${from} to $(bytes_lsn "$2"): $3. No base backup before that can be restored to a later time; take a new one at once: kubectl create job --from=cronjob/NAME-base-backup"
}

# A recovery to a moment before the gap leads the server past it: nobody who follows the server needs what is missing, and the places of
# the gap are written anew on a timeline that is archived. Usage: forget_passed_gap, with history
forget_passed_gap() {
  local file="${archive}/chain-broken"
  local -A broken=()
  read_record "${file}" broken missing_from="${fact_lsn}" missing_to="${fact_lsn}" timeline="${fact_timeline}"
  [[ -n "${broken[missing_from]:-}" && -n "${broken[timeline]:-}" ]] || return 0
  [[ "$(owner_at "$(lsn_bytes "${broken[missing_from]}")")" != "${broken[timeline]}" ]] || return 0
  remove_durably "${file}" || return 1
  log_info "WAL is missing in the archive from ${broken[missing_from]} to ${broken[missing_to]:-unknown} of timeline ${broken[timeline]}, which the server left before that: the chain of what it writes is whole"
}
