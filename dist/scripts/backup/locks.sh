# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of backup.sh; statuses of the questions are their answers)
# One statement of one owner can lock something for as long as its transaction is open: the dump of that database ends after a while, and says who
# it waited for. pg_dump bounds its LOCK TABLE only. The definition of a view, the rows of a materialized view and the value of a sequence are locked
# when they are read, in a session whose lock_timeout pg_dump has set to 0: so that session is looked at from another one. Sourced by backup.sh, never run.

# pg_dump's session, where it waits for too long. Other sessions of this role have another application_name. With the variables "application" and "seconds".
IFS= read -rd '' waiting_dump <<'SQL' || true
SELECT l.pid FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE NOT l.granted AND a.usename = CURRENT_USER AND a.application_name = :'application'
  AND l.waitstart < pg_catalog.clock_timestamp() - pg_catalog.make_interval(secs => :seconds) LIMIT 1;
SQL

# Who keeps everybody from reading a relation of this database, or waits to, a line each; a prepared transaction has no process. What a
# session runs is not asked: it may hold a password. With the variable "pid": who waits for one of them, whatever it is; or 0.
IFS= read -rd '' lock_holders <<'SQL' || true
SELECT pg_catalog.regexp_replace(pg_catalog.format('%s of role %s%s %s %s since %s UTC', CASE WHEN l.pid IS NULL THEN 'prepared transaction ' || p.gid ELSE 'process ' || l.pid END,
  coalesce(a.usename, p.owner, '-'), CASE WHEN a.application_name <> '' THEN pg_catalog.format(' (%s)', a.application_name) END, CASE WHEN l.granted THEN 'holds' ELSE 'waits for' END,
  pg_catalog.string_agg(l.relation::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY l.relation), coalesce(a.xact_start, p.prepared)::pg_catalog.timestamptz(0)::pg_catalog.timestamp), '[[:cntrl:]]', '?', 'g')
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
    AND (c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S') AND c.relpersistence <> 't' OR c.oid IN (SELECT relation FROM pg_catalog.pg_locks WHERE pid = :pid AND NOT granted))
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
  LEFT JOIN pg_catalog.pg_locks AS x ON l.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid' AND x.virtualtransaction = l.virtualtransaction
  LEFT JOIN pg_catalog.pg_prepared_xacts AS p ON p.transaction = x.transactionid
WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
GROUP BY l.pid, p.gid, a.usename, p.owner, a.application_name, l.granted, a.xact_start, p.prepared ORDER BY l.granted DESC, coalesce(a.xact_start, p.prepared) LIMIT 20;
SQL

require_lock_wait() {
  : "${DUMP_LOCK_WAIT_SECONDS:=300}"
  is_fact '[1-9][0-9]{0,5}' "${DUMP_LOCK_WAIT_SECONDS}" || die 64 "DUMP_LOCK_WAIT_SECONDS: must be a whole number of at least 1, got '${DUMP_LOCK_WAIT_SECONDS}'"
}

# Usage: name_lock_holders [HOLDERS]; of now, where they were not seen before
name_lock_holders() {
  local found=${1:-}
  [[ -n "${found}" ]] || ask found question -v pid=0 <<<"${lock_holders}" || found="whose cannot be asked: ${reason}"
  : "${found:=nobody holds one by now}"
  fail "the dump of ${PGDATABASE} waited ${DUMP_LOCK_WAIT_SECONDS} s for a lock: ${found//$'\n'/; }"
}

# Ends what pg_dump waits for, and pg_dump with it; it is killed when pg_dump has ended. The session is looked for in another database: a locked
# catalogue keeps everybody from entering this one. Usage: watch_locks FILE; writes who holds the lock
watch_locks() {
  local pid pause=$((DUMP_LOCK_WAIT_SECONDS / 10))
  pause=$((pause < 1 ? 1 : pause > 30 ? 30 : pause))
  while true; do
    read -rt "${pause}" -u "${clock}" || true
    [[ -d "/proc/$$" ]] || return 0 # the run was killed
    pid=$(PGDATABASE=postgres question -v application="${dump_application}" -v seconds="${DUMP_LOCK_WAIT_SECONDS}" 2>/dev/null <<<"${waiting_dump}") || pid=''
    is_fact "${fact_number}" "${pid}" || continue
    question -v pid="${pid}" 2>/dev/null >"$1" <<<"${lock_holders}" || true
    PGDATABASE=postgres question -v pid="${pid}" <<<'SELECT pg_catalog.pg_cancel_backend(:pid);' >/dev/null || true
  done
}
