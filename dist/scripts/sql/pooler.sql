-- What the role of the pooler may do, where the specification declares that role: ask for the verifier of who logs in. Of roles that the product needs
-- itself, and of superusers, it learns nothing. Run after declared.sql, which makes the role.
\getenv owner DATABASE_OWNER
\set mark 'declared in the specification of postgresql-ha'

SET search_path = pg_catalog;
SET client_min_messages = warning;

SELECT EXISTS (SELECT FROM pg_authid WHERE rolname = 'pooler' AND rolcanlogin AND shobj_description(oid, 'pg_authid') = :'mark') AS pools \gset
\if :pools
BEGIN;
SELECT format($definition$
CREATE OR REPLACE FUNCTION postgresql_ha.pooler_verifier(name text, OUT usename text, OUT passwd text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
  SELECT rolname::text, rolpassword FROM pg_authid
  WHERE rolname = name AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND NOT rolbypassrls
    AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
    AND name <> ALL (ARRAY['postgres', 'replicator', 'rewinder', 'monitor', 'backup', 'pooler'])
    AND (name = %L OR shobj_description(oid, 'pg_authid') = %L)
$$ $definition$, :'owner', :'mark') \gexec
REVOKE EXECUTE ON FUNCTION postgresql_ha.pooler_verifier(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA postgresql_ha TO pooler;
GRANT EXECUTE ON FUNCTION postgresql_ha.pooler_verifier(text) TO pooler;
GRANT CONNECT ON DATABASE postgres TO pooler;
-- It gets in when clients have taken all other connections.
SELECT current_setting('server_version_num')::int >= 160000 AS reserves \gset
\if :reserves
GRANT pg_use_reserved_connections TO pooler;
\endif
COMMIT;
\endif
