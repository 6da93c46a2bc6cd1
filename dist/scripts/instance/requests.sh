# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What people and scripts ask of a running instance: promotion, a new copy, a clean restart. Sourced by instance.sh.

handle_requests() {
  if [[ -e "${STATE_DIRECTORY}/request.promote" ]]; then
    rm -f -- "${STATE_DIRECTORY}/request.promote"
    : >>"${RUNTIME_DIRECTORY}/promote_trigger"
  fi
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

# Who was primary may have rows that the peer never had: they are counted and reported, or the data that hold them are kept. Those of
# another database system are always kept, by may_replace.
keep_own_rows() {
  [[ "$(last_role)" == primary && "${peer_system}" == "${own_system}" ]] || return 0
  if (($(control_timeline) < peer_timeline)) && run_watched keep_abandoned_wal; then return; fi
  keep_uncounted && return
  log_error "${STATE_DIRECTORY} cannot be written (full or read-only?): no rebuild"
  start_in_recovery undecided
  return 1
}
