-- The application's table with the most dead rows, and the one that gives most room back, as "dead_rows=ROWS PERCENT NAME" and
-- "bloat=BYTES PERCENT NAME". Small tables are left out: their percentages say nothing. Statistics only: no table is read, and nothing of the
-- database's owner runs.
SET search_path = pg_catalog;
SELECT format('dead_rows=%s %s %s', n_dead_tup, n_dead_tup * 100 / (n_dead_tup + n_live_tup),
  left(regexp_replace(schemaname || '.' || relname, '[^A-Za-z0-9_.-]', '_', 'g'), 200))
FROM pg_stat_user_tables WHERE n_dead_tup >= 10000
ORDER BY n_dead_tup * 100 / (n_dead_tup + n_live_tup) DESC, n_dead_tup DESC LIMIT 1;

-- A row takes its columns' average width, its header (28 bytes with its pointer) and what aligns it (4 bytes on average); pages are filled to
-- their fillfactor. What was never analyzed is not judged, and neither is what is stored out of line.
WITH width AS (
  SELECT starelid, sum((1 - stanullfrac) * stawidth) AS bytes FROM pg_statistic WHERE NOT stainherit GROUP BY starelid
), estimate AS (
  SELECT n.nspname, c.relname, c.relpages::bigint * current_setting('block_size')::bigint AS taken,
    ceil(c.reltuples * (w.bytes + 32) / (0.96 * coalesce((SELECT option_value::numeric FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor'), 100) / 100))::bigint AS needed
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN width AS w ON w.starelid = c.oid
  WHERE c.relkind IN ('r', 'm') AND c.reltuples >= 0 AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
)
SELECT format('bloat=%s %s %s', taken - needed, (taken - needed) * 100 / taken, left(regexp_replace(nspname || '.' || relname, '[^A-Za-z0-9_.-]', '_', 'g'), 200))
FROM estimate WHERE taken - needed >= 100 << 20 ORDER BY (taken - needed) * 100 / taken DESC LIMIT 1;
