-- Roles and databases that the specification declares, beside the product's own. DECLARED is roles.json, or {}. Run while primary, at every
-- start, when the file changes, and now and then: it says what has to be there, and changes nothing that it did not make. What it made has a
-- comment, which only a role that may change it can give, which \du+ shows, and which is in a dump of the roles. Prints what is to be logged.
\getenv declared DECLARED
\getenv owner DATABASE_OWNER
\set mark 'declared in the specification of postgresql-ha'

SET search_path = pg_catalog;
SET client_min_messages = warning;

-- Names were checked when the specification was read, and are again.
CREATE TEMPORARY TABLE wanted AS
SELECT name, login, coalesce("connectionLimit", -1) AS connection_limit, coalesce(databases, '{}') AS databases, coalesce(settings, '{}') AS settings
FROM jsonb_to_recordset(:'declared'::jsonb -> 'roles') AS r(name text, login boolean, "connectionLimit" int, databases jsonb, settings jsonb)
WHERE name ~ '^[a-z_][a-z0-9_]{0,46}$' AND name !~ '^(pg_|pgha_)' AND name <> ALL (ARRAY['postgres', 'replicator', 'rewinder', 'monitor', 'backup', :'owner']);

CREATE TEMPORARY TABLE wanted_database AS
SELECT d.name, d.owner FROM jsonb_to_recordset(:'declared'::jsonb -> 'databases') AS d(name text, owner text)
WHERE d.name ~ '^[a-z_][a-z0-9_]{0,46}$' AND d.owner ~ '^[a-z_][a-z0-9_]{0,46}$';

-- Each kind of access to a database is a role of its own: to change a role's access is to change whose member it is.
CREATE TEMPORARY TABLE wanted_access AS
SELECT w.name AS role, a.key AS database, a.value AS access,
  CASE a.value WHEN 'readOnly' THEN 'pgha_read_' WHEN 'readWrite' THEN 'pgha_write_' WHEN 'monitor' THEN 'pgha_monitor_' ELSE 'pgha_owner_' END || a.key AS granted
FROM wanted AS w, jsonb_each_text(w.databases) AS a JOIN wanted_database AS d ON d.name = a.key
WHERE a.value IN ('readOnly', 'readWrite', 'monitor', 'owner');

INSERT INTO wanted SELECT DISTINCT granted, false, -1, '{}'::jsonb, '{}'::jsonb FROM wanted_access;

-- One that nobody can log in as, and that has no more than its name, is taken over: a restore makes such for the names in a dump.
CREATE TEMPORARY VIEW found AS
SELECT w.*, r.oid, CASE
  WHEN r.oid IS NULL THEN 'new'
  WHEN shobj_description(r.oid, 'pg_authid') = :'mark' THEN 'ours'
  WHEN rolcanlogin OR rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
    OR EXISTS (SELECT FROM pg_auth_members AS m WHERE r.oid IN (m.member, m.roleid)) THEN 'foreign'
  ELSE 'bare' END AS state
FROM wanted AS w LEFT JOIN pg_authid AS r ON rolname = w.name;

SELECT format('WARN role %s is there and was not made from the specification: it is left as it is, without what is declared for it. What makes it the specification''s: COMMENT ON ROLE %I IS %L',
  name, name, :'mark') FROM found WHERE state = 'foreign';

BEGIN;
SELECT format('INFO role %s is made, as declared', name) FROM found WHERE state = 'new' AND name !~ '^pgha_';
SELECT format('CREATE ROLE %I NOLOGIN', name) FROM found WHERE state = 'new' \gexec
SELECT format('COMMENT ON ROLE %I IS %L', name, :'mark') FROM found WHERE state = 'bare' \gexec
SELECT format('ALTER ROLE %I %s CONNECTION LIMIT %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name,
  CASE WHEN login THEN 'LOGIN' ELSE 'NOLOGIN' END, connection_limit)
FROM found JOIN pg_authid USING (oid) WHERE state = 'ours'
  AND (rolcanlogin, rolconnlimit, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls) IS DISTINCT FROM (login, connection_limit, false) \gexec

-- Whoever is no longer declared keeps what it owns and what others granted it.
CREATE TEMPORARY TABLE left_over AS
SELECT rolname AS name FROM pg_authid WHERE rolcanlogin AND shobj_description(oid, 'pg_authid') = :'mark' AND NOT EXISTS (SELECT FROM wanted WHERE wanted.name = rolname);
SELECT format('WARN role %s is no longer declared: it may no longer log in. What it owns stays; REASSIGN OWNED, DROP OWNED and DROP ROLE remove it', name) FROM left_over;
SELECT format('ALTER ROLE %I NOLOGIN', name) FROM left_over \gexec

SELECT format('REVOKE %I FROM %I', g.rolname, m.rolname)
FROM pg_auth_members AS a JOIN pg_authid AS g ON g.oid = a.roleid JOIN pg_authid AS m ON m.oid = a.member
WHERE g.rolname ~ '^pgha_' AND shobj_description(g.oid, 'pg_authid') = :'mark' AND shobj_description(m.oid, 'pg_authid') = :'mark'
  AND NOT EXISTS (SELECT FROM wanted_access AS w WHERE w.role = m.rolname AND w.granted = g.rolname) \gexec
SELECT format('GRANT %I TO %I', g.name, m.name)
FROM wanted_access AS w JOIN found AS g ON g.name = w.granted JOIN found AS m ON m.name = w.role
WHERE g.state = 'ours' AND m.state = 'ours' AND NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = g.oid AND member = m.oid) \gexec
SELECT DISTINCT format('GRANT pg_monitor TO %I', g.name)
FROM wanted_access AS w JOIN found AS g ON g.name = w.granted
WHERE w.access = 'monitor' AND g.state = 'ours' AND NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'pg_monitor'::regrole AND member = g.oid) \gexec
COMMIT;

-- A database is closed until nobody but those who are meant can enter it.
SET statement_timeout = '60s';
SELECT format('WARN database %s belongs to %s, and is declared as that of %s: it is left as it is', name, regexp_replace(pg_get_userbyid(datdba), '[[:cntrl:]]', '?', 'g'), owner)
FROM wanted_database JOIN pg_database ON datname = name WHERE pg_get_userbyid(datdba) <> owner;
SELECT format('WARN database %s is not made: role %s, which is to own it, is not the specification''s', d.name, d.owner)
FROM wanted_database AS d WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = d.name)
  AND d.owner <> :'owner' AND NOT EXISTS (SELECT FROM found AS o WHERE o.name = d.owner AND state = 'ours');
CREATE TEMPORARY TABLE missing AS
SELECT d.name, d.owner FROM wanted_database AS d WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = d.name)
  AND (d.owner = :'owner' OR EXISTS (SELECT FROM found AS o WHERE o.name = d.owner AND state = 'ours'));
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ALLOW_CONNECTIONS false', name, owner) FROM missing \gexec
SELECT format('INFO database %s is made, as declared', name) FROM missing;
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', name), format('ALTER DATABASE %I ALLOW_CONNECTIONS true', name)
FROM wanted_database JOIN pg_database ON datname = name AND pg_get_userbyid(datdba) = owner WHERE NOT datallowconn \gexec

CREATE TEMPORARY TABLE usable AS
SELECT name, owner FROM wanted_database JOIN pg_database ON datname = name AND pg_get_userbyid(datdba) = owner;

BEGIN;
SELECT DISTINCT format('GRANT %I TO %I', d.owner, g.name)
FROM wanted_access AS w JOIN found AS g ON g.name = w.granted JOIN usable AS d ON d.name = w.database JOIN pg_authid AS o ON o.rolname = d.owner
WHERE w.access = 'owner' AND g.state = 'ours' AND NOT o.rolsuper AND NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = o.oid AND member = g.oid) \gexec
SELECT DISTINCT format('GRANT %s ON DATABASE %I TO %I', CASE WHEN w.access IN ('readOnly', 'monitor') THEN 'CONNECT' ELSE 'CONNECT, TEMPORARY' END, d.name, g.name)
FROM wanted_access AS w JOIN found AS g ON g.name = w.granted JOIN usable AS d ON d.name = w.database
WHERE g.state = 'ours' AND NOT has_database_privilege(g.oid, d.name, 'CONNECT') \gexec
COMMIT;

-- Limits of sessions; and whoever acts as an owner makes its objects that owner's. What is noted here goes when it is no longer declared.
BEGIN;
CREATE TEMPORARY TABLE wanted_setting AS
SELECT f.name AS role, '' AS database, s.key AS name, s.value FROM found AS f, jsonb_each_text(f.settings) AS s WHERE state = 'ours'
UNION ALL SELECT :'owner', '', s.key, s.value FROM jsonb_each_text(coalesce(:'declared'::jsonb -> 'ownerSettings', '{}')) AS s
UNION ALL SELECT m.name, d.name, 'role', d.owner
FROM wanted_access AS w JOIN found AS m ON m.name = w.role JOIN usable AS d ON d.name = w.database WHERE w.access = 'owner' AND m.state = 'ours';
DELETE FROM wanted_setting WHERE name <> ALL (ARRAY['statement_timeout', 'idle_in_transaction_session_timeout', 'temp_file_limit', 'role']);
-- What an error says of a row is not logged, as with the owner: owner.sql.
INSERT INTO wanted_setting SELECT name, '', 'log_error_verbosity', 'terse' FROM found
WHERE state = 'ours' AND login AND (SELECT source FROM pg_settings WHERE name = 'log_error_verbosity') = 'default';

CREATE TEMPORARY VIEW present_setting AS
SELECT rolname AS role, coalesce(datname, '') AS database, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
FROM pg_db_role_setting JOIN pg_authid AS r ON r.oid = setrole LEFT JOIN pg_database AS d ON d.oid = setdatabase, unnest(setconfig) AS c
WHERE setdatabase = 0 OR datname IS NOT NULL;

SELECT format('ALTER ROLE %I %s RESET %I', role, CASE database WHEN '' THEN '' ELSE format('IN DATABASE %I', database) END, name)
FROM postgresql_ha.declared_setting AS d JOIN present_setting AS p USING (role, database, name)
WHERE NOT EXISTS (SELECT FROM wanted_setting AS w WHERE (w.role, w.database, w.name) = (d.role, d.database, d.name)) \gexec
DELETE FROM postgresql_ha.declared_setting AS d WHERE NOT EXISTS (SELECT FROM wanted_setting AS w WHERE (w.role, w.database, w.name) = (d.role, d.database, d.name));
SELECT format('ALTER ROLE %I %s SET %I = %L', role, CASE database WHEN '' THEN '' ELSE format('IN DATABASE %I', database) END, name, value)
FROM wanted_setting AS w WHERE NOT EXISTS (SELECT FROM present_setting AS p WHERE (p.role, p.database, p.name, p.value) = (w.role, w.database, w.name, w.value)) \gexec
INSERT INTO postgresql_ha.declared_setting SELECT role, database, name FROM wanted_setting ON CONFLICT DO NOTHING;
COMMIT;

-- By a record of the specification's. The one that there has to be is postgres.
SELECT DISTINCT format('WARN superuser %s may log in by the network, by a record of hbaRecords: take that away from it, or its rights', rolname)
FROM pg_hba_file_rules, unnest(user_name) AS u JOIN pg_authid ON rolname = u
WHERE rolsuper AND rolname <> 'postgres' AND rolname ~ '^[a-z_][a-z0-9_]*$' AND type <> 'local' AND auth_method <> 'reject';

-- Where there is more to do.
SELECT 'DATABASE ' || name FROM usable WHERE name <> 'postgres';
