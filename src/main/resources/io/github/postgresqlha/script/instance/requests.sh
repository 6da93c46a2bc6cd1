# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What people and scripts ask of a running instance: promotion, a new copy, a clean restart. Sourced by instance.sh.

handle_requests() {
  if [[ -e "${STATE_DIRECTORY}/request.promote" ]]; then
    rm -f -- "${STATE_DIRECTORY}/request.promote"
    : >>"${RUNTIME_DIRECTORY}/promote_trigger"
  fi
  if [[ -e "${STATE_DIRECTORY}/request.meet" ]]; then meet_caller; fi
  if [[ -e "${STATE_DIRECTORY}/request.restart" ]]; then
    rm -f -- "${STATE_DIRECTORY}/request.restart"
    log_info "restart requested: stopping, to decide the role again"
    stop_postgres
    start_in_role
    return
  fi
  if swap_requested; then
    take_restored
    return
  fi
  if [[ -e "${RUNTIME_DIRECTORY}/rebuild_request" ]]; then rebuild; fi
}

# A new copy of the peer, asked for by a person: also where the data here are those of another database. The request stays until
# the copy is there; a primary is never rebuilt.
rebuild() {
  if [[ "${role}" == primary || "${role}" == opening ]]; then
    rm -rf -- "${RUNTIME_DIRECTORY}/rebuild_request"
    log_warn "a rebuild was requested, but this instance is ${role}: ignored"
    return
  fi
  if [[ "${peer_state}" != primary ]] || ! peer_is_fresh; then
    if every rebuild_pending 30; then log_warn "a rebuild was requested: waiting until ${PEER_NAME} is seen as primary"; fi
    return
  fi
  every rebuilding 10 || return 0
  log_info "rebuild requested: copying ${PEER_NAME} anew"
  write_durably "${STATE_DIRECTORY}/rebuild" "requested" || {
    log_error "${STATE_DIRECTORY} cannot be written (full or read-only?): no rebuild"
    return
  }
  # A standby that streams holds the slot and the WAL sender that the copy needs.
  set_role cloning
  stop_for_copy
  keep_own_rows || return 0
  due_at_once copying
  copy_beside
  [[ -e "${STATE_DIRECTORY}/rebuild" ]] || rm -rf -- "${RUNTIME_DIRECTORY}/rebuild_request"
}

# What the peer never had is counted and reported, or the data that hold it are kept: of a former primary, and of whoever is ahead of a
# primary that was put back in time. Those of another database system are always kept, by may_replace.
keep_own_rows() {
  local timeline
  meet_peer 2 # nothing is received any more: of its own timeline it has all that it ever sent
  if [[ "${peer_state}" != primary ]]; then
    start_in_recovery undecided
    return 1
  fi
  [[ "${peer_system}" == "${own_system}" ]] || return 0
  timeline=$(control_timeline) || timeline=''
  if [[ -n "${twin:-}${twin_doubt:-}" || -z "${timeline}" ]]; then
    # Where the peer left its own timeline of that number says nothing of the one here.
    keep_data "what only this member has cannot be counted" && return
  elif ((timeline < peer_timeline)); then
    run_watched keep_abandoned_wal && return
    keep_data "what only this member has was not counted" && return
  elif ((timeline == peer_timeline)) && ends_beyond_peer; then
    log_error "timeline ${timeline} goes on beyond ${peer_lsn} here, where it ends at ${PEER_NAME}: that one was put back in time. What is here is kept"
    keep_data "timeline ${timeline} goes on here beyond ${peer_lsn}, where it ended at ${PEER_NAME}" && return
  else
    keep_uncounted && return
  fi
  log_error "${STATE_DIRECTORY} cannot be written (full or read-only?): no rebuild"
  start_in_recovery undecided
  return 1
}

# Whether more of the peer's timeline is here than the peer itself has.
ends_beyond_peer() {
  local key place
  if [[ "${own_timeline:-}" == "${peer_timeline}" ]] && is_fact "${fact_lsn}" "${own_lsn:-}" && is_beyond "${own_lsn}" "${peer_lsn}"; then return; fi
  for key in 'Minimum recovery ending location' 'Latest checkpoint location'; do
    place=$(control_value "${key}")
    if is_fact "${fact_lsn}" "${place}" && is_beyond "${place}" "${peer_lsn}"; then return; fi
  done
  return 1
}
