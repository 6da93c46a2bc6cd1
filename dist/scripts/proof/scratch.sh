# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore-test.sh; statuses of the checks are their answers)
# A PostgreSQL that lives as long as a restore test: on no network, in SCRATCH_DIRECTORY. Sourced by restore-test.sh, never run.

# Durable as the real ones are: the times that a test measures would flatter otherwise. No hot standby: that would ask for the
# limits of the server whose data this is. No subscription is served here: what its publisher has sent once, the real one never gets. Usage:
# write_scratch_configuration DATA
write_scratch_configuration() {
  local prepared
  prepared=$(LC_ALL=C pg_controldata -D "$1" | sed -n 's/^max_prepared_xacts setting: *//p')
  mkdir -p -- "${SCRATCH_DIRECTORY}/run"
  printf 'local all all peer map=scratch\n' >"${SCRATCH_DIRECTORY}/pg_hba.conf"
  printf "scratch $(id -un) %s\n" postgres "${reader}" "${DATABASE_OWNER}" >"${SCRATCH_DIRECTORY}/pg_ident.conf"
  cat >"${SCRATCH_DIRECTORY}/postgresql.conf" <<CONFIGURATION
listen_addresses = ''
unix_socket_directories = '${SCRATCH_DIRECTORY}/run'
hba_file = '${SCRATCH_DIRECTORY}/pg_hba.conf'
ident_file = '${SCRATCH_DIRECTORY}/pg_ident.conf'
hot_standby = off
archive_mode = off
max_logical_replication_workers = 0
autovacuum = off
dynamic_shared_memory_type = mmap
max_locks_per_transaction = 1024
max_prepared_transactions = ${prepared:-0}
max_wal_size = 1GB
huge_pages = off
log_timezone = UTC
timezone = UTC
lc_messages = C
restore_command = '"${script_dir}/wal/fetch.sh" "%f" "%p"'
recovery_target_timeline = latest
CONFIGURATION
}

# Usage: start_server DATA; where it does not, server_log has the reason
start_server() {
  # The pg_ctl that stands first on PATH asks the supervisor of an instance.
  server_programs=$(dirname -- "$(command -v postgres)")
  server_data=$1 server_log="${SCRATCH_DIRECTORY}/server.log"
  write_scratch_configuration "$1"
  : >"${server_log}"
  "${server_programs}/pg_ctl" start -s -w -t "${RESTORE_TEST_START_SECONDS:-14400}" -D "$1" -l "${server_log}" \
    -o "-c config_file=${SCRATCH_DIRECTORY}/postgresql.conf" >/dev/null 2>&1 || return 1
  # For pg_ctl a server that replays has started; connections it takes only at the end of recovery.
  local deadline=$((EPOCHSECONDS + ${RESTORE_TEST_START_SECONDS:-14400}))
  until pg_isready -q -h "${SCRATCH_DIRECTORY}/run" -p 5432; do
    "${server_programs}/pg_ctl" status -s -D "$1" >/dev/null && ((EPOCHSECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# The last thing that it was unhappy about; not what it tells those who ask whether it is ready.
server_complaint() { grep -E ' (FATAL|PANIC): ' -- "${server_log}" | grep -v 'FATAL: *the database system is ' | tail -n 1 | sed -E 's/^.* (FATAL|PANIC): +//' || true; }

# It leaves room for the next one.
drop_server() {
  [[ -n "${server_data:-}" ]] || return 0
  [[ ! -e "${server_data}/postmaster.pid" ]] || "${server_programs}/pg_ctl" stop -s -m immediate -D "${server_data}" >/dev/null 2>&1 || true
  rm -rf -- "${server_data}" "${SCRATCH_DIRECTORY}/tablespaces"
  server_data=
}

# Usage: on DATABASE ARGUMENTS…; as superuser, which never calls what the database holds
on() { in_scratch postgres "$@"; }

# Usage: in_scratch ROLE DATABASE ARGUMENTS…
in_scratch() { PGOPTIONS="${pinned_options}${encoding_option:-}" sql -h "${SCRATCH_DIRECTORY}/run" -p 5432 -U "$1" -d "$2" "${@:3}"; }

# A role that may read everything and change nothing, under a name that no restored database can know: what it reads runs functions of
# whoever wrote them, as functions of an index do. Usage: make_reader DATABASE
make_reader() {
  on postgres -v reader="${reader}" -v database="$1" <<'SQL'
CREATE ROLE :"reader" LOGIN BYPASSRLS IN ROLE pg_read_all_data;
GRANT CONNECT ON DATABASE :"database" TO :"reader";
SQL
}

# Rows that are there, as "ROWS TABLE" a line, of tables whose names come on stdin as SQL writes them. Usage: count_rows DATABASE [OPTIONS];
# the options are the server's, as client_encoding prints them
count_rows() {
  local encoding_option=${2:-}
  counting_sql | in_scratch "${reader}" "$1" | sort
}

# A name with a control character in it is not counted: the lists are lines.
tables_of() {
  on "$1" -c "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname || c.relname !~ '[[:cntrl:]]'"
}

# Usage: connection_to DATABASE; whose name may hold anything
connection_to() {
  local name=${1//\\/\\\\}
  printf "dbname='%s'" "${name//\'/\\\'}"
}

# A transaction that was prepared and has no end in the archive keeps its locks, for which whoever counts would wait for ever: it is rolled back here.
end_prepared() {
  local name
  while IFS= read -rd '' name; do
    log_info "prepared transactions of database ${name//[[:cntrl:]]/?} have no end in the archive: they are rolled back in this copy"
    on "$(connection_to "${name}")" <<<"SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database = current_database() \gexec" 2>"${SCRATCH_DIRECTORY}/errors" || return 1
  done < <(on postgres -0 -c 'SELECT DISTINCT database FROM pg_prepared_xacts')
}

# Every page of every table, every index against its table. Prints what is damaged, nothing where all is sound. An amcheck that is there
# already is called where nobody but a superuser can put a function of the same name beside its own.
damage() {
  local found name databases=()
  while IFS= read -rd '' name; do
    on "$(connection_to "${name}")" <<<"SELECT 'ALTER EXTENSION amcheck SET SCHEMA pg_catalog' FROM pg_extension WHERE extname = 'amcheck' \gexec" || {
      printf 'amcheck cannot be used in database %s' "${name//[[:cntrl:]]/?}"
      return
    }
    # In quotes it is a name and no pattern.
    databases+=(--database="\"${name//\"/\"\"}\"")
  done < <(on postgres -0 -c 'SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2')
  found=$(LC_ALL=C PGOPTIONS="${pinned_options}" pg_amcheck -h "${SCRATCH_DIRECTORY}/run" -p 5432 -U postgres --no-password "${databases[@]}" --install-missing=pg_catalog \
    --heapallindexed --parent-check 2>&1 >"${SCRATCH_DIRECTORY}/amcheck.out") && return
  printf '%s' "$(cat -- "${SCRATCH_DIRECTORY}/amcheck.out" - <<<"${found}" | grep . | head -n 3 | tr '\n\t' '  ')"
}

# The user's queries, of which each has to say true. Prints the first that does not. Usage: failing_check DATABASE
failing_check() {
  local query answer reason
  while IFS= read -r query; do
    [[ -n "${query}" ]] || continue
    PGOPTIONS="-c client_min_messages=error -c default_transaction_read_only=on ${no_timeouts}" ask answer sql -h "${SCRATCH_DIRECTORY}/run" -p 5432 -U "${reader}" -d "$1" -c "${query}" || answer=${reason##*ERROR: }
    [[ "${answer}" == t ]] || { printf "check '%s' said '%s', not true" "${query}" "${answer//$'\n'/ }" && return; }
  done <<<"${RESTORE_CHECKS:-}"
}
