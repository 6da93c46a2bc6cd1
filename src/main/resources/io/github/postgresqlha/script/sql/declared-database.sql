-- What declared roles may do in one database, and its extensions. Run in each after declared.sql, by a superuser, whose sessions its owner may
-- have begin with settings of all kinds. Of what the database's owner owns, now and later; what others own is theirs to grant.
\getenv declared DECLARED
\set mark 'declared in the specification of postgresql-ha'

SET ROLE NONE;
SET search_path = pg_catalog;
SET client_min_messages = warning;
SET default_transaction_read_only = off;
SET standard_conforming_strings = on;
-- Not every minor has it. What it prints says nothing to who reads it.
SELECT set_config(name, '', false) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind';

CREATE TEMPORARY VIEW groups AS
SELECT g.oid, g.rolname, kind, privileges, d.datdba
FROM (VALUES ('pgha_read_', 'TABLES', ARRAY['SELECT']), ('pgha_read_', 'SEQUENCES', ARRAY['SELECT']), ('pgha_read_', 'SCHEMAS', ARRAY['USAGE']),
  ('pgha_write_', 'TABLES', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']), ('pgha_write_', 'SEQUENCES', ARRAY['USAGE', 'SELECT']),
  ('pgha_write_', 'SCHEMAS', ARRAY['USAGE'])) AS v(prefix, kind, privileges)
  JOIN pg_database AS d ON d.datname = current_database()
  JOIN pg_authid AS g ON g.rolname = prefix || d.datname AND shobj_description(g.oid, 'pg_authid') = :'mark';

-- What is made from now on, before what there is.
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT %s ON %s TO %I', pg_get_userbyid(datdba), array_to_string(privileges, ', '), kind, rolname)
FROM groups AS g WHERE NOT privileges <@ ARRAY(
  SELECT privilege_type FROM pg_default_acl, aclexplode(defaclacl) WHERE defaclrole = datdba AND defaclnamespace = 0
    AND defaclobjtype = CASE kind WHEN 'TABLES' THEN 'r' WHEN 'SEQUENCES' THEN 'S' ELSE 'n' END AND grantee = g.oid) \gexec

CREATE TEMPORARY VIEW schemas AS
SELECT n.oid, nspname, nspacl FROM pg_namespace AS n JOIN pg_database ON datname = current_database()
WHERE nspowner IN (datdba, to_regrole('pg_database_owner')) AND nspname !~ '^pg_';

SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, rolname)
FROM schemas, groups AS g WHERE kind = 'SCHEMAS' AND NOT EXISTS (SELECT FROM aclexplode(nspacl) WHERE grantee = g.oid AND privilege_type = 'USAGE') \gexec
SELECT format('GRANT %s ON %s %I.%I TO %I', array_to_string(privileges, ', '), CASE kind WHEN 'TABLES' THEN 'TABLE' ELSE 'SEQUENCE' END, nspname, relname, rolname)
FROM pg_class AS c JOIN schemas AS s ON s.oid = relnamespace, groups AS g
WHERE relowner = datdba AND (kind = 'TABLES' AND relkind IN ('r', 'p', 'v', 'm', 'f') OR kind = 'SEQUENCES' AND relkind = 'S')
  AND NOT privileges <@ ARRAY(SELECT privilege_type FROM aclexplode(relacl) WHERE grantee = g.oid) \gexec

-- Those that an owner may make are the owner's own. The script of one that only a superuser may make runs as the superuser, with its schema first
-- in search_path: never one in which somebody else could have put a type or a function that the script then calls. It is made in a new schema,
-- which is gone when it commits, and moved.
CREATE TEMPORARY TABLE wanted_extension AS
SELECT e.name FROM jsonb_to_recordset(:'declared'::jsonb -> 'databases') AS d(name text, extensions jsonb), jsonb_array_elements_text(d.extensions) AS e(name)
WHERE d.name = current_database() AND e.name ~ '^[a-z_][a-z0-9_-]{0,62}$' AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = e.name);
SELECT format('WARN extension %s is declared for database %s, and is not among those of this image: it is not made', name, current_database())
FROM wanted_extension AS e WHERE NOT EXISTS (SELECT FROM pg_available_extensions AS a WHERE a.name = e.name);
CREATE TEMPORARY VIEW possible AS
SELECT e.name, v.trusted, v.schema FROM wanted_extension AS e JOIN pg_available_extensions AS a ON a.name = e.name
  JOIN pg_available_extension_versions AS v ON v.name = a.name AND v.version = a.default_version;
SELECT format('SET ROLE %I', pg_get_userbyid(datdba)), format('CREATE EXTENSION %I SCHEMA %I CASCADE', name, coalesce(schema, 'public')), 'SET ROLE NONE',
  format('SELECT %L', format('INFO extension %s is made in database %s, as declared', name, datname))
FROM possible JOIN pg_database ON datname = current_database() WHERE trusted \gexec
SELECT 'BEGIN', 'CREATE SCHEMA pgha_new_extension',
  CASE WHEN schema IS NULL THEN format('CREATE EXTENSION %I SCHEMA pgha_new_extension CASCADE', name)
    WHEN EXISTS (SELECT FROM pg_namespace JOIN pg_authid AS o ON o.oid = nspowner WHERE nspname = schema AND rolsuper) THEN 'SET ROLE NONE'
    ELSE format('CREATE SCHEMA %I', schema) END,
  CASE WHEN schema IS NULL THEN $move$DO $do$ DECLARE made name; BEGIN
    FOR made IN SELECT extname FROM pg_extension WHERE extnamespace = to_regnamespace('pgha_new_extension') ORDER BY oid LOOP
      EXECUTE format('ALTER EXTENSION %I SET SCHEMA public', made);
    END LOOP; END $do$$move$ ELSE format('CREATE EXTENSION %I SCHEMA %I CASCADE', name, schema) END,
  'DROP SCHEMA pgha_new_extension', 'COMMIT',
  format('SELECT %L', format('INFO extension %s is made in database %s, as declared', name, current_database()))
FROM possible WHERE NOT trusted \gexec
