# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; a dump that is cut off has been refused before)
# What belongs to a database and is in no dump of pg_dump: who may connect, settings, connection limit, comment, encoding, locale. A dump has them as
# one line of its head; restore.sh takes encoding and locale from there, and carries over the others of the database that it replaces. And tables that are members of an extension: they
# are refused. Sourced after backup/dump.sh, never run.

# One line of JSON, of the database that is connected to. The provider's locale has another name before PostgreSQL 17, and is missing in
# none of them that way.
IFS= read -rd '' database_properties <<'SQL' || true
SELECT pg_catalog.json_build_object('owner', pg_catalog.pg_get_userbyid(datdba), 'access', datacl::pg_catalog.text, 'connectionLimit', datconnlimit,
  'encoding', pg_catalog.pg_encoding_to_char(encoding), 'localeProvider', datlocprovider, 'collate', datcollate, 'ctype', datctype,
  'locale', coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'), 'icuRules', pg_catalog.to_jsonb(d) ->> 'daticurules',
  'monetary', pg_catalog.current_setting('lc_monetary'), 'comment', pg_catalog.shobj_description(oid, 'pg_database'),
  'settings', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(CASE setrole WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(setrole) END, setconfig) ORDER BY setrole)
    FROM pg_catalog.pg_db_role_setting WHERE setdatabase = oid))
FROM pg_catalog.pg_database AS d WHERE datname = pg_catalog.current_database()
SQL

# That line of a dump; nothing where it was made without. Usage: dumped_properties NAME
dumped_properties() {
  local line
  line=$({ gzip -dc -- "${BACKUP_DIRECTORY}/$1" 2>/dev/null || true; } | LC_ALL=C sed -n '/^-- database: {/{s/^-- database: //p;q};/^[^-]/q' | head -c 8192)
  line=${line//[^[:print:]]/?}
  printf '%s' "${line}"
}

# Tables with rows that pg_dump leaves out because CREATE EXTENSION makes its members. It does not make what its owner put into it, and
# nothing says which it made: those of a superuser are of extensions that only one can make, the others are named. Of the tables that an
# extension itself marks, the rows are dumped. How much a table holds is asked of its file: its policies could hide rows.
IFS= read -rd '' undumped_tables <<'SQL' || true
SELECT pg_catalog.regexp_replace(pg_catalog.format('ALTER EXTENSION %I DROP %s %I.%I', extname, CASE relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, nspname, relname), '[[:cntrl:]]', '?', 'g')
FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_class AS c ON c.oid = d.objid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
  AND relkind IN ('r', 'p', 'm') AND (relkind = 'p' OR pg_catalog.pg_relation_size(c.oid) > 0) AND NOT rolsuper
  AND (extconfig IS NULL OR NOT c.oid = ANY (extconfig))
ORDER BY 1
SQL

# Whether pg_dump leaves no table out; says which and what to do. Usage: dumps_every_table
dumps_every_table() {
  local found
  ask found sql -c "${undumped_tables}" || {
    fail "the members of extensions in ${PGDATABASE} cannot be listed: ${reason}"
    return 1
  }
  [[ -n "${found}" ]] || return 0
  fail "pg_dump leaves tables of ${PGDATABASE} out that belong to an extension: as their owner, ${found//$'\n'/; }; where the extension makes its rows again, give the table to a superuser instead"
  return 1
}
