# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The data directory: made by initdb, copied from the peer, or brought back onto the peer's timeline. What is there is never
# removed before its replacement is complete. Sourced by instance.sh.

# Data directories are made under another name and renamed when complete, so PGDATA is there only when it is whole.
has_data() { [[ -s "${PGDATA}/PG_VERSION" ]]; }

# One WAL folder a generation of PGDATA, so that only PGDATA has to be renamed.
new_wal_folder() { printf '%s/wal-%s-%s\n' "${WAL_DIRECTORY}" "$(date -u +%Y%m%dT%H%M%SZ)" "$$"; }

# Drops what an interrupted attempt left, and WAL folders that no data directory uses.
drop_leftovers() {
  local folder used
  rm -rf -- "${PGDATA}.initialising" "${PGDATA}.cloning"
  used=$(readlink -- "${PGDATA}/pg_wal" "${PGDATA}".before-*/pg_wal 2>/dev/null || true)
  for folder in "${WAL_DIRECTORY}"/wal-*; do
    [[ -d "${folder}" ]] || continue
    grep -qxF -- "${folder}" <<<"${used}" || rm -rf -- "${folder}"
  done
}

# A pg_basebackup that is killed leaves its second process, which receives WAL for ever: it keeps the slot, and one of the primary's
# senders that the next copy needs. Usage: end_orphaned_copy FOLDER, the one that it copies to
end_orphaned_copy() {
  local process
  for process in /proc/[0-9]*; do
    [[ "$(cat -- "${process}/comm" 2>/dev/null)" == pg_basebackup ]] || continue
    tr '\0' '\n' <"${process}/cmdline" 2>/dev/null | grep -qxF -- "$1" || continue
    log_warn "an earlier copy was killed; ending what it left: process ${process#/proc/}"
    kill -KILL "${process#/proc/}" || true
  done
}

# PGDATA's own configuration, so that a pg_ctl by its full path starts the same server as the supervisor does.
write_configuration() {
  {
    printf "# Written by instance.sh at every start: change the specification instead.\n"
    printf "include '%s/postgresql.conf'\n" "${CONFIG_DIRECTORY}"
    printf "hba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n" "${CONFIG_DIRECTORY}" "${CONFIG_DIRECTORY}"
    printf "unix_socket_directories = '%s'\nport = %s\ncluster_name = '%s'\n" "${SOCKET_DIRECTORY}" "${PGPORT}" "${INSTANCE_NAME}"
    if [[ -n "${PEER_HOST}" ]]; then
      printf "primary_conninfo = '%s keepalives_idle=5 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000'\n" "$(peer_connection replicator)"
      printf "primary_slot_name = '%s'\n" "${REPLICATION_SLOT}"
      if [[ -n "${degraded}" ]]; then printf "synchronous_standby_names = ''\n"; fi
    fi
  } >"$1/postgresql.conf"
}

# In recovery a server refuses to start with less of these than its primary had, so a specification that lowers one takes effect
# when the instance opens read-write; the control file knows what is needed.
keep_recovery_settings() {
  local name needed
  while read -r name needed; do
    name=${name/xact/transaction}
    (($(postgres -D "${PGDATA}" -C "${name}") < needed)) || continue
    printf '%s = %s # as the primary had it\n' "${name}" "${needed}" >>"${PGDATA}/postgresql.conf"
    log_info "${name} stays ${needed} while in recovery, as the primary had it"
  done < <(LC_ALL=C pg_controldata -D "${PGDATA}" | sed -n 's/^\(max_[a-z_]*\) setting: */\1 /p')
}

# The old data directory gets another name, and is kept until a new one is complete.
set_data_aside() {
  [[ ! -d "${PGDATA}" ]] || mv -- "${PGDATA}" "${PGDATA}.before-$(date -u +%Y%m%dT%H%M%SZ)"
}

# The new data directory takes PGDATA's place. Usage: install_data FOLDER
install_data() {
  run_watched sync
  set_data_aside
  mv -- "$1" "${PGDATA}"
  sync -- "${PGDATA%/*}"
  run_watched rm -rf -- "${PGDATA}".before-*
  drop_leftovers
}

# The Secret may come later than the pods: GitOps applies both, a person or the deploy script fills the keys.
wait_for_passwords() {
  local missing
  while missing=$(missing_passwords "${ROLES[@]}") && [[ -n "${missing}" ]]; do
    if every missing_keys 30; then log_warn "${SECRET_DIRECTORY}: waiting for the keys ${missing% }; deploy-*.sh --secrets-only creates them"; fi
    tick
  done
  write_passfile "${passfile}" "${ROLES[@]}"
}

# A new, empty cluster with its roles and database.
initialise() {
  local folder="${PGDATA}.initialising" wal
  set_role initialising
  drop_leftovers
  wal=$(new_wal_folder)
  log_info "initialising a new cluster in ${PGDATA}"
  run_watched initdb -D "${folder}" -X "${wal}" -U postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 >/dev/null || die 1 "initdb failed"
  write_configuration "${folder}"
  run_watched fill_new_cluster "${folder}" || die 1 "the new cluster could not be filled; nothing was kept"
  note_role primary
  install_data "${folder}"
  note_data
}

# Only when the data are in place: a note without data means that data were lost, and forbids to initialise.
note_data() { write_durably "${STATE_DIRECTORY}/had-data" "$(control_value 'Database system identifier')"; }

# Roles, database and schema, over a socket that nobody else knows.
fill_new_cluster() {
  local folder=$1 status=0
  "${bin_directory}/pg_ctl" start -s -w -t 120 -D "${folder}" -o "-c listen_addresses='' -c logging_collector=off" >&2 || return 1
  SQL_SECONDS=120
  { local_sql <"${script_dir}/roles.sql" && apply_credentials; } || status=1
  "${bin_directory}/pg_ctl" stop -s -w -m fast -D "${folder}" >&2 || status=1
  return "${status}"
}

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
    run_watched keep_abandoned_wal || log_warn "what only this instance holds could not be counted"
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
