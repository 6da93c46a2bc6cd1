-- What a database is like that is to be imported: a line each, a word and a text. ERROR and WARN are for a person; the other words are for
-- import/check.sh. Runs in the source, which may be old, may write nothing, and whose names are foreign.
-- Variables: schemas and extensions, those that are left out, with line breaks between them

\set shown 'left(regexp_replace(string_agg(found, '', '' ORDER BY found), ''[[:cntrl:]]'', ''?'', ''g''), 600)'
\set outside '(SELECT oid FROM pg_namespace WHERE nspname ~ ''^pg_'' OR nspname = ''information_schema'' OR nspname = ANY (string_to_array(:''schemas'', chr(10))))'
-- Of objects: not of an extension, whose own script makes them.
\set own 'NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = o.oid AND e.classid = o.tableoid AND e.deptype = ''e'')'

SELECT 'FACT bytes=' || pg_database_size(current_database());
SELECT 'FACT encoding=' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database();
SELECT 'FACT standby=' || pg_is_in_recovery();
SELECT 'FACT monetary=' || current_setting('lc_monetary');
SELECT 'FACT tables=' || count(*) || E'\nFACT heap=' || coalesce(sum(pg_table_size(o.oid)), 0) || E'\nFACT indexes=' || coalesce(sum(pg_indexes_size(o.oid)), 0) || E'\nFACT largest=' || coalesce(max(pg_table_size(o.oid)), 0)
FROM pg_class AS o WHERE relkind IN ('r', 'm') AND relnamespace NOT IN :outside AND :own;
SELECT 'FACT objects=' || count(*) FROM pg_largeobject_metadata;
SELECT 'FACT lobytes=' || pg_table_size('pg_largeobject'::regclass);
SELECT 'LOCALE ' || json_build_object('encoding', 'UTF8', 'localeProvider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'), 'collate', datcollate, 'ctype', datctype,
  'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) FROM pg_database AS d WHERE datname = current_database();

SELECT 'EXTENSION ' || extname || ' ' || nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace
WHERE extname <> 'plpgsql' AND extname <> ALL (string_to_array(:'extensions', chr(10)));
SELECT DISTINCT 'COLLATION ' || collname FROM pg_attribute AS a JOIN pg_class AS o ON o.oid = attrelid JOIN pg_collation AS c ON c.oid = attcollation
WHERE relnamespace NOT IN :outside AND collnamespace = 'pg_catalog'::regnamespace AND collname NOT IN ('default', 'C', 'POSIX', 'ucs_basic');
SELECT 'COLLATION ' || collcollate FROM pg_collation AS o WHERE collnamespace NOT IN :outside AND :own AND collprovider = 'c' AND collcollate NOT IN ('C', 'POSIX');
SELECT DISTINCT 'ROLE ' || rolname FROM pg_policy, unnest(polroles) AS r JOIN pg_roles ON pg_roles.oid = r WHERE r <> 0;
-- Of another role's session a role without pg_read_all_stats sees whose it is and where, and nothing else.
SELECT 'SESSION ' || left(regexp_replace(format('%s%s of %s from %s, since %s', usename, coalesce(' (' || nullif(application_name, '') || ')', ''), count(*), coalesce(host(client_addr), 'the socket, or where it may not be seen'), coalesce(to_char(min(backend_start), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'a time that may not be seen')), '[[:cntrl:]]', '?', 'g'), 200)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
  AND coalesce(backend_type, 'client backend') = 'client backend' AND coalesce(application_name, '') <> 'import-database'
GROUP BY usename, application_name, client_addr;

-- What is not in a copy, or would end one.
SELECT 'ERROR prepared transactions, whose changes no copy has: ' || :shown || '; COMMIT PREPARED or ROLLBACK PREPARED each' FROM (SELECT gid::text AS found FROM pg_prepared_xacts WHERE database = current_database()) AS f HAVING count(*) > 0;
SELECT 'ERROR tables and sequences that ' || current_user || ' may not read: ' || :shown || '; import as their owner, or as a superuser of the source'
FROM (SELECT format('%I.%I', nspname, relname) AS found FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'S') AND relnamespace NOT IN :outside AND :own
    AND NOT (has_schema_privilege(n.oid, 'USAGE') AND CASE relkind WHEN 'S' THEN has_sequence_privilege(o.oid, 'SELECT') ELSE has_table_privilege(o.oid, 'SELECT') END)) AS f HAVING count(*) > 0;
SELECT 'ERROR tables of which policies hide rows from ' || current_user || ': ' || :shown || '; import as a role with BYPASSRLS'
FROM (SELECT format('%I.%I', nspname, relname) AS found FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND relrowsecurity AND relnamespace NOT IN :outside AND row_security_active(o.oid)) AS f HAVING count(*) > 0;
SELECT 'ERROR ' || count(*) || ' large objects that ' || current_user || ' may not read; import as their owner, or as a superuser of the source'
FROM pg_largeobject_metadata WHERE NOT pg_has_role(lomowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM aclexplode(lomacl) WHERE privilege_type = 'SELECT' AND CASE grantee WHEN 0 THEN true ELSE pg_has_role(grantee, 'USAGE') END) HAVING count(*) > 0;
SELECT 'ERROR unlogged tables, which a standby does not have: ' || :shown || '; import from the primary'
FROM (SELECT format('%I.%I', nspname, relname) AS found FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relkind = 'r' AND relpersistence = 'u' AND pg_is_in_recovery()) AS f HAVING count(*) > 0;
SELECT 'ERROR what only a superuser can make, and what is imported belongs to its owner: ' || :shown || '; drop it at the source where nothing needs it'
FROM (SELECT format('function %s (language %I%s)', o.oid::regprocedure, lanname, CASE WHEN proleakproof THEN ', LEAKPROOF' ELSE '' END) AS found FROM pg_proc AS o JOIN pg_language AS l ON l.oid = prolang
    WHERE pronamespace NOT IN :outside AND :own AND (NOT lanpltrusted OR proleakproof)
      AND NOT EXISTS (SELECT FROM pg_depend AS i WHERE i.objid = o.oid AND i.classid = o.tableoid AND i.deptype = 'i')
  UNION ALL SELECT 'type ' || o.oid::regtype FROM pg_type AS o WHERE typtype = 'b' AND typinput <> 'array_in'::regproc AND typnamespace NOT IN :outside AND :own
  UNION ALL SELECT 'operator class ' || quote_ident(opcname) FROM pg_opclass AS o WHERE opcnamespace NOT IN :outside AND :own
  UNION ALL SELECT 'operator family ' || quote_ident(opfname) FROM pg_opfamily AS o WHERE opfnamespace NOT IN :outside AND :own
  UNION ALL SELECT 'cast of ' || castsource::regtype || ' to ' || casttarget::regtype FROM pg_cast AS o WHERE o.oid >= 16384 AND castmethod <> 'f' AND :own
  UNION ALL SELECT 'access method ' || quote_ident(amname) FROM pg_am AS o WHERE o.oid >= 16384 AND :own
  UNION ALL SELECT 'language ' || quote_ident(lanname) FROM pg_language AS o WHERE o.oid >= 16384 AND :own
  UNION ALL SELECT 'foreign-data wrapper ' || quote_ident(fdwname) FROM pg_foreign_data_wrapper AS o WHERE :own
  UNION ALL SELECT 'foreign server ' || quote_ident(srvname) FROM pg_foreign_server AS o WHERE :own
  UNION ALL SELECT 'text search parser ' || quote_ident(prsname) FROM pg_ts_parser AS o WHERE prsnamespace NOT IN :outside AND :own
  UNION ALL SELECT 'text search template ' || quote_ident(tmplname) FROM pg_ts_template AS o WHERE tmplnamespace NOT IN :outside AND :own) AS f HAVING count(*) > 0;

SELECT 'WARN left out: ' || :shown FROM (
  SELECT 'event trigger ' || quote_ident(evtname) AS found FROM pg_event_trigger AS o WHERE :own
  UNION ALL SELECT 'publication ' || quote_ident(pubname) FROM pg_publication
  UNION ALL SELECT 'subscription ' || quote_ident(subname) FROM pg_subscription JOIN pg_database AS d ON d.oid = subdbid WHERE datname = current_database()) AS f HAVING count(*) > 0;
SELECT 'WARN tables WITH OIDS, which later versions do not have; the column oid is not copied: ' || :shown
FROM (SELECT format('%I.%I', nspname, relname) AS found FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace WHERE relnamespace NOT IN :outside AND to_jsonb(o) ->> 'relhasoids' = 'true') AS f HAVING count(*) > 0;
SELECT 'INFO settings of the database that are not carried over: ' || :shown FROM (
  SELECT CASE setrole WHEN 0 THEN '' ELSE pg_get_userbyid(setrole) || ': ' END || s AS found FROM pg_db_role_setting JOIN pg_database AS d ON d.oid = setdatabase, unnest(setconfig) AS s WHERE datname = current_database()) AS f HAVING count(*) > 0;
SELECT 'INFO roles that own something there; all of it belongs to the owner here: ' || :shown FROM (
  SELECT DISTINCT quote_ident(pg_get_userbyid(relowner)) AS found FROM pg_class AS o WHERE relnamespace NOT IN :outside AND :own) AS f HAVING count(*) > 0;
SELECT 'INFO roles that may use something there; what they may do here is for the key roles: ' || :shown FROM (
  SELECT DISTINCT quote_ident(pg_get_userbyid(grantee)) AS found FROM pg_class AS o, aclexplode(relacl) WHERE relnamespace NOT IN :outside AND :own AND grantee NOT IN (0, relowner)) AS f HAVING count(*) > 0;
