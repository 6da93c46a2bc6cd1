# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# restore-pitr.sh: a dropped table is back as of a moment, the standby follows, refusals touch nothing

pitr() { k exec "${primary}" -- /scripts/restore-pitr.sh "$@"; }
rows() { app_sql "${primary}" 'SELECT count(*), sum(id) FROM e2e_pitr'; }

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_pitr; CREATE TABLE e2e_pitr AS SELECT generate_series(1, 1000) AS id'
check "there is a base backup" eventually 300 k exec "${primary}" -- sh -c 'ls -d /var/lib/postgresql/backups/base/postgresql_base_*'
sleep 2
app_sql "${primary}" 'INSERT INTO e2e_pitr VALUES (1001)'
moment=$(sql "${primary}" "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'")
app_sql "${primary}" 'DELETE FROM e2e_pitr WHERE id > 10'
app_sql "${primary}" 'DROP TABLE e2e_pitr'
sql "${primary}" 'SELECT pg_switch_wal()' >/dev/null

check "the future is refused" refuses 'is in the future' pitr --target-time '2099-01-01 00:00:00+00' --yes
check "what was before the first base backup is refused" refuses 'before the end of the first base backup' pitr --target-time '2001-01-01 00:00:00+00' --yes
check "two targets are refused" refuses 'exactly one target' pitr --latest --target-lsn 0/1
documented "kubectl exec -n airflow postgresql-primary-0 -- /scripts/restore-pitr.sh --list" 'postgresql_base_'
check "the archive reaches the moment" eventually 60 pitr --target-time "${moment}" --dry-run
documented "kubectl exec -n airflow postgresql-primary-0 -- /scripts/restore-pitr.sh --target-time '${moment}' --dry-run" 'nothing was touched'
documented "kubectl exec -n airflow postgresql-primary-0 -- /scripts/restore-pitr.sh --target-time '${moment}' --yes" 'the database is as of'
check "the rows are as they were at the moment" is '1001|501501' rows
check "what was there is kept" is 1 k exec "${primary}" -- sh -c 'ls -d /var/lib/postgresql/data/pgdata.before-pitr-* | wc -l'
check "the standby follows onto the new timeline" eventually 180 is '1001|501501' app_sql "${standby}" 'SELECT count(*), sum(id) FROM e2e_pitr'
check "and streams" eventually 60 is 1 sql "${primary}" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'postgresql-standby%'"
app_sql "${primary}" 'DROP TABLE e2e_pitr'
