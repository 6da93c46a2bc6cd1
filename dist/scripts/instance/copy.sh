# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# Data from the peer: copied, or brought back onto the peer's timeline. Sourced after instance/data.sh, never run.

# A copy of the peer, which must be primary. The slot is made first: it keeps the WAL that the copy needs, and tells the peer
# for good that a standby exists.
clone() {
  local folder="${PGDATA}.cloning" wal
  set_role cloning
  end_orphaned_copy "${folder}"
  drop_leftovers
  wal=$(new_wal_folder)
  log_info "copying ${PEER_NAME}"
  { ensure_own_slot_at_peer && run_watched pg_basebackup -d "$(peer_connection replicator) application_name=pg_basebackup" -D "${folder}" --waldir="${wal}" --slot="${REPLICATION_SLOT}" \
    --wal-method=stream --checkpoint=fast --no-password; } || {
    log_error "copying ${PEER_NAME} failed; what was here is untouched"
    return 1
  }
  write_configuration "${folder}"
  : >"${folder}/standby.signal"
  note_peer
  write_durably "${STATE_DIRECTORY}/had-data" "$(control_value 'Database system identifier' "${folder}")"
  note_role standby
  install_data "${folder}"
  remove_durably "${STATE_DIRECTORY}/rejoin"
  remove_durably "${STATE_DIRECTORY}/rebuild"
  log_info "copy of ${PEER_NAME} complete"
}

ensure_own_slot_at_peer() {
  local replication slot
  replication="$(peer_connection replicator) replication=true"
  slot=$(timeout 5 psql -XAtqw "${replication}" -c "READ_REPLICATION_SLOT ${REPLICATION_SLOT}") || return 1
  if [[ "${slot}" == 'physical|'*/* ]]; then return; fi
  # A slot without a place was lost: its WAL is gone, and it cannot be used again.
  if [[ "${slot}" == physical* ]]; then timeout 5 psql -XAtqw "${replication}" -c "DROP_REPLICATION_SLOT ${REPLICATION_SLOT}" >/dev/null || return 1; fi
  timeout 5 psql -XAtqw "${replication}" -c "CREATE_REPLICATION_SLOT ${REPLICATION_SLOT} PHYSICAL RESERVE_WAL" >/dev/null
}

# Brings this stopped instance onto the peer's timeline. The marker outlives a kill at any moment: an interrupted pg_rewind may
# leave files that look startable and are not.
rejoin() {
  set_role rejoining
  write_durably "${STATE_DIRECTORY}/rejoin" "from timeline $(control_timeline)"
  remove_durably "${STATE_DIRECTORY}/primary-heartbeat"
  log_info "rejoining ${PEER_NAME}: timeline ${peer_timeline}, here timeline $(control_timeline)"
  if [[ ! -e "${STATE_DIRECTORY}/rewind-began" ]]; then
    # What could not be kept is not written over: a copy is made beside it.
    run_watched keep_abandoned_wal || write_durably "${STATE_DIRECTORY}/rewind-began" "not tried" || return 1
  fi
  if ((rejoin_attempts++ == 0)) && [[ ! -e "${STATE_DIRECTORY}/rewind-began" ]]; then
    write_durably "${STATE_DIRECTORY}/rewind-began" "${EPOCHSECONDS}"
    rm -f -- "${PGDATA}/standby.signal" # pg_rewind's own crash recovery refuses to run with it
    if run_watched pg_rewind --target-pgdata="${PGDATA}" --source-server="$(peer_connection rewinder)" --config-file="${PGDATA}/postgresql.conf"; then
      : >"${PGDATA}/standby.signal"
      write_configuration "${PGDATA}"
      run_watched sync
      note_role standby
      remove_durably "${STATE_DIRECTORY}/rewind-began"
      remove_durably "${STATE_DIRECTORY}/rejoin"
      return
    fi
    log_warn "pg_rewind cannot bring this instance back; copying ${PEER_NAME} instead"
  fi
  clone && remove_durably "${STATE_DIRECTORY}/rewind-began"
}
