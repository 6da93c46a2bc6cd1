#!/usr/bin/env bash
# Fills the new cluster of a supervisor with a database of another server, before anybody else can connect to it. The supervisor puts
# it in place when this has ended well, and begins anew else.
# Usage: import/bootstrap.sh FOLDER   of the new cluster, with its roles and an empty database of the application
#
# Environment: IMPORT_HOST, IMPORT_PORT, IMPORT_DATABASE, IMPORT_USER, IMPORT_SSLMODE, IMPORT_DIRECTORY, IMPORT_WHILE_IN_USE,
#              IMPORT_WITHOUT_EXTENSIONS, IMPORT_WITHOUT_SCHEMAS   bootstrap.fromDatabase
#              DATABASE_NAME, DATABASE_OWNER, PGDATA, SOCKET_DIRECTORY, PGPORT (5432)   of the instance
#              RUNTIME_DIRECTORY (/tmp), PASSFILE_DIRECTORY (/tmp), PROGRESS_SECONDS (30), POSTGRES_MAJOR (17)
# Exit status: 0 done: the cluster is shut down; 1 failed, 2 cannot connect, 64 the source cannot be used
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/backup/locale.sh"
source "${script_dir}/backup/foreign.sh"
source "${script_dir}/restore/swap.sh"
source "${script_dir}/restore/views.sh"
source "${script_dir}/import/source.sh"
source "${script_dir}/import/check.sh"
source "${script_dir}/import/estimate.sh"
source "${script_dir}/import/copy.sh"
source "${script_dir}/import/work.sh"

# Nothing waits for a standby that is not there. Usage: start_server SETTINGS…
start_server() {
  "${programs}/pg_ctl" start -s -w -t 120 -D "${cluster}" -o "-c listen_addresses='' -c logging_collector=off -c synchronous_standby_names='' $*" >&2 || die 1 "the new cluster does not start"
  started=yes
}

# Patroni starts every member in recovery first, and PostgreSQL refuses that where the log was last written with wal_level minimal.
leave_minimal() { start_server && stop_server; }

stop_server() {
  started=''
  "${programs}/pg_ctl" stop -s -w -t 600 -m fast -D "${cluster}" >&2
}

end_bootstrap() {
  end_children
  if [[ -n "${started}" ]]; then stop_server || true; fi
  drop_work
}

main() {
  cluster=${1:?usage: import/bootstrap.sh FOLDER}
  require_env IMPORT_HOST IMPORT_DATABASE IMPORT_USER IMPORT_DIRECTORY DATABASE_NAME DATABASE_OWNER PGDATA SOCKET_DIRECTORY
  started='' work='' source_folder='' estimated='' snapshot_pid='' check_only='' ignore_room='' extensions='' jobs='' lacks_members=yes
  while_in_use=${IMPORT_WHILE_IN_USE:-} programs=$(dirname -- "$(command -v postgres)")
  without_extensions=$(names_of "${IMPORT_WITHOUT_EXTENSIONS:-}" "${fact_extension}" IMPORT_WITHOUT_EXTENSIONS)
  without_schemas=$(names_of "${IMPORT_WITHOUT_SCHEMAS:-}" "${fact_schema}" IMPORT_WITHOUT_SCHEMAS)
  choose_jobs
  over_socket
  umask 077
  trap end_bootstrap EXIT
  trap 'exit 1' TERM INT
  read_source </dev/null
  prepare_work
  connect_source
  # What is loaded is on its volume before anybody relies on it.
  start_server -c wal_level=minimal -c max_wal_senders=0
  check_all
  say_problems
  stamp=$(date -u +%Y%m%d_%H%M%S)
  scratch="${DATABASE_NAME:0:39}_import_${stamp}"
  { create_copy && give_to_owner; } || die 1 "database ${scratch} cannot be made"
  estimate
  fill_copy || die 1 "import failed; the source is as it was"
  { swap && on_target postgres -v name="${before}" <<<'DROP DATABASE :"name";'; } || die 1 "the imported database could not be given its name"
  { stop_server && leave_minimal; } || die 1 "the new cluster does not stop"
  log_info "database ${DATABASE_NAME} is imported as of ${moment_time}, ${SECONDS} s"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
