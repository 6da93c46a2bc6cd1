# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# A dump in a new database beside the old one, compared, and swapped in by name. Sourced by restore.sh after backup/dump.sh, never run.

# Usage: on DATABASE ARGUMENTS…; as postgres, on the member that accepts writes. It is looked for once: a standby may not know a
# new database yet, and then libpq does not try the next host.
on() { PGOPTIONS='-c client_min_messages=warning' sql "host=${server_host} port=${server_port} user=postgres dbname=$1 target_session_attrs=read-write connect_timeout=5$(connection_security)" "${@:2}"; }

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
