-- Roles, what they may do, and what the members of this installation ask each other.
-- Run in a new cluster and again at every start as primary: it says what has to be there, and changes nothing else. All of it
-- happens or nothing. What the owner can hold is in owner.sql, which runs next. Passwords follow from the Secret.
\getenv owner DATABASE_OWNER
\getenv database DATABASE_NAME

SET search_path = pg_catalog;
SET client_min_messages = warning;
BEGIN;

SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['replicator', 'rewinder', 'monitor', 'backup', :'owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE replicator LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE rewinder LOGIN NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE monitor LOGIN NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE backup LOGIN NOREPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT pg_monitor TO monitor;
GRANT pg_read_all_data TO backup;
-- Since when somebody has held a lock that the dump waits for.
GRANT pg_read_all_stats TO backup;
-- Large objects are nobody's but their owner's, and a single one that cannot be read ends a dump.
ALTER ROLE backup SET lo_compat_privileges = on;

-- These get in when the application has taken all other connections. Before PostgreSQL 16 nothing can be reserved for them: owner.sql
-- keeps the application's owner from taking as many.
SELECT current_setting('server_version_num')::int >= 160000 AS reserves \gset
\if :reserves
GRANT pg_use_reserved_connections TO rewinder, monitor, backup;
\endif

-- What pg_rewind reads: https://www.postgresql.org/docs/17/app-pgrewind.html
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean),
  pg_read_binary_file(text), pg_read_binary_file(text, bigint, bigint, boolean) TO rewinder;

REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO rewinder, monitor, backup;

-- A base backup ends with the WAL segment that it needs.
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO backup;

CREATE SCHEMA IF NOT EXISTS postgresql_ha;
GRANT USAGE ON SCHEMA postgresql_ha TO rewinder, monitor;

-- The supervisor's notes about the server that answers.
CREATE OR REPLACE FUNCTION postgresql_ha.instance_state() RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT pg_read_file(current_setting('data_directory') || '/../state/instance.state') $$;

-- A request to the supervisor of the server that answers; it goes through the same guards as a request by hand. Beside who asks it
-- learns from where.
CREATE OR REPLACE FUNCTION postgresql_ha.request(action text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF action NOT IN ('promote', 'restart', 'meet') THEN
    RAISE EXCEPTION 'unknown request "%": promote, restart or meet', action;
  END IF;
  EXECUTE format('COPY (SELECT session_user, host(inet_client_addr())) TO %L', current_setting('data_directory') || '/../state/request.' || action);
END
$$;

-- Rows of the failover drill.
CREATE TABLE IF NOT EXISTS postgresql_ha.failover_probe (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  timeline text NOT NULL DEFAULT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
);
GRANT SELECT, INSERT, DELETE ON postgresql_ha.failover_probe TO rewinder;

-- Which settings of roles follow from the specification (declared.sql): those that it no longer declares are reset.
CREATE TABLE IF NOT EXISTS postgresql_ha.declared_setting (role text, database text, name text, PRIMARY KEY (role, database, name));

-- Which statements cost most, for whoever has pg_monitor: only a server that has loaded the library counts them.
SELECT current_setting('shared_preload_libraries') ~ '(^|[ ,"])pg_stat_statements($|[ ,"])' AS counts \gset
\if :counts
CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA postgresql_ha;
\endif

REVOKE EXECUTE ON FUNCTION postgresql_ha.instance_state(), postgresql_ha.request(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postgresql_ha.instance_state() TO monitor;
GRANT EXECUTE ON FUNCTION postgresql_ha.request(text) TO rewinder;

COMMIT;
