#!/usr/bin/env bash
# Restores a dump into a new database on the current primary, checks it, and swaps it in for the old one, which is kept.
# Usage: restore.sh FILE [--into DATABASE]
#   FILE              name of a dump in BACKUP_DIRECTORY
#   --into DATABASE   only restore beside, under this name; nothing is swapped
#
# Environment:
#   MEMBER_HOSTS, PGPORT (5432)       the members; the one that accepts writes is used
#   DATABASE_NAME, DATABASE_OWNER     what is restored, and the role that owns it
#   SECRET_DIRECTORY                  holds postgres-password
#   BACKUP_DIRECTORY, RUNTIME_DIRECTORY (/tmp)
# Exit status: 0 done, 1 failed (the database is as it was), 2 cannot connect, 64 bad usage or environment
# shellcheck disable=SC2154,SC2254,SC2310,SC2312 # the environment; patterns; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib-log.sh"
source "${script_dir}/lib-postgres.sh"
source "${script_dir}/lib-backup.sh"

usage="usage: restore.sh FILE [--into DATABASE]"

parse() {
  dump=${1:-} into=
  case ${dump} in
  --help)
    sed -n '2,/^# Exit/s/^# \{0,1\}//p' -- "${BASH_SOURCE[0]}"
    exit 0
    ;;
  '') die 64 "${usage}; ls ${BACKUP_DIRECTORY:-the backup folder} shows the dumps" ;;
  ${backup_pattern}) ;; # unquoted: a pattern
  *) die 64 "'${dump}' is no name of a dump, as postgresql_backup_20240101_020000.sql.gz; give the bare file name" ;;
  esac
  [[ $# -gt 1 ]] || return 0
  [[ $# -eq 3 && "$2" == --into ]] || die 64 "${usage}"
  into=$3
  [[ "${into}" =~ ^[a-z_][a-z0-9_]{0,62}$ && "${into}" != "${DATABASE_NAME}" && "${into}" != postgres ]] || die 64 "--into: '${into}' must be a new name of a-z, 0-9 and _"
}

# Usage: on DATABASE ARGUMENTS…; as postgres, on the member that accepts writes. It is looked for once: a standby may not know a
# new database yet, and then libpq does not try the next host.
on() { PGOPTIONS='-c client_min_messages=warning' sql "host=${server_host} port=${server_port} user=postgres dbname=$1 target_session_attrs=read-write connect_timeout=5" "${@:2}"; }

connect() {
  local answer
  export PGPASSFILE="${RUNTIME_DIRECTORY:-/tmp}/restore.passfile"
  write_passfile "${PGPASSFILE}" postgres
  server_host=${MEMBER_HOSTS} server_port=${PGPORT:-5432}
  answer=$(on postgres 2>&1 <<<'\echo :HOST :PORT') || die 2 "no member of ${MEMBER_HOSTS} accepts writes: ${answer##*$'\n'}"
  read -r server_host server_port <<<"${answer}"
  [[ -z "${into}" ]] || [[ -z "$(on postgres -c "SELECT 1 FROM pg_database WHERE datname = '${into}'")" ]] || die 1 "database ${into} exists; choose another name or drop it"
}

create_scratch() {
  on postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<'SQL'
CREATE DATABASE :"name" OWNER :"owner" TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO backup;
SQL
}

# What is there now, for the same tables.
# shellcheck disable=SC2016 # SQL's own quotes
restored_rows() {
  local table
  while read -r _ table; do
    printf 'SELECT count(*), $name$%s$name$ FROM ONLY %s;\n' "${table}" "${table}"
  done <<<"${expected}" | on "${scratch}" -F ' ' | sort
}

fill_scratch() {
  log_info "restoring ${dump} into ${scratch}"
  gzip -dc -- "${BACKUP_DIRECTORY}/${dump}" | on "${scratch}" --single-transaction >/dev/null || return 1
  log_info "restored, comparing"
  expected=$(dump_rows "${dump}")
  [[ -z "${expected}" ]] || [[ "$(restored_rows)" == "${expected}" ]] || {
    log_error "the restored rows are not those of the dump"
    return 1
  }
  on "${scratch}" -c ANALYZE
  log_info "restored and compared: $(grep -c . <<<"${expected}") tables"
}

drop_scratch() { on postgres -v name="${scratch}" <<<'DROP DATABASE IF EXISTS :"name" WITH (FORCE);' || true; }

# Both names change in one transaction; sessions are ended, because a database that is in use cannot be renamed.
swap() {
  before="${DATABASE_NAME}_before_${stamp}"
  on postgres -v name="${DATABASE_NAME}" -v before="${before}" -v scratch="${scratch}" <<'SQL' && return
ALTER DATABASE :"name" ALLOW_CONNECTIONS false;
SELECT count(pg_terminate_backend(pid, 5000)) AS ended FROM pg_stat_activity WHERE datname = :'name' \gset
BEGIN;
ALTER DATABASE :"name" RENAME TO :"before";
ALTER DATABASE :"scratch" RENAME TO :"name";
COMMIT;
ALTER DATABASE :"before" ALLOW_CONNECTIONS true;
SQL
  on postgres -v name="${DATABASE_NAME}" <<<'ALTER DATABASE :"name" ALLOW_CONNECTIONS true;' || log_error "open it again: ALTER DATABASE ${DATABASE_NAME} ALLOW_CONNECTIONS true"
  return 1
}

main() {
  require_env MEMBER_HOSTS DATABASE_NAME DATABASE_OWNER SECRET_DIRECTORY BACKUP_DIRECTORY
  require_backup_directory
  parse "$@"
  local problem
  log_info "verifying ${dump}"
  problem=$(backup_problem "${dump}")
  [[ -z "${problem}" ]] || die 64 "${dump}: ${problem}; nothing was touched"
  connect
  stamp=$(date -u +%Y%m%d_%H%M%S)
  scratch=${into:-${DATABASE_NAME:0:40}_restore_${stamp}}
  trap drop_scratch EXIT
  { create_scratch && fill_scratch; } || die 1 "restore failed; database ${DATABASE_NAME} is as it was"
  if [[ -z "${into}" ]]; then swap || die 1 "the restored database could not be swapped in; ${DATABASE_NAME} is as it was"; fi
  trap - EXIT
  if [[ -n "${into}" ]]; then
    log_info "database ${into} holds ${dump}; drop it when you are done: DROP DATABASE ${into}"
    return
  fi
  log_info "database ${DATABASE_NAME} is now as in ${dump}; what was there before is database ${before}"
  log_info "to undo, rename both back; to free its space: psql -U postgres -c 'DROP DATABASE ${before}'"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
