# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of kill-long-queries.sh; statuses of the questions are their answers)
# Sessions of clients: who runs for long, and their end. Sourced after lib/procedure.sh, never run.

# What no name and no text that is shown can hold.
unit=$'\x1f'

# The primary, unless one was named.
choose_member() {
  [[ -z "${member}" ]] || return 0
  look_at_members
  member=$(seen_as primary)
  [[ -n "${member}" ]] || die 1 "$(all_roles): there is no primary; --member asks another one"
}

# As the role monitor, which sees every session and may end none. One a line: process, its start, role, seconds, how many wait for
# it, what it waits for, application, statement. Usage: list_sessions
list_sessions() {
  timeout 20 kubectl ${context:+--context "${context}"} --namespace "${NAMESPACE}" exec -i "${member}-0" -c "${CONTAINER}" -- \
    psql -XAtqw -F "${unit}" -v ON_ERROR_STOP=1 -v age="${age}" -v idle="${idle:-no}" -v role="${role}" -v pid="${pid:-0}" -v database="${database}" -U monitor -d postgres <<'SQL'
SET search_path = pg_catalog;
WITH waits AS (SELECT unnest(pg_blocking_pids(pid)) AS blocker FROM pg_stat_activity WHERE wait_event_type = 'Lock')
SELECT a.pid, (extract(epoch FROM a.backend_start) * 1000000)::bigint, a.usename,
  extract(epoch FROM clock_timestamp() - CASE WHEN :'idle' = 'yes' THEN a.state_change ELSE a.query_start END)::bigint,
  (SELECT count(*) FROM waits WHERE blocker = a.pid),
  coalesce(a.wait_event_type || ':' || a.wait_event, '-'),
  left(regexp_replace(a.application_name, '[^[:print:]]', '?', 'g'), 24),
  left(regexp_replace(a.query, '[^[:print:]]+', ' ', 'g'), 80)
FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
WHERE a.backend_type = 'client backend' AND a.datname = :'database'
  AND NOT r.rolsuper AND NOT r.rolreplication AND a.usename <> ALL (ARRAY['postgres', 'replicator', 'rewinder', 'monitor', 'backup'])
  AND a.usename !~ '[[:cntrl:]]' AND (:'role' = '' OR a.usename = :'role') AND (:pid = 0 OR a.pid = :pid)
  AND CASE WHEN :'idle' = 'yes'
    THEN a.state IN ('idle in transaction', 'idle in transaction (aborted)') AND clock_timestamp() - a.state_change >= make_interval(secs => :age)
    ELSE a.state = 'active' AND clock_timestamp() - a.query_start >= make_interval(secs => :age) END
ORDER BY 4 DESC, 1;
SQL
}

# Usage: show_sessions LIST
show_sessions() {
  local process start who seconds waiting event application text
  say "${member}, database ${database}:"
  printf '  %-8s %-16s %8s %7s  %-20s %-24s %s\n' process role seconds waiting 'waits for' application statement
  while IFS=${unit} read -r process start who seconds waiting event application text; do
    printf '  %-8s %-16s %8s %7s  %-20s %-24s %s\n' "${process}" "${who}" "${seconds}" "${waiting}" "${event}" "${application:--}" "${text}"
  done <<<"$1"
}

# With the rights of the session's own role, which can hit no other's. A process that is another one by now has another start. The
# connection is the superuser's, because that gets in when clients have taken every other one. Usage: hit_sessions LIST
hit_sessions() {
  local process start who rest hit='pg_cancel_backend'
  [[ -z "${terminate}" ]] || hit='pg_terminate_backend'
  while IFS=${unit} read -r process start who rest <&3; do
    psql_in "${member}-0" postgres postgres -v process="${process}" -v start="${start}" -v who="${who}" -v hit="${hit}" <<'SQL' >/dev/null || say "  ${process}: was not reached, see above"
SET search_path = pg_catalog;
SET ROLE :"who";
SELECT :"hit"(pid) FROM pg_stat_activity WHERE pid = :process AND (extract(epoch FROM backend_start) * 1000000)::bigint = :start;
SQL
  done 3<<<"$1"
}

# Those of the list that are still there. Usage: left_of LIST
left_of() {
  local now process start rest
  now=$(list_sessions) || return 1
  while IFS=${unit} read -r process start rest; do
    if grep -q "^${process}${unit}${start}${unit}" <<<"${now}"; then printf '%s ' "${process}"; fi
  done <<<"$1"
}

# Usage: await_sessions LIST
await_sessions() {
  local left deadline=$((SECONDS + timeout)) hint=''
  [[ -n "${terminate}" ]] || hint='; --terminate ends their sessions'
  while true; do
    left=$(left_of "$1") || die 1 "whether they are gone cannot be seen; run this again with --dry-run"
    [[ -n "${left}" ]] || break
    ((SECONDS < deadline)) || die 1 "after ${timeout} s these are still there: ${left% }${hint}"
    sleep 1
  done
  say "gone: $(grep -c . <<<"$1")"
}
