# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# A new, empty database, when the passwords of its roles are there. Sourced by the supervisors after lib/install.sh.

# The Secret may come later than the pods: GitOps applies both, a person or the deploy script fills the keys.
wait_for_passwords() {
  await_passwords "${ROLES[@]}"
  write_own_passfile
}

# A new, empty cluster with its roles and database.
initialise() {
  make_cluster
  install_cluster
}

make_cluster() {
  local folder="${PGDATA}.initialising" wal
  set_role initialising
  { drop_leftovers && wal=$(new_wal_folder); } || die 1 "no new cluster can be made in ${PGDATA}: are its volumes full or read-only?$(full_volumes)"
  log_info "initialising a new cluster in ${PGDATA}"
  run_watched initdb -D "${folder}" -X "${wal}" "${initdb_options[@]}" \
    --auth-local=peer --auth-host=scram-sha-256 >/dev/null || die 1 "initdb failed$(full_volumes)"
  { write_configuration "${folder}" && run_watched fill_new_cluster "${folder}"; } || die 1 "the new cluster could not be filled; nothing was kept$(full_volumes)"
}

install_cluster() {
  { note_role primary && install_data "${PGDATA}.initialising"; } || die 1 "the new cluster could not be put in place$(full_volumes)"
  data_made=yes
}

# Roles, database and schema, over a socket that nobody else knows.
fill_new_cluster() {
  local folder=$1 status=0
  "${bin_directory}/pg_ctl" start -s -w -t 120 -D "${folder}" -o "-c listen_addresses='' -c logging_collector=off" >&2 || return 1
  SQL_SECONDS=120
  { local_sql <"${script_dir}/sql/database.sql" && local_sql <"${script_dir}/sql/roles.sql" && local_sql <"${script_dir}/sql/owner.sql" && apply_credentials; } || status=1
  "${bin_directory}/pg_ctl" stop -s -w -m fast -D "${folder}" >&2 || status=1
  return "${status}"
}
