# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The data directory: its generations, its configuration, and how initdb makes the first one. What is there is never removed
# before its replacement is complete. Sourced by the supervisors and by restores.

# Data directories are made under another name and renamed when complete, so PGDATA is there only when it is whole.
has_data() { [[ -s "${PGDATA}/PG_VERSION" ]]; }

# One WAL folder a generation of PGDATA, so that only PGDATA has to be renamed.
new_wal_folder() { printf '%s/wal-%s-%s\n' "${WAL_DIRECTORY}" "$(date -u +%Y%m%dT%H%M%SZ)" "$$"; }

# Drops what an interrupted attempt left, and WAL folders that no data directory uses. What a recovery kept is not a leftover.
drop_leftovers() {
  local folder used
  rm -rf -- "${PGDATA}.initialising" "${PGDATA}.cloning" "${PGDATA}.restoring"
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
      printf "primary_conninfo = '%s keepalives_idle=5 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000'\n" "$(peer_connection replicator replication)"
      printf "primary_slot_name = '%s'\n" "${REPLICATION_SLOT}"
      if [[ -n "${degraded}" ]]; then printf "synchronous_standby_names = ''\n"; fi
      if [[ -n "${gate:-}" ]]; then printf "synchronous_commit = on\nsynchronous_standby_names = 'nobody_before_this_member_is_open'\n"; fi
    fi
  } >"$1/postgresql.conf"
}

# In recovery a server refuses to start with less of these than its primary had, so a specification that lowers one takes effect
# when the instance opens read-write; the control file knows what is needed.
# Usage: keep_recovery_settings [FOLDER]; of PGDATA where none is named
keep_recovery_settings() {
  local name needed folder=${1:-${PGDATA}}
  while read -r name needed; do
    name=${name/xact/transaction}
    (($(postgres -D "${folder}" -C "${name}") < needed)) || continue
    printf '%s = %s # as the primary had it\n' "${name}" "${needed}" >>"${folder}/postgresql.conf"
    log_info "${name} stays ${needed} while in recovery, as the primary had it"
  done < <(LC_ALL=C pg_controldata -D "${folder}" | sed -n 's/^\(max_[a-z_]*\) setting: */\1 /p')
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
  run_watched rm -rf -- "${PGDATA}".before-[0-9]*
  drop_leftovers
}

# The Secret may come later than the pods: GitOps applies both, a person or the deploy script fills the keys.
wait_for_passwords() {
  await_passwords "${ROLES[@]}"
  write_own_passfile
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
  { local_sql <"${script_dir}/sql/database.sql" && local_sql <"${script_dir}/sql/roles.sql" && apply_credentials; } || status=1
  "${bin_directory}/pg_ctl" stop -s -w -m fast -D "${folder}" >&2 || status=1
  return "${status}"
}
