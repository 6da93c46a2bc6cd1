# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run; commands expand later
# long: what the runbooks have people type, a session that holds others up and its end, an archive for support without a secret
documented 'kubectl exec -n airflow postgresql-standby-0 -- /scripts/replication-status.sh' 'postgresql-primary +primary'
documented 'kubectl logs -n airflow postgresql-primary-0 --tail=50' ''
documented 'kubectl logs -n airflow postgresql-standby-0 --tail=50' ''
documented 'kubectl logs -n airflow postgresql-primary-0 --tail=500' ''
documented 'kubectl logs -n airflow deployment/postgresql-wal-archiver --tail=50' ''
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database WHERE checksum_failures > 0;"' '\(0 rows\)'
documented 'kubectl exec -n airflow postgresql-standby-0 -- psql -U postgres -c "SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database WHERE checksum_failures > 0;"' '\(0 rows\)'
documented 'kubectl exec -n airflow postgresql-primary-0 -- pg_amcheck -U postgres -d airflow --install-missing=pg_catalog --heapallindexed' ''
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -d airflow -c "DROP EXTENSION IF EXISTS amcheck;"' 'DROP EXTENSION'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c \"SELECT wait_event_type, wait_event, state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3 ORDER BY 4 DESC;\"" 'active'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT calls, round(total_exec_time) AS ms, round(mean_exec_time) AS mean_ms, rows, left(query, 80) AS query FROM postgresql_ha.pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10;"' 'mean_ms'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT datname, age(datfrozenxid) AS xid_age FROM pg_database ORDER BY 2 DESC;"' 'airflow'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT pid, usename, state, age(backend_xmin) AS holds FROM pg_stat_activity WHERE backend_xmin IS NOT NULL ORDER BY 4 DESC LIMIT 5;"' 'holds'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT slot_name, xmin, catalog_xmin FROM pg_replication_slots;"' 'postgresql_standby'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT gid, prepared, owner FROM pg_prepared_xacts;"' '\(0 rows\)'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c \"SELECT usename, application_name, client_addr, state, count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC;\"" 'postgres'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c \"SELECT count(*) AS used, current_setting('max_connections') AS of FROM pg_stat_activity WHERE backend_type = 'client backend';\"" '200'
sql "${standby}" 'SELECT pg_wal_replay_pause()' >/dev/null
documented 'kubectl exec -n airflow postgresql-standby-0 -- psql -U postgres -c "SELECT pg_wal_replay_resume();"' ''
check "the standby replays again" is f sql "${standby}" 'SELECT pg_is_wal_replay_paused()'

documented 'kubectl exec -n airflow postgresql-primary-0 -- df -h' '^Filesystem'
documented 'kubectl describe pod postgresql-standby-0 -n airflow' 'Ready +True'
documented 'kubectl exec -n airflow postgresql-primary-0 -- du -sh /var/lib/postgresql/backups/base /var/lib/postgresql/backups/wal /var/lib/postgresql/backups' '/var/lib/postgresql/backups/wal'
documented 'kubectl exec -n airflow postgresql-primary-0 -- env BACKUP_RETENTION_DAYS=7 BACKUP_RETENTION_MINIMUM=3 /scripts/cleanup-backups.sh --dry-run' ''
k delete job cleanup --ignore-not-found >/dev/null
documented 'kubectl create job --from=cronjob/postgresql-backup cleanup -n airflow' 'created'
check "its job completes" k wait job/cleanup --for=condition=Complete --timeout=120s
documented "kubectl exec -n airflow postgresql-primary-0 -- bash -c 'du -sh /var/lib/postgresql/wal/*'" '/var/lib/postgresql/wal/wal-'
documented "kubectl exec -n airflow postgresql-primary-0 -- bash -c 'du -sh /var/lib/postgresql/data/pgdata*'" 'pgdata$'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c '\l+'" 'airflow'
documented "kubectl get configmap postgresql-ca -n airflow -o jsonpath='{.data.ca\.crt}'" 'BEGIN CERTIFICATE'

# Usage: runs_in_background POD NAME SQL; a session of the application's owner, whose client is in the pod
runs_in_background() { k exec "$1" -c postgresql -- bash -c "PGAPPNAME=$2 psql -XAtqw -U airflow -d airflow >/tmp/$2 2>&1 <<<\"$3\"" >/dev/null 2>&1 & }
# Usage: sessions NAME [STATE]
sessions() { sql "${primary}" "SELECT count(*) FROM pg_stat_activity WHERE application_name = '$1' ${2:+AND state = '$2'}"; }

app_sql "${primary}" 'CREATE TABLE e2e_held (id int); INSERT INTO e2e_held VALUES (1)' >/dev/null
runs_in_background "${primary}" e2e-idle 'BEGIN; UPDATE e2e_held SET id = 2; \! sleep 600'
check "a session holds a lock and does nothing" eventually 20 is 1 sessions e2e-idle 'idle in transaction'
runs_in_background "${primary}" e2e-waits 'UPDATE e2e_held SET id = 3; SELECT pg_sleep(600)'
check "another one waits for it" eventually 20 is 1 sessions e2e-waits active
sleep 2
documented './kill-long-queries.sh --dry-run --older-than 1' ' e2e-waits +UPDATE e2e_held'
documented './kill-long-queries.sh --idle --older-than 1 --dry-run' ' +1 +Client:ClientRead +e2e-idle'
check "that only showed them" is 1 sessions e2e-idle
documented './kill-long-queries.sh --idle --older-than 300 --yes' '^none: on postgresql-primary'
documented './kill-long-queries.sh --idle --older-than 1 --yes' '^gone: 1$'
check "its session is gone" is 0 sessions e2e-idle
check "the other one goes on" eventually 10 is 1 app_sql "${primary}" 'SELECT count(*) FROM pg_stat_activity WHERE application_name = '"'e2e-waits'"' AND wait_event = '"'PgSleep'"
sleep 2
documented './kill-long-queries.sh --older-than 300 --yes' '^none: '
documented './kill-long-queries.sh --older-than 1 --role airflow --yes' '^gone: 1$'
check "its statement was cancelled" eventually 10 is 0 sessions e2e-waits
check "the client was told" k exec "${primary}" -c postgresql -- grep -q 'canceling statement due to user request' /tmp/e2e-waits
check "no session of the product's is ever shown" is '' bash -c "cd -- '${dist}' && ./kill-long-queries.sh --older-than 0 --dry-run --database postgres | grep -E 'monitor|replicator|backup|rewinder'"
documented './kill-long-queries.sh --member postgresql-standby --dry-run' '^none: on postgresql-standby'
documented './kill-long-queries.sh --member postgresql-standby --yes' '^none: on postgresql-standby'
documented './kill-long-queries.sh --dry-run --older-than 60' '^none: '
app_sql "${primary}" 'DROP TABLE e2e_held' >/dev/null
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c \"SELECT pid, client_addr, application_name, backend_start FROM pg_stat_activity WHERE usename = 'airflow';\"" 'backend_start'
documented "kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'airflow';\"" 'pg_terminate_backend'

# What the archive has, and that nothing of the Secret is in it: neither as it is nor as base64.
plant() { k exec -i "${primary}" -c postgresql -- psql -Xq -v ON_ERROR_STOP=1 -U airflow -d airflow; }
check "the log has a password of somebody else's" plant <<'SQL'
DO $do$ BEGIN RAISE LOG '%', $plant$planted postgresql://airflow:e2e-plant-"q's@host/airflow AKIAIOSFODNN7EXAMPLE$plant$; END $do$
SQL
(cd -- "${dist}" && rm -f -- *-diagnosis-*.tar.gz)
documented './diagnose.sh' 'files, [0-9]+ bytes$'
archive=$(find "${dist}" -maxdepth 1 -name '*-diagnosis-*.tar.gz')
mkdir -p "${scratch}/diagnosis"
check "the archive can be read" tar -xzf "${archive}" -C "${scratch}/diagnosis"
rm -f -- "${archive}"
for file in summary.txt objects/events.txt logs/postgresql-primary-0.log members/postgresql-standby/replication.txt members/postgresql-primary/settings.txt; do
  check "it has ${file}" test -s "${scratch}/diagnosis/postgresql-airflow/${file}"
done
# Usage: holds_no KEY; of the Secret
holds_no() {
  local value
  value=$(k get secret postgresql-secret -o "jsonpath={.data.$1}")
  ! grep -rqF -e "${value}" -e "$(base64 -d <<<"${value}")" -- "${scratch}/diagnosis"
}
for key in $(k get secret postgresql-secret -o 'go-template={{range $key, $value := .data}}{{$key}} {{end}}'); do check "no ${key} in it" holds_no "${key}"; done
check "the planted line is in it, masked" grep -rqF 'planted postgresql://airflow:***@host/airflow ***' "${scratch}/diagnosis"
check "its password is not" bash -c "! grep -rqF e2e-plant- -- '${scratch}/diagnosis'"
check "nor a private key" bash -c "! grep -rqE 'PRIVATE KEY|AKIA[A-Z0-9]{16}|SCRAM-SHA-256[$]' -- '${scratch}/diagnosis'"
