# shellcheck shell=bash disable=SC2034,SC2154,SC2312
# (variables of the scripts; a dump that is cut off has been refused before)
# What belongs to a database and is in no dump of pg_dump: who may connect, settings, connection limit, comment. A dump has them as
# one line of its head; restore.sh carries over those of the database that it replaces. Sourced after backup/dump.sh, never run.

# One line of JSON, of the database that is connected to.
IFS= read -rd '' database_properties <<'SQL' || true
SELECT pg_catalog.json_build_object('owner', pg_catalog.pg_get_userbyid(datdba), 'access', datacl::pg_catalog.text, 'connectionLimit', datconnlimit,
  'encoding', pg_catalog.pg_encoding_to_char(encoding), 'comment', pg_catalog.shobj_description(oid, 'pg_database'),
  'settings', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(CASE setrole WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(setrole) END, setconfig) ORDER BY setrole)
    FROM pg_catalog.pg_db_role_setting WHERE setdatabase = oid))
FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
SQL

# That line of a dump; nothing where it was made without. Usage: dumped_properties NAME
dumped_properties() {
  local line
  line=$({ gzip -dc -- "${BACKUP_DIRECTORY}/$1" 2>/dev/null || true; } | LC_ALL=C sed -n '/^-- database: {/{s/^-- database: //p;q};/^[^-]/q' | head -c 8192)
  line=${line//[^[:print:]]/?}
  printf '%s' "${line}"
}
