# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Whether a source can be imported: all that is wrong with it at once, before anything is made here. Sourced after import/source.sh and
# restore/swap.sh, never run.

obstacle() { problems+=("$1"); }

# Usage: lists LINES LINE; whether a line is among them
lists() { grep -qxF -- "$2" <<<"$1"; }

# Asks the source all of it. Sets source_bytes, source_tables, source_heap, source_indexes, source_largest, source_objects, source_locale,
# source_monetary, and answers, what import/check.sh compares.
look_at_source() {
  local -A found=()
  ask answers from_source -v schemas="${without_schemas}" -v extensions="${without_extensions}" -f "${script_dir}/import/source.sql" || die 2 "the source cannot be looked at: $(explained "${reason}")"
  answers=$(printable <<<"${answers}")
  read_facts found bytes="${fact_number}" encoding='[A-Z][A-Z0-9_]{1,30}' standby='true|false' monetary="${fact_locale}" tables="${fact_number}" heap="${fact_number}" \
    indexes="${fact_number}" largest="${fact_number}" objects="${fact_number}" lobytes="${fact_number}" < <(sed -n 's/^FACT //p' <<<"${answers}")
  source_bytes=$(number "${found[bytes]:-}") source_tables=$(number "${found[tables]:-}") source_indexes=$(number "${found[indexes]:-}") source_largest=$(number "${found[largest]:-}")
  source_heap=$(($(number "${found[heap]:-}") + $(number "${found[lobytes]:-}"))) source_objects=$(number "${found[objects]:-}")
  source_monetary=${found[monetary]:-} source_encoding=${found[encoding]:-unknown}
  source_locale=$(locale_of "$(sed -n 's/^LOCALE //p;T;q' <<<"${answers}")")
  log_info "source: PostgreSQL ${source_major}$([[ "${found[standby]:-}" != true ]] || printf ', a standby'), $((source_bytes / 1048576)) MB, ${source_tables} tables, ${source_objects} large objects, encoding ${source_encoding}"
  case ${source_encoding} in
  UTF8) ;;
  SQL_ASCII) log_warn "the source is in SQL_ASCII, which has no rule for texts: one that is no UTF-8 ends the import" ;;
  *) log_info "texts are converted from ${source_encoding} to UTF8" && source_locale='' ;;
  esac
}

check_source() {
  local line
  ((source_major <= ${POSTGRES_MAJOR:-17})) || obstacle "the source is PostgreSQL ${source_major}, newer than ${POSTGRES_MAJOR:-17} here: no dump goes back to an older one; set postgresVersion to ${source_major} in a new installation"
  ((source_version >= 110000)) || obstacle "the source is PostgreSQL ${source_version}: 11 is the oldest that is imported; upgrade it there first"
  while IFS= read -r line; do
    case ${line} in
    'ERROR '*) obstacle "${line#ERROR }" ;;
    'WARN '*) log_warn "${line#WARN }" ;;
    'INFO '*) log_info "${line#INFO }" ;;
    *) ;;
    esac
  done <<<"${answers}"
  check_sessions
}

# What they write after the copy has begun is not in it.
check_sessions() {
  local sessions
  sessions=$(sed -n 's/^SESSION //p' <<<"${answers}")
  [[ -n "${sessions}" ]] || return 0
  sessions="others are connected to the source and may write, which the copy would not have: ${sessions//$'\n'/; }"
  if [[ -n "${while_in_use}" ]]; then
    log_warn "${sessions}"
  elif [[ -n "${check_only}" ]]; then
    log_warn "${sessions}. The import is refused while they are there, unless it is a rehearsal (--while-in-use)"
  else
    obstacle "${sessions}; stop them (Airflow: scale it to 0), let the source refuse writes, and come again; --while-in-use copies all the same, as for a rehearsal"
  fi
}

# Extensions, collations and roles that the source names and this server has to have. Sets to_make: "NAME SCHEMA" of those that a superuser makes.
check_here() {
  local available there name schema
  to_make=()
  available=$(on_target postgres -c "SELECT a.name || ' ' || (v.superuser AND NOT v.trusted) FROM pg_available_extensions AS a JOIN pg_available_extension_versions AS v ON v.name = a.name AND v.version = a.default_version") || die 1 "the extensions of this server cannot be listed"
  there=$(on_target "${DATABASE_NAME}" -c 'SELECT extname FROM pg_extension' 2>/dev/null) || there=''
  while read -r name schema; do
    [[ -n "${name}" ]] || continue
    if ! is_fact '[a-z][a-z0-9_-]{0,62}' "${name}" || ! grep -qE "^${name} (true|false)\$" <<<"${available}"; then
      obstacle "extension ${name} of the source is not in this image: name one with it (key image), or leave it out where nothing needs it (--without-extension ${name}, bootstrap.fromDatabase.withoutExtensions)"
    elif lists "${available}" "${name} true"; then
      lists "${there}"$'\n'"${extensions}" "${name}" || obstacle "extension ${name} of the source is one that only a superuser makes: --extension ${name} has it made, --without-extension ${name} (bootstrap.fromDatabase.withoutExtensions) leaves it out"
      is_fact "${fact_schema}" "${schema}" || obstacle "extension ${name} of the source is in a schema whose name is not letters, digits, _ and -: move it there (ALTER EXTENSION ${name} SET SCHEMA), or leave it out (--without-extension ${name})"
      to_make+=("${name} ${schema}")
    fi
  done < <(sed -n 's/^EXTENSION //p' <<<"${answers}")
  check_named COLLATION 'SELECT lower(replace(n, $$-$$, $$$$)) FROM pg_collation, unnest(ARRAY[collname, collcollate]) AS n WHERE n IS NOT NULL' collation 'use a collation there that this image has, or an image with that locale (key image)'
  check_named ROLE 'SELECT rolname FROM pg_roles' 'role of policies' 'declare it (key roles), or drop the policy at the source'
}

# Usage: check_named WORD QUERY WHAT REMEDY
check_named() {
  local here name compared
  here=$(on_target postgres -c "$2") || die 1 "this server does not answer: what it has cannot be compared"
  while IFS= read -r name; do
    compared=${name}
    if [[ "$1" == COLLATION ]]; then compared=${name,,} compared=${compared//-/}; fi
    [[ -z "${name}" ]] || lists "${here}" "${compared}" || obstacle "$3 ${name} is not here: $4"
  done < <(sed -n "s/^$1 //p" <<<"${answers}" | sort -u)
}

# What its owner made in the database, or nothing where there is none. Only catalogues are read.
find_content() {
  local there
  there=$(on_target postgres -v name="${DATABASE_NAME}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'") || die 1 "this server does not answer: whether ${DATABASE_NAME} holds anything cannot be seen"
  content=''
  [[ "${there}" == 1 ]] || return 0
  content=$(on_target "${1:-${DATABASE_NAME}}" -c "${database_content}") || die 1 "database ${1:-${DATABASE_NAME}} cannot be looked at"
}

IFS= read -rd '' database_content <<'SQL' || true
SELECT nullif(concat_ws(', ', CASE WHEN relations > 0 THEN relations || ' tables, views and sequences' END, CASE WHEN functions > 0 THEN functions || ' functions' END,
  CASE WHEN types > 0 THEN types || ' types' END, CASE WHEN objects > 0 THEN objects || ' large objects' END), '')
FROM (SELECT
  (SELECT count(*) FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = o.oid AND e.classid = o.tableoid AND e.deptype = 'e')) AS relations,
  (SELECT count(*) FROM pg_proc AS o JOIN pg_namespace AS n ON n.oid = pronamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = o.oid AND e.classid = o.tableoid AND e.deptype = 'e')) AS functions,
  (SELECT count(*) FROM pg_type AS o JOIN pg_namespace AS n ON n.oid = typnamespace WHERE typtype IN ('e', 'd', 'r') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = o.oid AND e.classid = o.tableoid AND e.deptype = 'e')) AS types,
  (SELECT count(*) FROM pg_largeobject_metadata) AS objects) AS f
SQL

# The database, and beside it the copy on its way, which packed takes about half of the rows.
check_room() {
  local free needed=$((source_bytes + source_heap / 2)) lacking
  [[ -z "${ignore_room}" ]] || return 0
  free=$(df --output=avail -B1 -- "${PGDATA%/*}" | tail -n 1 | tr -dc '0-9')
  if ((needed > $(number "${free}"))); then obstacle "no room: ${PGDATA%/*} has ${free} bytes free, about ${needed} are needed, ${source_bytes} for the database and the rest for the copy on its way; enlarge the data claim"; fi
  [[ -z "${lacks_members:-}" ]] || return 0
  lacking=$(lacking_room "${source_bytes}")
  [[ -z "${lacking}" ]] || obstacle "no room: ${lacking}; enlarge the claim"
}

say_problems() {
  local line
  ((${#problems[@]} > 0)) || return 0
  for line in "${problems[@]}"; do log_error "${line}"; done
  die "${1:-1}" "${#problems[@]} reason(s) not to import, above; nothing was touched"
}
