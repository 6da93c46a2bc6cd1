# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# SIGKILL of the postmaster, loss of both pods at once: same timeline, no row lost

timeline() { sql "${primary}" "SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)"; }
restarted() { [[ "$(restarts "${primary}")" != "$1" ]]; }

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_crash; CREATE TABLE e2e_crash AS SELECT generate_series(1, 500) AS id'
was=$(timeline) before=$(restarts "${primary}")
k exec "${primary}" -- bash -c 'kill -KILL "$(head -n 1 "$PGDATA/postmaster.pid")"' || true
check "the container restarts" eventually 30 restarted "${before}"
check "the primary is back in place" eventually 30 healthy "${primary}"
check "on the same timeline" is "${was}" timeline
check "with every row" is 500 app_sql "${primary}" 'SELECT count(*) FROM e2e_crash'

k delete pod "${primary}" "${standby}" --force --grace-period=0 >/dev/null 2>&1
check "after both pods were deleted by force, both are back in their roles" eventually 120 healthy "${primary}"
check "with every row" is 500 app_sql "${primary}" 'SELECT count(*) FROM e2e_crash'
