# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# restore.sh by its bare file name: what was lost is back, what was there is kept; refusals touch nothing

restore() { k exec "${primary}" -- /scripts/restore.sh "$@"; }
rows() { app_sql "${primary}" 'SELECT count(*), sum(id) FROM e2e_restore'; }
newest() { k exec "${primary}" -- sh -c 'ls /var/lib/postgresql/backups/*.sql.gz | tail -n 1 | xargs basename'; }

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_restore; CREATE TABLE e2e_restore AS SELECT generate_series(1, 1000) AS id'
k delete job e2e-backup --ignore-not-found >/dev/null
k create job --from=cronjob/postgresql-backup e2e-backup >/dev/null
check "a backup with 1000 rows" k wait job/e2e-backup --for=condition=Complete --timeout=120s
file=$(newest)
app_sql "${primary}" 'DELETE FROM e2e_restore WHERE id > 10'

check "a truncated dump is refused" refuses 'checksum' restore "$(in_backups "head -c 100 '${file}' > postgresql_backup_20200101_000000.sql.gz && cp '${file}.sha256' postgresql_backup_20200101_000000.sql.gz.sha256 && sed -i 's/${file}/postgresql_backup_20200101_000000.sql.gz/' postgresql_backup_20200101_000000.sql.gz.sha256 && echo postgresql_backup_20200101_000000.sql.gz")"
in_backups 'rm postgresql_backup_20200101_000000.sql.gz*'
check "a path is refused" refuses 'bare file name' restore ../../../etc/passwd
check "a dump that is not there is refused" refuses 'no such file' restore postgresql_backup_20240101_020000.sql.gz
check "nothing was touched" is '10|55' rows
documented 'kubectl exec -n airflow postgresql-primary-0 -- ls /var/lib/postgresql/backups/' 'sql.gz'
documented "kubectl exec -n airflow postgresql-primary-0 -- /scripts/restore.sh ${file} --into airflow_beside" 'database airflow_beside holds'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c 'DROP DATABASE airflow_beside'" 'DROP DATABASE'
documented "kubectl exec -n airflow postgresql-primary-0 -- /scripts/restore.sh ${file}" 'database airflow is now as in'
check "the rows are back" is '1000|500500' rows
check "what was there is kept" is 1 sql "${primary}" "SELECT count(*) FROM pg_database WHERE datname LIKE 'airflow_before_%'"
check "the standby has the restored database" eventually 30 is '1000' app_sql "${standby}" 'SELECT count(*) FROM e2e_restore'
k exec -i "${primary}" -- psql -XAtqw -U postgres <<<"SELECT format('DROP DATABASE %I', datname) FROM pg_database WHERE datname LIKE 'airflow\_before\_%' \gexec"
