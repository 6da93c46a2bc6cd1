# shellcheck shell=bash
# Roles, databases, extensions and grants that the specification declares (roles.json), by sql/declared.sql and, in each database that has more to
# do, sql/declared-database.sql. Sourced by the supervisors after upkeep/roles.sh.

# Beside the loop. One database that cannot be seen to keeps none of the others.
reconcile_declared() {
  local said line database databases=() status=0
  DECLARED='{}'
  # shellcheck disable=SC2154 # the environment
  if [[ -f "${CONFIG_DIRECTORY}/roles.json" ]]; then DECLARED=$(<"${CONFIG_DIRECTORY}/roles.json"); fi
  export DECLARED
  said=$(reconcile_with declared) || return 1
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
      status=1
    }
    say_reconciled <<<"${said}"
  done
  return "${status}"
}

# Prints the declared roles that may log in and were made here, one a line: their passwords are in the Secret as well.
declared_logins() {
  local_sql <<'SQL'
SELECT rolname FROM pg_catalog.pg_authid WHERE rolcanlogin AND rolname ~ '^[a-z_][a-z0-9_]{0,46}$'
  AND pg_catalog.shobj_description(oid, 'pg_authid') = 'declared in the specification of postgresql-ha' ORDER BY 1
SQL
}
