# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# A copy of the peer, which takes the place of what is here only when it is complete. Sourced after lib/install.sh, never run.

# A copy of the peer, which must be primary. The slot is made first: it keeps the WAL that the copy needs, and tells the peer
# for good that a standby exists. A server that runs here goes on until the copy is complete.
clone() { install_alone copy_and_install "${peer_system}"; }

# Usage: copy_and_install SYSTEM, which the peer is to hold
copy_and_install() {
  local folder="${PGDATA}.cloning" wal system
  end_orphaned_copy "${folder}"
  { drop_leftovers && wal=$(new_wal_folder); } || {
    log_error "no copy of ${PEER_NAME} can be made: ${PGDATA%/*} or ${WAL_DIRECTORY} cannot be written (full or read-only?); what was here is untouched$(full_volumes)"
    return 1
  }
  is_peer_primary_of "$1" || {
    log_error "copying ${PEER_NAME} failed; what was here is untouched: it does not answer as a primary of database system $1"
    return 1
  }
  log_info "copying ${PEER_NAME}"
  { ensure_own_slot_at_peer && run_while_peer_answers without_install_lock pg_basebackup -d "$(peer_connection replicator replication) application_name=pg_basebackup" -D "${folder}" --waldir="${wal}" --slot="${REPLICATION_SLOT}" \
    --wal-method=stream --checkpoint=fast --no-password; } || {
    log_error "copying ${PEER_NAME} failed; what was here is untouched$(full_volumes)"
    give_copy_up
    return 1
  }
  system=$(control_value 'Database system identifier' "${folder}")
  { may_take_copy "$1" "${system}" && write_configuration "${folder}" && put_signal "${folder}/standby.signal" && note_peer; } || {
    log_error "the copy of ${PEER_NAME} is not taken; what was here is untouched$(full_volumes)"
    give_copy_up
    return 1
  }
  stop_for_copy || return 1
  { note_role standby && install_data "${folder}"; } || {
    log_error "the copy of ${PEER_NAME} could not take the place of what was here, which is kept$(full_volumes)"
    return 1
  }
  own_system=${system}
  forget_twin
  log_info "copy of ${PEER_NAME} complete"
}

# It takes the room of the server that goes on here.
give_copy_up() { run_watched drop_leftovers || true; }

# Usage: is_peer_primary_of SYSTEM
is_peer_primary_of() {
  local replication
  replication=$(peer_connection replicator replication)
  is_primary_of "$1" "${replication}"
}

# Data are replaced by those of a primary, not of one that has followed another meanwhile. Where there are none, a copy of one that has
# died since is better than nothing. Usage: may_take_copy SYSTEM COPIED_SYSTEM
may_take_copy() {
  if [[ "$2" != "$1" ]]; then
    log_error "the copy is of database system ${2:-unknown}, ${PEER_NAME} held $1"
  elif ! holds_anything "${PGDATA}" || is_peer_primary_of "$1"; then
    return
  else
    log_warn "${PEER_NAME} no longer answers as a primary of database system $1"
  fi
  return 1
}

# Usage: run_while_peer_answers COMMAND…
run_while_peer_answers() {
  local while_watched=end_silent_source
  run_watched "$@"
}

# A source that says nothing any more is not waited for: for a minute, or for ten seconds where a person asks for a promotion. One that refuses a
# former password, or a new one, is there: the copy's own connections are open, and go on.
end_silent_source() {
  local patience=60
  if every following 20; then follow_secret; fi
  watch_peer 2
  [[ "${peer_reason}" != *'password authentication failed'* ]] || last_seen=${now}
  if [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" ]]; then patience=10; fi
  [[ "${peer_state}" == unknown ]] && ((now - ${last_seen:-${now}} > patience)) || return 0
  log_warn "${PEER_NAME} has said nothing for ${patience} s${peer_reason}: ending the copy"
  kill "${watched_pid}" 2>/dev/null || true
}

stop_for_copy() {
  if [[ -n "${postmaster_pid}" ]] || running_postmaster >/dev/null; then stop_postgres; fi
}

ensure_own_slot_at_peer() {
  local replication slot
  replication="$(peer_connection replicator replication) replication=true"
  slot=$(timeout 5 psql -XAtqw "${replication}" -c "READ_REPLICATION_SLOT ${REPLICATION_SLOT}") || return 1
  if [[ "${slot}" == 'physical|'*/* ]]; then return; fi
  # A slot without a place was lost: its WAL is gone, and it cannot be used again.
  if [[ "${slot}" == physical* ]]; then timeout 5 psql -XAtqw "${replication}" -c "DROP_REPLICATION_SLOT ${REPLICATION_SLOT}" >/dev/null || return 1; fi
  timeout 5 psql -XAtqw "${replication}" -c "CREATE_REPLICATION_SLOT ${REPLICATION_SLOT} PHYSICAL RESERVE_WAL" >/dev/null
}

# The server here goes on reading until the copy is complete; attempts that fail are a while apart.
copy_beside() {
  every copying 10 || return 0
  log_warn "taking a new copy of ${PEER_NAME} beside the data here"
  if may_replace && clone; then
    start_in_recovery standby
  elif [[ -z "${postmaster_pid}" ]]; then
    has_data || die 1 "${PGDATA} is not in place: the next start sees to it"
    start_in_recovery undecided
  fi
}

# Another system's data replace those here only when a person asked for it, and those here are kept: nobody else has them. Usage: may_replace
may_replace() {
  if [[ "${peer_system}" == "${own_system}" ]]; then return; fi
  if [[ -e "${STATE_DIRECTORY}/rebuild" ]]; then
    keep_data "they are of database system ${own_system}, ${PEER_NAME} holds ${peer_system}" && return
    log_error "${STATE_DIRECTORY} cannot be written (full or read-only?): the data here could not be kept, so nothing is copied over"
  elif every foreign 60; then
    log_error "${PEER_NAME} holds another database system: ${peer_system}, here is ${own_system}; nothing is copied over. First see which of the two holds your rows. To take a copy of ${PEER_NAME} and keep what is here beside it: touch ${STATE_DIRECTORY}/rebuild"
  fi
  return 1
}
