# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the questions are their answers)
# What is restored is foreign: the owner of a schema wrote it, or whoever could write on the repository. It runs in the owner's
# session, psql takes no command of its own from it, and nothing of it is called by a bare name. Sourced after backup/dump.sh, never run.

# For every session that enters a database of somebody else. Where a string ends, for psql and for the server, and what is NULL in an array,
# is not for its settings to say, nor which moment a time is, and no warning of theirs stands beside an answer.
pinned_options="-c local_preload_libraries= -c client_min_messages=error -c array_nulls=on -c search_path=pg_catalog -c default_transaction_read_only=off -c standard_conforming_strings=on -c client_encoding=UTF8 -c role=none -c row_security=on -c timezone=UTC ${no_timeouts}"

# The owner, and on a line of its own the roles that the owner may give things to, as SQL writes them. With the variable "owner".
IFS= read -rd '' roles_of_owner <<'SQL' || true
SELECT quote_ident(:'owner') || E'\n' || string_agg(quote_ident(rolname), ',') FROM pg_roles
WHERE pg_has_role(:'owner', oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END);
SQL

# How many extensions of this name, none or one, only a superuser can make here. With the variable "name".
IFS= read -rd '' needs_superuser <<'SQL' || true
SELECT count(*) FROM pg_available_extensions AS a JOIN pg_available_extension_versions AS v ON v.name = a.name AND v.version = a.default_version
WHERE a.name = :'name' AND v.superuser AND NOT v.trusted AND a.installed_version IS NULL
SQL

# Usage: dump_extensions NAME
dump_extensions() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" extensions; }

# Usage: needs_a_superuser NAME COMMAND…; NAME as SQL writes it, COMMAND is psql in the database where it would be made
needs_a_superuser() {
  is_fact '[a-z][a-z0-9_-]{0,62}' "${1//\"/}" && [[ "$("${@:2}" -v name="${1//\"/}" <<<"${needs_superuser}")" == 1 ]]
}

# In a database that is still empty; a schema of its own comes with it. Usage: make_extension NAME SCHEMA OWNER COMMAND…; names as SQL
# writes them, COMMAND is psql as superuser
make_extension() {
  local schema=${2#\"}
  schema=${schema%\"}
  "${@:4}" -v name="${1//\"/}" -v schema="${schema//\"\"/\"}" -v owner="$3" <<'SQL'
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', :'schema', :'owner') WHERE :'schema' NOT IN ('public', 'pg_catalog') \gexec
CREATE EXTENSION :"name" WITH SCHEMA :"schema" CASCADE;
SQL
}

# Between these two lines psql refuses each command of its own; the key is of this run. Usage: new_key; restrict KEY; unrestrict KEY
new_key() { od -An -vtx1 -N 24 /dev/urandom | tr -dc '0-9a-f'; }
restrict() { printf '\\restrict %s\n' "$1"; }
unrestrict() { printf '\\unrestrict %s\n' "$1"; }

# The SQL of a dump for its owner's session. Usage: owned_sql NAME OWNER ROLES MADE…, as SQL writes them
owned_sql() {
  local key name=$1
  shift
  key=$(new_key)
  restrict "${key}"
  gzip -dc -- "${BACKUP_DIRECTORY}/${name}" | perl "${script_dir}/backup/dump.pl" owned "$@" || return 1
  unrestrict "${key}"
}

# The roles that a dump names and that are not there, without a login and without rights: the dump gives them things. Prints their names.
# Usage: make_roles NAME COMMAND…; COMMAND is psql as superuser, in any database
make_roles() {
  local role
  while IFS= read -r role; do
    role=${role#\"} role=${role%\"} role=${role//\"\"/\"}
    [[ -z "$("${@:2}" -v role="${role}" <<<"SELECT 1 FROM pg_roles WHERE rolname = :'role'")" ]] || continue
    "${@:2}" -v role="${role}" <<<'CREATE ROLE :"role" NOLOGIN;' || return 1
    printf '%s\n' "${role}"
  done < <(dump_roles "$1")
}

# SQL that prints "ROWS TABLE" for tables whose names come on standard input as SQL writes them, with " *" where partitions count. Policies that hold for their owner
# as well are lifted until it has counted, and rights that the owner took from itself are back for as long.
counting_sql() {
  local table key only
  key=$(new_key)
  printf '%s\n' 'BEGIN;' "SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND pg_has_role(relowner, 'MEMBER') \\gexec"
  printf '%s\n' "SELECT format('GRANT SELECT ON %s TO CURRENT_USER', oid::regclass) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace <> 'pg_catalog'::regnamespace AND pg_has_role(relowner, 'MEMBER') AND NOT has_table_privilege(oid, 'SELECT') \\gexec"
  restrict "${key}"
  while IFS= read -r table; do
    only='ONLY '
    [[ "${table}" != *' *' ]] || only=''
    [[ -z "${table}" ]] || printf "SELECT pg_catalog.count(*) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) '%s' FROM %s%s;\n" "${table//\'/\'\'}" "${only}" "${table}"
  done
  unrestrict "${key}"
  printf 'ROLLBACK;\n'
}
