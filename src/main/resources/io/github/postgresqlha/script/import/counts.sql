-- Counts the rows of every table: its name's sum, rows, its name. With its partitions where it has some, as another server may put a row into
-- another one. Runs in the source and here. Variables: schemas, those that are left out, with line breaks between them
SELECT format('SELECT %L || count(*) || %L FROM %s%I.%I', md5(convert_to(format('%I.%I', nspname, relname), 'UTF8')) || ' ', ' ' || regexp_replace(format('%I.%I', nspname, relname), '[[:cntrl:]]', '?', 'g'), CASE relkind WHEN 'r' THEN 'ONLY ' END, nspname, relname)
FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname <> ALL (string_to_array(:'schemas', chr(10)))
  AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = o.oid AND e.classid = o.tableoid AND e.deptype = 'e') ORDER BY nspname, relname \gexec
