# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run; commands expand in the member
# the health check names each state that is not well, and only that one, with its exit status, and is clear again afterwards

source "${root:?}/e2e/lib-health.sh"

# Usage: status_of STATUS [ARGUMENTS…]; what pgha status prints, and that it ends so
status_of() {
  local status=0
  "${root}/pgha" status --config "$(specification "${root}/postgresql-ha.yaml")" "${@:2}" >"${answer}" 2>&1 || status=$?
  cat -- "${answer}"
  ((status == $1))
}

check "both are healthy, whatever the case before left to do" eventually 90 healthy "${primary}"
check "all is well" clear_again
check "the job says so" health_says '^healthy: [0-9]+ checks, 0 not ok$'
check "and succeeds" is 0 job_status
check "pgha status says so" status_of 0
check "it shows both members" says '^postgresql-(primary +primary|standby +standby) +[0-9]+ .* [0-9]+ of 200 '

postmaster='$(head -n 1 "${PGDATA}/postmaster.pid")'
k exec "${standby}" -c postgresql -- bash -c "kill -STOP ${postmaster}"
# In the member, without kubectl's own time.
check "a member that is silent costs less than three seconds" k exec "${primary}" -c postgresql -- bash -c 'began=${EPOCHREALTIME/./}; /scripts/health-check.sh; took=$(((${EPOCHREALTIME/./} - began) / 1000)); echo "${took} ms"; ((took < 3000))'
check "its line says it, and no other one" is '1: warning postgresql-standby answers' found
check "with the reason" says 'postgresql-standby answers +no.*: no answer in time'
check "pgha status shows the silent one" status_of 1
check "as such" says '^postgresql-standby +silent +- '
k exec "${standby}" -c postgresql -- bash -c "kill -CONT ${postmaster}"
check "it is clear again" clear_again

sql "${standby}" 'SELECT pg_wal_replay_pause()' >/dev/null
check "replay is paused" eventually 20 is '1: warning postgresql-standby replays' found
check "it says how to go on" says 'replay is paused: SELECT pg_wal_replay_resume\(\)'
sql "${standby}" 'SELECT pg_wal_replay_resume()' >/dev/null
check "it is clear again" clear_again

# Another one holds 165 of 200 connections for a while.
k exec "${primary}" -c postgresql -- bash -c 'echo "SELECT pg_sleep(600)" >/tmp/e2e-fill.sql && exec pgbench -n -U airflow -c 165 -t 1 -f /tmp/e2e-fill.sql airflow' >/dev/null 2>&1 &
check "connections are filled" eventually 30 is '1: warning postgresql-primary connections' found
check "it says how far" says 'postgresql-primary connections +8[0-9] %, warns from 80 %'
sql "${primary}" "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'pgbench'" >/dev/null
check "it is clear again" clear_again

app_sql "${primary}" 'CREATE TABLE e2e_health (id int)' >/dev/null
app_sql "${primary}" 'BEGIN; LOCK TABLE e2e_health; SELECT pg_sleep(600)' >/dev/null 2>&1 &
app_sql "${primary}" 'SELECT pg_sleep(0.5); LOCK TABLE e2e_health; SELECT 1' >/dev/null 2>&1 &
check "a session waits for a lock" eventually 30 is '1: warning postgresql-primary locks' found LOCK_WAIT_MAX_SECONDS=2
check "it names the one that holds it" says 'for process [1-9][0-9]*: SELECT pg_terminate_backend\([1-9][0-9]*\) ends the one that holds it'
check "ended as it says" sql "${primary}" "$(sed -n 's/.*: \(SELECT pg_terminate_backend([0-9]*)\) ends.*/\1/p' "${answer}")"
check "it is clear again" clear_again LOCK_WAIT_MAX_SECONDS=2
app_sql "${primary}" 'DROP TABLE e2e_health' >/dev/null
