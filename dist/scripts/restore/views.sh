# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of restore.sh; statuses of the questions are their answers)
# No dump has the rows of a materialized view: its owner fills it anew. What it does not get that way is said. Sourced by restore.sh after
# restore/dump.sh, never run.

# Those without rows, whether their query failed or they never had any.
IFS= read -rd '' unfilled_views <<'SQL' || true
SELECT regexp_replace(string_agg(oid::regclass::text, ', ' ORDER BY oid), '[[:cntrl:]]', '?', 'g') FROM pg_class WHERE relkind = 'm' AND NOT relispopulated
SQL

# Those that have other rows without the policies that hold for the owner of a table as well (FORCE ROW LEVEL SECURITY): such a view may have been
# filled before there was a policy, or by a role that it does not hold for. Each is filled without them, counted, and nothing of it stays.
IFS= read -rd '' limited_views <<'SQL' || true
BEGIN;
DO $$
DECLARE
  relation regclass;
  rows_with bigint;
  rows_without bigint;
  found text := '';
BEGIN
  FOR relation IN SELECT oid FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND pg_has_role(relowner, 'MEMBER') AND relpersistence <> 't' LOOP
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
  END LOOP;
  IF relation IS NOT NULL THEN
    FOR relation IN SELECT oid FROM pg_class WHERE relkind = 'm' AND relispopulated AND pg_has_role(relowner, 'MEMBER') ORDER BY oid LOOP
      BEGIN
        EXECUTE format('SELECT pg_catalog.count(*) FROM %s', relation) INTO rows_with;
        EXECUTE format('REFRESH MATERIALIZED VIEW %s', relation);
        EXECUTE format('SELECT pg_catalog.count(*) FROM %s', relation) INTO rows_without;
        IF rows_with <> rows_without THEN
          found := found || format('%s has %s rows, and %s without policies' || E'\n', regexp_replace(relation::text, '[[:cntrl:]]', '?', 'g'), rows_with, rows_without);
        END IF;
      EXCEPTION WHEN OTHERS THEN
        found := found || format('%s cannot be filled without policies' || E'\n', regexp_replace(relation::text, '[[:cntrl:]]', '?', 'g'));
      END;
    END LOOP;
  END IF;
  PERFORM set_config('restore.views', found, true);
END $$;
SELECT current_setting('restore.views');
ROLLBACK;
SQL

# Usage: compare_views; the database is restored, and its tables are compared
compare_views() {
  local found
  found=$(as_owner "${scratch}" -c "${unfilled_views}") || log_warn "whether all materialized views of ${scratch} are filled cannot be asked"
  [[ -z "${found}" ]] || log_warn "materialized views that are not filled, because that failed (the warning above says why) or as they were: ${found}"
  found=$(as_owner "${scratch}" <<<"${limited_views}") || log_warn "the materialized views of ${scratch} cannot be compared"
  found=$(tr -s '\n' <<<"${found}")
  [[ -z "${found}" ]] || log_warn "materialized views were filled as ${DATABASE_OWNER} fills them, for whom policies of FORCE ROW LEVEL SECURITY hold, and may have had more rows: ${found//$'\n'/; }"
}
