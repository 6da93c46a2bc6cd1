# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; a dump that is cut off has been refused before)
# What belongs to a database and is in no dump of pg_dump: who may connect, settings, connection limit, comment, encoding, locale. A dump has them as
# one line of its head; restore.sh takes encoding and locale from there, and carries over the others of the database that it replaces. And what is a member of an extension: it
# is refused. Sourced after backup/dump.sh, never run.

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

# What pg_dump leaves out because CREATE EXTENSION makes its members. It does not make what its owner put into it, and nothing says which it
# made: those of a superuser are of extensions that only one can make, the others are named, of whatever kind. Where the extension's own script runs
# as its owner (superuser = false), everything that it makes looks so, and only tables with rows are named. Of the tables and sequences
# that an extension itself marks, the content is dumped. The owner of each is in pg_shdepend, except where it is the first superuser. A cast has
# none: who owns one of its types makes it, and adds it. What else has none (access methods, transforms, parsers and templates) only a superuser makes.
IFS= read -rd '' undumped_members <<'SQL' || true
SELECT pg_catalog.regexp_replace(pg_catalog.format('ALTER EXTENSION %I DROP %s %s', extname, pg_catalog.upper(pg_catalog.replace(i.type, '-', ' ')), i.identity), '[[:cntrl:]]', '?', 'g')
FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS i
WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
  AND EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE NOT rolsuper AND r.oid IN (
    SELECT refobjid FROM pg_catalog.pg_shdepend AS s
      WHERE s.classid = d.classid AND s.objid = d.objid AND s.objsubid = 0 AND s.deptype = 'o' AND s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
        AND s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    UNION ALL SELECT typowner FROM pg_catalog.pg_cast AS c JOIN pg_catalog.pg_type AS t ON t.oid IN (castsource, casttarget)
      WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND c.oid = d.objid))
  AND (extconfig IS NULL OR d.classid <> 'pg_catalog.pg_class'::pg_catalog.regclass OR NOT d.objid = ANY (extconfig))
  AND (NOT EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions AS v WHERE v.name = extname AND v.version = extversion AND NOT v.superuser)
    OR d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.oid = d.objid AND (relkind = 'p' OR relkind IN ('r', 'm') AND pg_catalog.pg_relation_size(c.oid) > 0)))
ORDER BY 1 LIMIT 50
SQL

# Whether pg_dump leaves nothing out; says what, and what to do. Usage: dumps_every_member
dumps_every_member() {
  local found
  ask found question -c "${undumped_members}" || {
    fail "the members of extensions in ${PGDATABASE} cannot be listed: ${reason}"
    [[ "${reason}" != *'lock timeout'* ]] || name_lock_holders # the size of a table is asked
    return 1
  }
  [[ -n "${found}" ]] || return 0
  fail "pg_dump leaves out what belongs to an extension in ${PGDATABASE}: as its owner, ${found//$'\n'/; }; where the extension makes it again, with its rows, give it to a superuser instead"
  return 1
}
