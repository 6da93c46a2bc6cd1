# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# A former primary comes back onto its successor's timeline: by pg_rewind, else by a copy. Until pg_rewind really writes the data
# here are whole, and a person can still open them. Sourced by instance.sh.

# Leaves PostgreSQL running in recovery.
rejoin_peer() {
  if [[ -e "${STATE_DIRECTORY}/rejoin" ]]; then
    copy_until_done
  elif ! every rejoining 10; then
    [[ -n "${postmaster_pid}" ]] || start_in_recovery undecided
    return 0
  elif [[ "${rewound_nothing}" == "${peer_timeline}" ]]; then
    [[ -n "${postmaster_pid}" ]] || start_in_recovery undecided
    log_warn "there was nothing to rewind here, and nothing is received all the same"
    if keep_uncounted; then copy_beside; fi
  else
    stop_for_copy
    set_role rejoining
    rewind_to_peer || true
    if [[ -e "${STATE_DIRECTORY}/rejoin" ]]; then
      copy_until_done
    elif [[ "${rewound}" == yes ]]; then
      start_in_recovery standby
    else
      start_in_recovery undecided
      copy_beside
    fi
  fi
}

# A directory that pg_rewind left half done must not start; only the peer can complete it.
copy_until_done() {
  set_role rejoining
  until [[ "${peer_state}" == primary ]] && may_replace && clone; do
    if every rejoin_wait 60; then log_error "${PGDATA} is incomplete until ${PEER_NAME} serves as primary; waiting"; fi
    pause 3
    if every following 20; then follow_secret; fi
    meet_peer 2
  done
  start_in_recovery standby
}

# What pg_rewind would do itself, but not where it only tries.
recover_from_crash() {
  is_shut_down || postgres --single -D "${PGDATA}" template1 </dev/null >/dev/null
}

# Whether all WAL here is from before the place where the peer's history left this timeline, as of a member that was put back in time.
# Then nothing is to be rewound, and what crash recovery writes at its end would be in the way of what the peer sends.
ends_before_fork() {
  local timeline fork redo end
  timeline=$(control_timeline) || return 1
  ((timeline < peer_timeline)) && [[ "$(control_value "Latest checkpoint's TimeLineID")" == "${timeline}" ]] || return 1
  fork=$(fork_point "${timeline}") || return 1
  redo=$(control_value "Latest checkpoint's REDO location")
  is_fact "${fact_lsn}" "${redo}" && end=$(end_of_wal "${timeline}" "${redo}") || return 1
  is_beyond "${fork}" "${end}"
}

# Recovery of rewound data begins where their label says. Without the WAL from there on the server would wait for ever, and take no
# connections meanwhile.
can_recover() {
  local segment
  segment=$(sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]\{24\}\))$/\1/p' "${PGDATA}/backup_label" 2>/dev/null) || true
  [[ -n "${segment}" && ! -s "${PGDATA}/pg_wal/${segment}" ]] || return 0
  [[ "$(peer_wal_fact "${segment}")" == gone ]] || return 0
  log_warn "what pg_rewind has left begins with ${segment}, which ${PEER_NAME} no longer has"
  return 1
}

# Usage: rewind_watched OPTION…
rewind_watched() {
  local status=0
  run_watched run_rewind "$@" || status=$?
  show_rewind
  return "${status}"
}

# It is tried without writing first. The marker outlives a kill at any moment: an interrupted pg_rewind may leave files that look
# startable and are not. One that failed and wrote nothing for certain, as where the peer died meanwhile, leaves no marker.
rewind_to_peer() {
  local options=(--target-pgdata="${PGDATA}" --source-server="$(peer_connection rewinder)" --config-file="${PGDATA}/postgresql.conf")
  rewound=
  remove_durably "${STATE_DIRECTORY}/primary-heartbeat" || return 1
  log_info "rejoining ${PEER_NAME}: timeline ${peer_timeline}, here timeline $(control_timeline)"
  # What could not be kept is not written over: a copy is made beside it.
  run_watched keep_abandoned_wal || return 1
  if run_watched ends_before_fork; then
    log_info "all WAL here is from before the beginning of that timeline: nothing is to be rewound"
    note_role standby && rewound=yes rewound_nothing=${peer_timeline}
    return
  fi
  rm -f -- "${PGDATA}/standby.signal" # crash recovery on its own refuses to run with it
  run_watched recover_from_crash || log_warn "crash recovery did not end; pg_rewind needs it"
  if ! run_watched pg_rewind --dry-run "${options[@]}"; then
    log_warn "pg_rewind cannot bring this instance back; nothing was written"
    return 1
  fi
  : >"${RUNTIME_DIRECTORY}/pg_rewind.said" && write_durably "${STATE_DIRECTORY}/rejoin" "from timeline $(control_timeline)" || return 1
  if rewind_watched "${options[@]}" && can_recover && put_signal "${PGDATA}/standby.signal" && write_configuration "${PGDATA}" && run_watched sync && note_role standby; then
    remove_durably "${STATE_DIRECTORY}/keep-data" && remove_durably "${STATE_DIRECTORY}/rejoin" && rewound=yes
    [[ -e "${PGDATA}/backup_label" ]] || rewound_nothing=${peer_timeline}
  elif rewind_wrote_nothing; then
    log_warn "pg_rewind ended before it wrote anything: what is here is whole"
    remove_durably "${STATE_DIRECTORY}/rejoin" || true
    return 1
  else
    log_warn "pg_rewind did not end; copying ${PEER_NAME} instead"
    return 1
  fi
}
