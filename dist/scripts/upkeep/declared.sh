# shellcheck shell=bash
# Roles, databases, extensions and grants that the specification declares (roles.json), by sql/declared.sql and, in each database that has more to
# do, sql/declared-database.sql; what the pooler's role may do, by sql/pooler.sql. Sourced by the supervisors after upkeep/roles.sh.

# Beside the loop. One database that cannot be seen to keeps none of the others.
reconcile_declared() {
  local said line database databases=() status=0
  DECLARED='{}'
  # shellcheck disable=SC2154 # the environment
  if [[ -f "${CONFIG_DIRECTORY}/roles.json" ]]; then DECLARED=$(<"${CONFIG_DIRECTORY}/roles.json"); fi
  export DECLARED
  said=$(reconcile_with declared) || return 1
  # Its role is declared as the others are.
  if [[ "${DECLARED}" == *'"pooler"'* ]]; then reconcile_with pooler >/dev/null || return 1; fi
  while IFS= read -r line; do
    case ${line} in
    'DATABASE '*) databases+=("${line#DATABASE }") ;;
    *) ;;
    esac
  done <<<"${said}"
  say_reconciled <<<"${said}"
  # shellcheck disable=SC2310 # its status is its answer
  for database in "${databases[@]}"; do
    said=$(reconcile_with declared-database "${database}") || {
      log_warn "what is declared for database ${database} could not be brought up to date"
      end_hung "${database}"
      status=1
    }
    say_reconciled <<<"${said}"
  done
  return "${status}"
}

# Whoever owns a database can keep sessions from beginning in it, by a lock on one of its catalogs that is waited for. Such a session outlives its
# client, knows no limit of time yet, and keeps its connection, of those that are reserved as well. Usage: end_hung DATABASE
end_hung() {
  local ended
  ended=$(
    local_sql <<SQL
SELECT count(pg_catalog.pg_terminate_backend(l.pid)) FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_database AS d ON d.oid = l.database
WHERE datname = '$1' AND NOT granted AND waitstart < clock_timestamp() - interval '60 s'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.pid = l.pid AND usesysid IS NOT NULL)
SQL
  ) || return 0
  [[ "${ended}" == 0 ]] || log_warn "${ended} sessions could not begin in database $1 for a minute and were ended: who holds a lock on its catalogs? SELECT * FROM pg_locks shows it"
}

# Prints the declared roles that may log in and were made here, one a line: their passwords are in the Secret as well.
declared_logins() {
  local_sql <<'SQL'
SELECT rolname FROM pg_catalog.pg_authid WHERE rolcanlogin AND rolname ~ '^[a-z_][a-z0-9_]{0,46}$'
  AND pg_catalog.shobj_description(oid, 'pg_authid') = 'declared in the specification of postgresql-ha' ORDER BY 1
SQL
}
