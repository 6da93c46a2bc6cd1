# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the questions are their answers)
# What is restored is foreign: the owner of a schema wrote it, or whoever could write on the repository. It runs in the owner's
# session, psql takes no command of its own from it, and nothing of it is called by a bare name. Sourced after backup/dump.sh, never run.

# For every session that enters a database of somebody else.
pinned_options='-c client_min_messages=warning -c search_path=pg_catalog -c default_transaction_read_only=off'

# The roles that the owner may give things to, as SQL writes them. With the variable "owner".
IFS= read -rd '' roles_of_owner <<'SQL' || true
SELECT string_agg(quote_ident(rolname), ',') FROM pg_roles
WHERE pg_has_role(:'owner', oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END);
SQL

# How many extensions of this name, none or one, only a superuser can make here. With the variable "name".
IFS= read -rd '' needs_superuser <<'SQL' || true
SELECT count(*) FROM pg_available_extensions AS a JOIN pg_available_extension_versions AS v ON v.name = a.name AND v.version = a.default_version
WHERE a.name = :'name' AND v.superuser AND NOT v.trusted AND a.installed_version IS NULL
SQL

# Usage: dump_extensions NAME
dump_extensions() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" extensions; }

# Makes an extension that only a superuser may make, in a database that is still empty; fails where the owner can make it. A schema
# of its own comes with it. Usage: make_extension NAME SCHEMA OWNER COMMAND…; names as SQL writes them, COMMAND is psql as superuser
make_extension() {
  local name=${1//\"/} schema=${2//\"/} owner=$3 needs
  shift 3
  is_fact '[a-z][a-z0-9_-]{0,62}' "${name}" && is_fact '[a-zA-Z_][a-zA-Z0-9_-]{0,62}' "${schema}" || return 1
  needs=$("$@" -v name="${name}" <<<"${needs_superuser}") || return 1
  [[ "${needs}" == 1 ]] || return 1
  "$@" -v name="${name}" -v schema="${schema}" -v owner="${owner}" <<'SQL'
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', :'schema', :'owner') WHERE :'schema' NOT IN ('public', 'pg_catalog') \gexec
CREATE EXTENSION :"name" WITH SCHEMA :"schema";
SQL
}

# The SQL of a dump for its owner's session; psql refuses each command of its own between the two lines, whose key nobody could know.
# Usage: owned_sql NAME ROLES MADE…
owned_sql() {
  local key name=$1
  shift
  key=$(od -An -vtx1 -N 24 /dev/urandom | tr -dc '0-9a-f')
  printf '\\restrict %s\n' "${key}"
  gzip -dc -- "${BACKUP_DIRECTORY}/${name}" | perl "${script_dir}/backup/dump.pl" owned "$@" || return 1
  printf '\\unrestrict %s\n' "${key}"
}

# SQL that prints "ROWS TABLE" for tables whose names come on standard input as SQL writes them. Policies that hold for their owner
# as well are lifted until it has counted.
counting_sql() {
  local table
  printf '%s\n' 'BEGIN;' "SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND pg_has_role(relowner, 'MEMBER') \\gexec"
  while IFS= read -r table; do
    [[ -z "${table}" ]] || printf "SELECT pg_catalog.count(*) OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) '%s' FROM ONLY %s;\n" "${table//\'/\'\'}" "${table}"
  done
  printf 'ROLLBACK;\n'
}
