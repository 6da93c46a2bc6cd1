# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# The chance of a former primary that is lost together with its standby. A lock that was given back is free for whoever starts first,
# and the standby may lack the last rows. So a member that was a standby starts Patroni as soon as another member is primary, or when
# the former primary has had its time. A member that runs is never held up. Sourced by patroni.sh.

# At each start of Patroni.
await_former_primary() {
  local seconds end found="${RUNTIME_DIRECTORY}/patroni.primary"
  seconds=$(shared_setting primary_return_timeout)
  [[ "$(last_role)" == standby && -z "${told_to_begin}" ]] && has_data || return 0
  # With synchronous replication Patroni knows who has every acknowledged row.
  is_fact "${fact_number}" "${seconds}" && ((seconds > 0)) && [[ "$(shared_setting synchronous_mode)" != @(true|quorum) ]] || return 0
  end=$((now + seconds))
  while :; do
    rm -f -- "${found}"
    run_watched find_primary "${found}"
    if [[ -s "${found}" ]]; then
      break
    elif [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" ]]; then
      log_warn "told to go on: the former primary is waited for no longer"
      break
    elif ((now >= end)); then
      log_warn "the former primary did not come back within ${seconds} s: what it has alone is missing here"
      break
    fi
    ! every primary_return 10 || log_info "no member is primary, and this was a standby: waiting $((end - now)) s for the former primary, which may have newer rows (patroni.primaryReturnTimeout). To go on without it: touch ${RUNTIME_DIRECTORY}/promote_trigger in this container"
    pause 1
  done
  rm -f -- "${found}"
}

# Usage: find_primary FILE; it names the member whose Patroni says so
find_primary() {
  local host
  for host in $(other_members); do
    { [[ "$(ask_member "${host}" 2)" != running/primary/* ]] || printf '%s\n' "${host}" >"$1"; } &
  done
  wait
}
