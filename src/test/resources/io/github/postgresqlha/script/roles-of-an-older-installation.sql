-- Roles, the application's database, and what the members of this installation ask each other.
-- Run once, in a new cluster, before anybody else can connect. Passwords follow from the Secret.
\getenv owner DATABASE_OWNER
\getenv database DATABASE_NAME

CREATE ROLE :"owner" LOGIN;
CREATE ROLE replicator LOGIN REPLICATION;
CREATE ROLE rewinder LOGIN;
CREATE ROLE monitor LOGIN IN ROLE pg_monitor;
CREATE ROLE backup LOGIN BYPASSRLS IN ROLE pg_read_all_data;

-- What pg_rewind reads: https://www.postgresql.org/docs/17/app-pgrewind.html
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean),
  pg_read_binary_file(text), pg_read_binary_file(text, bigint, bigint, boolean) TO rewinder;

REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO rewinder, monitor, backup;

-- A base backup ends with the WAL segment that it needs.
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO backup;

CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO backup;

CREATE SCHEMA postgresql_ha;
GRANT USAGE ON SCHEMA postgresql_ha TO rewinder, monitor;

-- The supervisor's notes about the server that answers.
CREATE FUNCTION postgresql_ha.instance_state() RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT pg_read_file(current_setting('data_directory') || '/../state/instance.state') $$;

-- A request to the supervisor of the server that answers; it goes through the same guards as a request by hand.
CREATE FUNCTION postgresql_ha.request(action text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF action NOT IN ('promote', 'restart') THEN
    RAISE EXCEPTION 'unknown request "%": promote or restart', action;
  END IF;
  EXECUTE format('COPY (SELECT session_user) TO %L', current_setting('data_directory') || '/../state/request.' || action);
END
$$;

-- Rows of the failover drill.
CREATE TABLE postgresql_ha.failover_probe (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  timeline text NOT NULL DEFAULT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
);
GRANT SELECT, INSERT, DELETE ON postgresql_ha.failover_probe TO rewinder;

REVOKE EXECUTE ON FUNCTION postgresql_ha.instance_state(), postgresql_ha.request(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION postgresql_ha.instance_state() TO monitor;
GRANT EXECUTE ON FUNCTION postgresql_ha.request(text) TO rewinder;
