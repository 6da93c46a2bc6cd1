# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of backup.sh; statuses of the questions are their answers)
# Dumps of other databases than the application's. A database's name becomes part of a file's only where it matches fact_database.
# Sourced by backup.sh after backup/dump.sh, never run.

# All but PostgreSQL's own templates, a line each: "name" and a name that a file can have, or "quoted" and any other, as SQL writes it; "closed" and
# one that lets nobody in. What else is a template somebody marked so, and it may hold everything that its owner has.
IFS= read -rd '' other_databases <<'SQL' || true
SELECT CASE WHEN NOT datallowconn THEN 'closed ' || regexp_replace(quote_ident(datname), '[[:cntrl:]]', '?', 'g') WHEN datname ~ '^[a-z_][a-z0-9_-]*$' THEN 'name ' || datname ELSE 'quoted ' || regexp_replace(quote_ident(datname), '[[:cntrl:]]', '?', 'g') END
FROM pg_catalog.pg_database WHERE datname NOT IN ('template0', 'template1', pg_catalog.current_database()) ORDER BY datname
SQL

require_databases() {
  : "${BACKUP_DATABASES:=}"
  [[ -z "${BACKUP_DATABASES}" ]] || is_fact "all|${fact_database}(,${fact_database})*" "${BACKUP_DATABASES}" || die 64 "BACKUP_DATABASES: must be all, or names of a-z, 0-9, _ and - with commas between them, got '${BACKUP_DATABASES}'"
}

# Usage: fail REASON; the run goes on, and has failed at its end
fail() {
  log_error "$1"
  failed+="${failed:+; }$1"
}

# What restore.sh leaves: a copy that was replaced, or one that was not filled to its end. Their dumps would outlive them, one set for each restore.
# Usage: is_left_by_restore DATABASE
is_left_by_restore() { is_fact "(${PGDATABASE:0:40}_before|${PGDATABASE:0:39}_(before|restore))_[0-9]{8}_[0-9]{6}" "$1"; }

# Sets others, and says which databases are in no dump; a base backup holds all of them. Database postgres holds nothing of anybody's.
choose_databases() {
  local kind database answer left_out=''
  others=()
  if [[ "${BACKUP_DATABASES}" != all ]]; then
    for database in ${BACKUP_DATABASES//,/ }; do [[ "${database}" == "${PGDATABASE}" ]] || others+=("${database}"); done
  fi
  if ! ask answer question -c "${other_databases}"; then
    [[ -z "${BACKUP_DATABASES}" ]] || fail "the databases cannot be listed: ${reason}"
    return
  fi
  while read -r kind database; do
    if [[ -z "${database}" || "${database}" == postgres || " ${others[*]} " == *" ${database} "* ]]; then continue; fi
    if [[ "${BACKUP_DATABASES}" != all ]] || is_left_by_restore "${database}"; then
      left_out+="${left_out:+, }${database}"
    elif [[ "${kind}" == closed ]]; then
      fail "database ${database} was not dumped: it lets nobody in (ALLOW_CONNECTIONS false)"
    elif [[ "${kind}" == name ]] && is_fact "${fact_database}" "${database}"; then
      others+=("${database}")
    else
      fail "database ${database} is left out: no file can have its name; give it one of a-z, 0-9, _ and -"
    fi
  done <<<"${answer}"
  [[ -z "${left_out}" ]] || log_info "not dumped: ${left_out}"
}

# Usage: dump_other DATABASE; in a process of its own, whose end is not that of the run
dump_other() {
  SECONDS=0
  export PGDATABASE=$1
  name="databases/postgresql_backup_${stamp}.$1.sql.gz"
  partial="${BACKUP_DIRECTORY}/${name}.partial"
  [[ ! -e "${BACKUP_DIRECTORY}/${name}" ]] || die 1 "${name} is there already; nothing is overwritten. Was the clock set back?"
  trap 'rm -f -- "${partial}" "${BACKUP_DIRECTORY}/${name}.sha256.partial"' EXIT
  write_passfile "${PGPASSFILE}" "${PGHOST}" "${PGPORT:-5432}" "${PGUSER}"
  connect
  require_space "$1"
  log_info "dumping $1 (${database_bytes} bytes) to ${name}"
  dump || die 1 "the dump of $1 is not complete and was not kept; earlier dumps are untouched"
  publish_dump || exit 1
  log_info "backup complete: ${name}, $(stat -c %s -- "${BACKUP_DIRECTORY}/${name}") bytes, ${SECONDS} s, verified"
}

dump_others() {
  local database
  ((${#others[@]} > 0)) || return 0
  mkdir -p -- "${BACKUP_DIRECTORY}/databases"
  for database in "${others[@]}"; do
    # Only what is not asked for its status ends at its first error.
    dump_other "${database}" &
    wait "$!" || fail "database ${database} was not dumped"
  done
}
