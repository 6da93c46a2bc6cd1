-- What somebody with the application's password can leave in the database for whoever restores, counts or dumps it: run as the owner.
-- Each trap tries to become superuser and to write the file :mark; it must never get either. psql -v mark=FILE -f e2e/planted.sql
SET client_min_messages = warning;
SELECT set_config('planted.mark', :'mark', false) AS mark \gset
DO $planted$
DECLARE
  trap text := $body$
    DECLARE attempt text;
    BEGIN
      FOREACH attempt IN ARRAY ARRAY[
        'ALTER ROLE airflow SUPERUSER', 'RESET ROLE', 'SET ROLE postgres', 'SET SESSION AUTHORIZATION postgres', 'ALTER ROLE airflow CREATEROLE',
        'ALTER ROLE backup PASSWORD ''known''', 'GRANT pg_execute_server_program, pg_write_server_files TO airflow',
        'COPY (SELECT 1) TO PROGRAM ''touch MARK''', 'COPY (SELECT 1) TO ''MARK''', 'CREATE EXTENSION plpython3u'] LOOP
        BEGIN EXECUTE attempt; EXCEPTION WHEN OTHERS THEN NULL; END;
      END LOOP;
      RETURN RESULT;
    END $body$;
  name text;
BEGIN
  trap := replace(trap, 'MARK', replace(current_setting('planted.mark'), '''', ''''''''''));
  FOR n IN 1..30 LOOP
    name := format('planted_%s', n);
    EXECUTE format('CREATE SCHEMA %I', name);
    EXECUTE format('CREATE FUNCTION %I.checks(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS %L', name, replace(trap, 'RESULT', 'true'));
    EXECUTE format('CREATE FUNCTION %I.number(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS %L', name, replace(trap, 'RESULT', '$1'));
    EXECUTE format('CREATE FUNCTION %I.both(int, int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS %L', name, replace(trap, 'RESULT', 'true'));
    EXECUTE format('CREATE FUNCTION %I.text(int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS %L', name, replace(trap, 'RESULT', '''1''::text'));
    EXECUTE format('CREATE FUNCTION %I.fires() RETURNS trigger LANGUAGE plpgsql AS %L', name, replace(trap, 'RESULT', 'NEW'));
    EXECUTE format('CREATE FUNCTION %I.definer(int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER IMMUTABLE AS %L', name, replace(trap, 'RESULT', '$1'));
    EXECUTE format('CREATE FUNCTION %I.count() RETURNS bigint LANGUAGE plpgsql AS %L', name, replace(trap, 'RESULT', '0'));
    EXECUTE format('CREATE OPERATOR %1$I.=== (FUNCTION = %1$I.both, LEFTARG = int, RIGHTARG = int)', name);
    EXECUTE format('CREATE DOMAIN %1$I.checked AS int CHECK (%1$I.checks(VALUE))', name);
    EXECUTE format('CREATE TYPE %I.pair AS (one int, two int)', name);
    EXECUTE format('CREATE FUNCTION %1$I.casts(%1$I.pair) RETURNS int LANGUAGE plpgsql IMMUTABLE AS %2$L', name, replace(trap, 'RESULT', '1'));
    EXECUTE format('CREATE CAST (%1$I.pair AS int) WITH FUNCTION %1$I.casts(%1$I.pair) AS IMPLICIT', name);
    EXECUTE format('CREATE TABLE %1$I.rows (id int PRIMARY KEY CHECK (%1$I.checks(id)), checked %1$I.checked, made int GENERATED ALWAYS AS (%1$I.number(id)) STORED,'
      ' given int DEFAULT %1$I.number(1), cast_one int DEFAULT ROW(1, 2)::%1$I.pair, CHECK (id OPERATOR(%1$I.===) id))', name);
    EXECUTE format('INSERT INTO %I.rows (id, checked) SELECT i, i FROM generate_series(1, 5) AS i', name);
    EXECUTE format('CREATE INDEX ON %1$I.rows (%1$I.text(id)) WHERE %1$I.checks(id)', name);
    EXECUTE format('CREATE INDEX ON %1$I.rows ((%1$I.number(1) + id))', name);
    EXECUTE format('CREATE STATISTICS %1$I.said ON %1$I.number(id), id FROM %1$I.rows', name);
    EXECUTE format('CREATE TRIGGER fires BEFORE INSERT OR UPDATE ON %1$I.rows FOR EACH ROW EXECUTE FUNCTION %1$I.fires()', name);
    EXECUTE format('CREATE TRIGGER fires_once AFTER INSERT OR TRUNCATE ON %1$I.rows FOR EACH STATEMENT EXECUTE FUNCTION %1$I.fires()', name);
    EXECUTE format('CREATE VIEW %1$I.seen AS SELECT id, %1$I.number(id) AS n, %1$I.definer(id) AS d FROM %1$I.rows', name);
    EXECUTE format('CREATE RULE ruled AS ON INSERT TO %1$I.seen DO INSTEAD SELECT %1$I.number(1)', name);
    EXECUTE format('ALTER TABLE %I.rows ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I.rows FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY few ON %1$I.rows USING (id < 3 AND %1$I.checks(id))', name);
    EXECUTE format('CREATE MATERIALIZED VIEW %1$I.kept AS SELECT id, %1$I.number(id) AS n FROM %1$I.rows', name);
    EXECUTE format('CREATE TABLE %I.parts (id int) PARTITION BY RANGE (id)', name);
    EXECUTE format('CREATE TABLE %1$I.part PARTITION OF %1$I.parts (CHECK (%1$I.checks(id))) FOR VALUES FROM (0) TO (100)', name);
    EXECUTE format('INSERT INTO %I.parts VALUES (1), (2)', name);
    EXECUTE format('COMMENT ON TABLE %I.rows IS %L', name, E'x\n\\! touch ' || current_setting('planted.mark') || E'\nALTER ROLE airflow SUPERUSER;\n');
  END LOOP;
  FOREACH name IN ARRAY ARRAY['x"; ALTER ROLE airflow SUPERUSER; --', '$name$; ALTER ROLE airflow SUPERUSER; SELECT $name$', 'x''; ALTER ROLE airflow SUPERUSER; --',
    E'line\n\\! touch ' || current_setting('planted.mark') || E'\nbreak', '\! touch ' || current_setting('planted.mark'), '$(touch ' || current_setting('planted.mark') || ')',
    '`touch ' || current_setting('planted.mark') || '`', ':mark', 'a.b', 'FROM stdin;', '\.'] LOOP
    EXECUTE format('CREATE TABLE %I (id int)', name);
    EXECUTE format('INSERT INTO %I VALUES (1), (2)', name);
  END LOOP;
  -- Names in which a string ends elsewhere, for who reads a backslash as an escape, or a letter as two.
  FOREACH name IN ARRAY ARRAY['w\''; \! touch ' || current_setting('planted.mark') || ' # ', 'x\''; \c - postgres\\ALTER ROLE airflow SUPERUSER; --', '乗''\! touch ' || current_setting('planted.mark') || ' # '] LOOP
    EXECUTE format('CREATE TABLE %I (id int)', name);
  END LOOP;
  EXECUTE format('CREATE POLICY "Restrict TO user" ON planted_1.parts USING (id::text <> %L)', 'TO "a, evil SUPERUSER; \! touch ' || current_setting('planted.mark') || ' #, b"');
  CREATE TEXT SEARCH DICTIONARY planted_dictionary (TEMPLATE = pg_catalog.simple, STOPWORDS = english, ACCEPT = false);
  CREATE FUNCTION bt_index_parent_check(index oid, heapallindexed boolean, rootdescend boolean) RETURNS void LANGUAGE plpgsql AS $amcheck$
    BEGIN ALTER ROLE airflow SUPERUSER; EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'touch ' || current_setting('planted.mark', true)); EXCEPTION WHEN OTHERS THEN NULL; END $amcheck$;
  CREATE TABLE texts (line text);
  INSERT INTO texts VALUES ('\!'), (E'\\.\n\\! touch ' || current_setting('planted.mark')), ('ALTER TABLE public.texts OWNER TO postgres;'), ('\unrestrict x'), (E'\restrict x');
  -- A function's text that looks like parts of a dump.
  CREATE FUNCTION looks() RETURNS text LANGUAGE sql AS $looks$SELECT '
COPY public.nothing (id) FROM stdin;
1
\.
ALTER FUNCTION public.looks() OWNER TO postgres;
CREATE EXTENSION IF NOT EXISTS file_fdw WITH SCHEMA public;
GRANT ALL ON TABLE public.texts TO nobody_at_all;
'$looks$;
END $planted$;
-- Names that shadow those of whoever comes later.
CREATE FUNCTION public.count(int) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
CREATE FUNCTION public.format(text, name, name) RETURNS text LANGUAGE sql AS $$SELECT '\! touch x'$$;
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$;
-- What decides for a client where a string ends.
SELECT pg_catalog.current_setting('server_version_num')::int < 190000 AS takes_it \gset
\if :takes_it
ALTER ROLE CURRENT_USER SET standard_conforming_strings = off;
\endif
SELECT pg_catalog.format('ALTER DATABASE %I SET client_encoding = ''GB18030''', current_database()) \gexec
