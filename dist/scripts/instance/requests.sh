# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What people and scripts ask of a running instance: promotion, a start after a stop, a clean restart. Sourced by instance.sh.

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
  if [[ -e "${RUNTIME_DIRECTORY}/rebuild_request" ]]; then
    rm -rf -- "${RUNTIME_DIRECTORY}/rebuild_request"
    rebuild
    return
  fi
  if [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" || "${promotion_due}" == yes ]]; then handle_promotion; fi
}

# A new copy of the peer: the marker of a rejoin whose pg_rewind has failed asks for just that.
rebuild() {
  if [[ "${role}" == primary || "${peer_state}" != primary ]]; then
    log_warn "a rebuild was requested, but ${PEER_NAME} is not seen as primary: ignored"
    return
  fi
  log_info "rebuild requested: copying ${PEER_NAME} anew"
  write_durably "${STATE_DIRECTORY}/rebuild" "requested"
  copy_anew "rebuild requested"
}

# Usage: copy_anew REASON
copy_anew() {
  stop_postgres
  write_durably "${STATE_DIRECTORY}/rejoin" "$1"
  write_durably "${STATE_DIRECTORY}/rewind-began" "${EPOCHSECONDS}"
  start_in_role
}

drop_trigger() {
  rm -rf -- "${RUNTIME_DIRECTORY}/promote_trigger"
  promotion_asked=0 promotion_due=
}

# Pending while the peer says that it is primary: right after it was scaled to 0 it still does for a moment.
handle_promotion() {
  if [[ "${role}" == primary ]]; then
    log_warn "promotion requested, but this instance is primary already: ignored"
    drop_trigger
    return
  fi
  if ((promotion_asked == 0)); then
    log_info "promotion requested"
    promotion_asked=${EPOCHSECONDS}
    # A question that is under way is young enough, and so is one that was just in vain: a lost peer takes its whole deadline.
    if [[ "${peer_state}" == unknown ]] && ((EPOCHSECONDS - peer_seen <= 2)); then
      promotion_answer=${peer_answered}
    else
      if [[ -z "${probe_running}" ]] || ((EPOCHSECONDS - probe_running > 4)); then ask_peer; fi
      promotion_answer=${peer_asked}
    fi
  fi
  if [[ "$(cat -- "${RUNTIME_DIRECTORY}/promote_trigger" 2>/dev/null || true)" == force ]]; then
    log_warn "promotion is forced: ${PEER_NAME} is not asked"
  elif [[ -n "${PEER_HOST}" ]]; then
    ((peer_answered >= promotion_answer)) || return 0
    if [[ "${peer_state}" == primary ]]; then
      refuse_after_a_while
      return
    fi
    wait_for_last_wal || return 0
  fi
  promote
}

refuse_after_a_while() {
  if ((EPOCHSECONDS - promotion_asked < PROMOTE_PENDING_SECONDS)); then
    if every promotion_pending 10; then log_info "promotion pending: ${PEER_NAME} is still primary"; fi
    return
  fi
  log_error "promotion refused: ${PEER_NAME} has been primary for ${PROMOTE_PENDING_SECONDS} s since the request. Stop it first (kubectl scale statefulset ${PEER_NAME} --replicas=0), or write the word force into the trigger file"
  drop_trigger
}

# A primary that shuts down cleanly sends its last WAL first; the link is down when that is done. A link that died silently
# is not waited for.
wait_for_last_wal() {
  local streaming
  streaming=$(local_sql <<<"SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')") || return 1
  [[ "${streaming}" == t ]] && ((EPOCHSECONDS - promotion_asked < 3)) && return 1
  return 0
}

promote() {
  local paused receiver
  log_info "promoting"
  IFS='|' read -r paused receiver < <(local_sql <<<'SELECT pg_is_wal_replay_paused(), (SELECT pid FROM pg_stat_wal_receiver)') || true
  [[ "${paused:-}" != t ]] || log_warn "replay is paused: the promotion ends the pause and replays what was received"
  [[ -z "${receiver:-}" ]] || kill -CONT "${receiver}" 2>/dev/null || true # PostgreSQL waits for its end, so it must not be frozen
  note_role primary
  if run_watched promote_now; then
    drop_trigger
    become_primary
    log_info "promoted: timeline $(local_sql <<<"SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)")"
    ensure_peer_slot
    (local_sql <<<CHECKPOINT) & # the control file names the new timeline early
    return
  fi
  log_warn "promotion did not end in time; it goes on, or is tried again"
}

promote_now() {
  local promoted
  promoted=$(psql -XAtqw -v ON_ERROR_STOP=1 -h "${SOCKET_DIRECTORY}" -p "${PGPORT}" -U postgres -d postgres -c 'SELECT pg_promote(true, 60)')
  [[ "${promoted}" == t ]]
}
