# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a bulk load at full speed and a restore of a large dump in it: the archive stays whole, and nothing false is logged
#
# Environment: BULK_GB (10) of WAL
source "${root:?}/e2e/lib-count.sh"

leader=$(primary_pod)
written() { sql "${leader}" "SELECT ((pg_current_wal_lsn() - '${began_at}') / 1000000)::bigint"; }
archiver_lag() { sql "${leader}" "SELECT (pg_current_wal_flush_lsn() - flush_lsn)::bigint FROM pg_stat_replication WHERE application_name = 'wal_archiver' AND state = 'streaming'"; }
caught_up() { (($(archiver_lag) < 33554432)); }
# As Airflow's rows are: names and times, of which many are alike. Usage: load TABLE
load() {
  app_sql "${leader}" "DROP TABLE IF EXISTS $1; CREATE TABLE $1 AS SELECT i AS id, 'scheduled__' || (timestamptz '2026-01-01' + i * interval '1 minute') AS run_id, md5(i::text) AS task_id,
    jsonb_build_object('state', 'success', 'try', i % 3) AS conf FROM generate_series(1, 1500000) AS i; CREATE INDEX ON $1 (run_id)"
}
# Usage: job CRONJOB
job() {
  k delete job e2e-bulk --ignore-not-found >/dev/null
  k create job --from="cronjob/$1" e2e-bulk >/dev/null && k wait job/e2e-bulk --for=condition=Complete --timeout=600s
}
restore_newest() { k exec "${leader}" -- bash -c 'file=$(ls /var/lib/postgresql/backups | grep "\.sql\.gz$" | tail -n 1); /scripts/restore.sh "$file" --into airflow_bulk'; }
restart_archiver() { k scale deployment postgresql-wal-archiver --replicas="$1" && k rollout status deployment/postgresql-wal-archiver --timeout=60s; }
logged_nothing_false() { ! k logs deployment/postgresql-wal-archiver | grep -E 'put back in time|WAL IS MISSING|another content'; }

load bulk
check "a large dump" job postgresql-backup
began_at=$(sql "${leader}" 'SELECT pg_current_wal_lsn()') began=${EPOCHREALTIME/./}
restore_newest >"${scratch}/restored" 2>&1 &
restoring=$!
while (($(written) < ${BULK_GB:-10} * 1000)); do load bulk; done
check "restore.sh of the large dump meanwhile" wait "${restoring}"
megabytes=$(written) seconds=$(((${EPOCHREALTIME/./} - began) / 1000000))
check "the archiver catches up" eventually 300 caught_up
printf '       %s MB of WAL in %s s, archived %s s after its beginning\n' "${megabytes}" "${seconds}" "$(((${EPOCHREALTIME/./} - began) / 1000000))"
check "its slot was never lost" is reserved sql "${leader}" "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'wal_archiver'"
check "nothing false was logged" logged_nothing_false
check "no WAL is missing" in_backups 'test ! -e wal/chain-broken'

# Alone: what was written while it was away.
restart_archiver 0 >/dev/null
began_at=$(sql "${leader}" 'SELECT pg_current_wal_lsn()')
while (($(written) < 2000)); do load bulk; done
app_sql "${leader}" 'DROP TABLE bulk'
sql "${leader}" 'CHECKPOINT'
megabytes=$(written) began=${EPOCHREALTIME/./}
restart_archiver 1 >/dev/null
check "an archiver that was away catches up" eventually 300 caught_up
printf '       %s MB of WAL archived in %s ms, its start included\n' "${megabytes}" "$(((${EPOCHREALTIME/./} - began) / 1000))"
check "a base backup" job postgresql-base-backup
check "all of it is good" k exec "${leader}" -- /scripts/verify-backup.sh --all
check "nothing false was logged either" logged_nothing_false
sql "${leader}" 'DROP DATABASE IF EXISTS airflow_bulk'
k delete job e2e-bulk --ignore-not-found >/dev/null
