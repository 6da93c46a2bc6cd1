# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run; commands expand later
# every command of the README that changes nothing that matters, as written

# Usage: again CRONJOB JOB
again() {
  k delete job "$2"
  k create job --from="cronjob/$1" "$2" && k wait "job/$2" --for=condition=Complete --timeout=120s
}
again_backup() { again postgresql-backup manual-backup; }
again_health() { again postgresql-health-check manual-health; }

k delete job manual-backup manual-health --ignore-not-found >/dev/null
documented 'kubectl get pods -n airflow' 'postgresql-standby-0 +1/1 +Running'
documented 'kubectl exec -it -n airflow postgresql-primary-0 -- psql -U airflow -d airflow' 'f' 'SELECT pg_is_in_recovery();'
documented 'kubectl exec -it -n airflow postgresql-standby-0 -- psql -U airflow -d airflow' 't' 'SELECT pg_is_in_recovery();'
documented 'kubectl create job --from=cronjob/postgresql-backup manual-backup -n airflow' 'created'
documented 'kubectl create job --from=cronjob/postgresql-health-check manual-health -n airflow' 'created'
check "the backup job completes" k wait job/manual-backup --for=condition=Complete --timeout=120s
check "the health check completes" k wait job/manual-health --for=condition=Complete --timeout=120s
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/health-check.sh' 'healthy: [0-9]+ checks, 0 not ok'
documented 'kubectl get jobs -n airflow' 'manual-backup +Complete'
documented_log again_backup 'kubectl logs job/manual-backup -n airflow' 'backup complete: postgresql_backup_[0-9]{8}_[0-9]{6}.sql.gz.*verified'
documented_log again_health 'kubectl logs job/manual-health -n airflow' 'healthy: [0-9]+ checks, 0 not ok'
documented 'kubectl exec -n airflow postgresql-primary-0 -- ls -la /var/lib/postgresql/backups/' 'postgresql_backup_[0-9]{8}_[0-9]{6}.sql.gz$'
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/verify-backup.sh' 'is good'
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/connection-test.sh postgresql-primary' 'primary, read and write, postgresql-primary'
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/connection-test.sh postgresql-standby' 'standby, read-only, postgresql-standby'
documented 'kubectl exec -n airflow postgresql-primary-0 -- /scripts/replication-status.sh' 'postgresql-standby +standby +[0-9]+ +[0-9A-F/]+ +streaming'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT * FROM pg_stat_replication;"' 'postgresql-standby.*streaming'
documented 'kubectl exec -n airflow postgresql-primary-0 -- psql -U postgres -c "SELECT * FROM pg_replication_slots;"' 'postgresql_standby'
documented 'kubectl exec -n airflow postgresql-standby-0 -- psql -U postgres -c "SELECT pg_is_in_recovery();"' '^ t$'
documented 'kubectl exec -n airflow postgresql-standby-0 -- psql -U postgres -c "SELECT EXTRACT(EPOCH FROM (now() - pg_last_xact_replay_timestamp()));"' '[0-9]+\.[0-9]+'
documented 'kubectl exec -n airflow postgresql-standby-0 -- ping postgresql-primary' '4 tried, 4 answered'
documented 'kubectl exec -n airflow postgresql-primary-0 -- df -h /var/lib/postgresql/backups' '/var/lib/postgresql/backups'
documented 'kubectl describe pod postgresql-primary-0 -n airflow' 'Ready +True'
documented 'kubectl get pv,pvc -n airflow' 'persistentvolumeclaim/wal-postgresql-standby +Bound'

# These need something that this cluster or this moment may not have; they must say so.
check "kubectl logs --previous shows an earlier container, or that there was none" bash -c 'kubectl logs -n airflow postgresql-primary-0 --previous 2>&1 | grep -E "role: |previous terminated container .* not found"'
check "kubectl top shows usage, or that the metrics server is missing" bash -c 'kubectl top pods -n airflow 2>&1 | grep -E "postgresql-primary-0|Metrics API not available"'

setting() { sql "${primary}" "SHOW $1"; }
for setting in max_wal_senders=3 shared_buffers=256MB effective_cache_size=1GB work_mem=4MB checkpoint_completion_target=0.9 wal_buffers=16MB max_connections=200; do
  check "${setting}" is "${setting#*=}" setting "${setting%=*}"
done
documented './test-postgresql-ha.sh' '11 passed, 0 failed'
