# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# faults under four writers: SIGKILL of a backend, the postmaster, process 1; SIGSTOP; deleted pods; trigger after a crash
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"

kill_backend() {
  sql "$(primary_pod)" "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'nobody'" >/dev/null
  in_primary 'kill -KILL "$(psql -XAtqw -U postgres -c "SELECT pid FROM pg_stat_activity WHERE usename = '\''airflow'\'' LIMIT 1")"'
}
started_in_place() { grep -q "PostgreSQL started in place" <(k logs "$1" -c postgresql); }

start_counting
crashed=$(primary_pod) before=$(restarts "$(primary_pod)")
kill_backend || true
holds_after "SIGKILL of a backend" 30
check "PostgreSQL was started in place, in the same container" is "${before}" restarts "${crashed}"
check "by its supervisor" started_in_place "${crashed}"

start_counting
kill_postmaster || true
holds_after "SIGKILL of the postmaster" 45

start_counting
in_primary 'kill -STOP "$(head -n 1 "$PGDATA/postmaster.pid")"; sleep 5; kill -CONT "$(head -n 1 "$PGDATA/postmaster.pid")"'
holds_after "SIGSTOP of the postmaster for 5 s" 30

start_counting
k delete pod "$(primary_pod)" --timeout=60s >/dev/null # for two seconds it serves on, and looks whether its standby goes as well
holds_after "a deleted primary pod" 60

start_counting
k delete pod "$(primary_pod)" --force --grace-period=0 >/dev/null 2>&1
holds_after "a primary pod deleted by force" 90
# Nobody tells the archiver that the other end of its connection is gone.
check "the archive follows the primary" eventually 60 is t sql "$(primary_pod)" "SELECT count(*) = 1 AND bool_and(flush_lsn >= '$(sql "$(primary_pod)" 'SELECT pg_current_wal_lsn()')'::pg_lsn) FROM pg_stat_replication WHERE application_name = 'wal_archiver' AND state = 'streaming'"

start_counting
k delete pod "${standby}" --force --grace-period=0 >/dev/null 2>&1
holds_after "a standby pod deleted by force" 60

# The primary is stopped cleanly and the standby promoted: everything was streamed.
start_counting
k scale statefulset postgresql-primary --replicas=0 >/dev/null
k exec "${standby}" -- touch /tmp/promote_trigger
check "the standby is promoted" eventually 20 is f in_recovery "${standby}"
k scale statefulset postgresql-primary --replicas=1 >/dev/null
holds_after "a failover by the documented commands" 90
check "back by a switchover" "${dist}/switchover.sh" --yes
check "the roles are back" eventually 20 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
