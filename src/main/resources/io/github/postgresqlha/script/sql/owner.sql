-- What the application's owner and its database are to have. The owner may hold its own row, and that of its database, for as long as it
-- likes: nothing is written that is so already, and what cannot be written keeps nothing of roles.sql, which runs before, from being so.
\getenv owner DATABASE_OWNER
\getenv database DATABASE_NAME

SET search_path = pg_catalog;
SET client_min_messages = warning;
BEGIN;

SELECT format('ALTER ROLE %I LOGIN', rolname) FROM pg_roles WHERE rolname = :'owner' AND NOT rolcanlogin \gexec

-- Before PostgreSQL 16 no connection can be reserved for the others.
SELECT current_setting('server_version_num')::int >= 160000 AS reserves,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - 10 AS owner_limit \gset
\if :reserves
\else
SELECT format('ALTER ROLE %I CONNECTION LIMIT %s', rolname, :owner_limit) FROM pg_roles WHERE rolname = :'owner' AND rolconnlimit <> :owner_limit \gexec
\endif

-- What an error says of a row ("Key (user)=(…) already exists", "Failing row contains") is not logged. Who sets log_error_verbosity in the
-- specification decides instead.
SELECT source = 'default' AS terse FROM pg_settings WHERE name = 'log_error_verbosity' \gset
SELECT format(CASE WHEN :'terse' THEN 'ALTER ROLE %I SET log_error_verbosity = terse' ELSE 'ALTER ROLE %I RESET log_error_verbosity' END, rolname)
FROM pg_roles WHERE rolname = :'owner' AND :'terse' <> EXISTS (SELECT FROM pg_db_role_setting
  WHERE setrole = pg_roles.oid AND setdatabase = 0 AND 'log_error_verbosity=terse' = ANY (setconfig)) \gexec

-- An owner can take backup's right to connect, and close the database to everybody or to all but a few; it cannot keep its dumps away for
-- good. Connections are limited by role (ownerLimits.connectionLimit).
CREATE TEMPORARY VIEW closed AS
SELECT datname, datallowconn, datconnlimit FROM pg_database WHERE datname = :'database'
  AND (NOT datallowconn OR datconnlimit >= 0 OR NOT EXISTS (SELECT FROM aclexplode(datacl) WHERE grantee = to_regrole('backup') AND privilege_type = 'CONNECT'));
\if :{?reconciling}
SELECT format('WARN role backup could not connect to database %s, which its owner or a person had closed to it: it can again', datname) FROM closed;
\endif
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM closed WHERE NOT datallowconn \gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT -1', datname) FROM closed WHERE datconnlimit >= 0 \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO backup', datname) FROM closed \gexec

COMMIT;
