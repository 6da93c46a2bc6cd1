# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: all is lost but the backup claim, then all but an encrypted copy in an S3 server: the same system comes up, with all archived rows
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-pitr.sh"
source "${root}/e2e/lib-offsite.sh"
source "${root}/e2e/lib-planted.sh"

system_of() { sql "$1" 'SELECT system_identifier FROM pg_control_system()'; }
# All that was committed is in the archive, its unfinished segment included.
all_archived() { is t sql "${primary}" "SELECT flush_lsn >= pg_current_wal_lsn() FROM pg_stat_replication WHERE application_name = 'wal_archiver'"; }
lose_all_but_backups() {
  k delete statefulset,deployment,cronjob,job --all --wait --cascade=foreground --timeout=120s
  k delete pod --all --force --grace-period=0 2>/dev/null || true
  k delete service,configmap,secret,networkpolicy,poddisruptionbudget,rolebinding,role --all --wait
  k delete pvc --wait --timeout=120s data-postgresql-primary wal-postgresql-primary data-postgresql-standby wal-postgresql-standby
}
primary_log() { k logs "${primary}" -c postgresql --tail=200; }
says_why() { primary_log | grep 'no empty one is made'; }
says_empty() { primary_log | grep 'there is no base backup'; }
sql_in() { k exec "${primary}" -c postgresql -- psql -XAtqw -U postgres -d "$1" -c "$2"; }
# The job that fetches is started while the restore waits for it.
from_outside() {
  local dump asking
  run_offsite postgresql-backup e2e-dump && run_offsite postgresql-offsite e2e-offsite-dump || return 1
  dump=$(k exec "${primary}" -c postgresql -- sh -c "cd /var/lib/postgresql/backups && ls postgresql_backup_*.sql.gz | tail -n 1")
  in_backups "rm '${dump}' '${dump}.sha256'"
  k exec "${primary}" -c postgresql -- /scripts/restore.sh "${dump}" --from offsite --into airflow_outside &
  asking=$!
  sleep 3
  run_offsite postgresql-offsite-fetch e2e-asked && wait "${asking}"
}
dumps_other() { in_backups 'ls databases/postgresql_backup_*.airflow_other.sql.gz'; }
restores_other() {
  k exec "${primary}" -c postgresql -- bash -c '/scripts/restore.sh "databases/$(ls /var/lib/postgresql/backups/databases | grep "gz$" | tail -n 1)" --into airflow_again' &&
    is 7 sql_in airflow_again 'SELECT sum(n) FROM numbers'
}
# Who can write there may delete there.
take_copy_away() { kubectl --namespace "${s3_namespace}" exec s3 -- sh -c 'rm -rf /data/backups/*' && run_offsite postgresql-offsite e2e-offsite-gone; }
names_nothing_gone() { health_answer | awk '/off-site copy/ { asked = 1 } /off-site files/ { gone = 1 } END { exit gone || !asked }'; }
# Usage: comes_up FOLDER SYSTEM STORY WHAT_WAS_LOST
comes_up() {
  check "$4: the same database system" is "$2" system_of "${primary}"
  check "$4: all archived rows" is "$3" story "${primary}"
  check "$4: the standby has them, and streams" eventually 120 settled
  check "$4: on the standby" is "$3" story "${standby}"
  check "$4: the archive goes on" eventually 60 archives
  check "$4: the application writes" app_sql "${primary}" "INSERT INTO e2e_story (what) VALUES ('new')"
  check "$4: PITR into the time after it" eventually 120 pitr --latest --dry-run
}

synthesize bootstrap && synthesize offsite && synthesize offsite-bootstrap
begin_story
tell one
check "another base backup" run_offsite postgresql-base-backup e2e-base
tell two
check "all is archived" eventually 60 all_archived
system=$(system_of "${primary}")
lose_all_but_backups >/dev/null
check "an instance without data beside backups makes no empty database" refuses . "${dist}/deploy-postgresql.sh" --timeout 30
check "it says why" eventually 60 says_why
check "deploys with bootstrap.fromBackup" "${scratch}/bootstrap/deploy-postgresql.sh" --timeout 240
comes_up "${scratch}/bootstrap" "${system}" 'one two' "all but the backup claim lost"

check "images of rclone and of an S3 server" build_offsite_images
check "an S3 server" start_s3
check "its remote" give_remote
check "deploys with backup.offsite" "${scratch}/offsite/deploy-postgresql.sh" --timeout 240
tell three
check "all is archived again" eventually 60 all_archived
check "the copy is made" run_offsite postgresql-offsite e2e-offsite
sql "${primary}" 'CREATE DATABASE airflow_other OWNER airflow' && k exec "${primary}" -c postgresql -- psql -XAtqw -U airflow -d airflow_other -c 'CREATE TABLE numbers AS SELECT 7 AS n'
before=$(roles_and_members)
check "30 schemas of traps, as the application's role" plant
check "a dump that only the copy has is restored beside" from_outside
reset_planted
check "roles and memberships are as they were" is "${before}" roles_and_members
check "nothing of the traps was run" nothing_was_run
check "another database is dumped as well" dumps_other
check "and is restored beside" restores_other
check "nothing is missing outside" eventually 60 names_nothing_gone
check "a bucket that was emptied is copied again" take_copy_away
check "and the health check is critical until somebody has looked" eventually 60 health_says '^critical +off-site files +GONE'
in_backups 'rm offsite/vanished'
check "it is well after that" eventually 60 names_nothing_gone
check "it has the rows" is 'one two new three' sql_in airflow_outside "SELECT string_agg(what, ' ' ORDER BY id) FROM e2e_story"
tell lost
kubectl delete namespace "${namespace}" --wait --timeout=180s >/dev/null
check "namespace and passwords" "${scratch}/offsite-bootstrap/deploy-postgresql.sh" --secrets-only
check "the remote's Secret" give_remote
"${scratch}/offsite-bootstrap/deploy-postgresql.sh" --timeout 400 >"${scratch}/deploy" 2>&1 &
deploying=$!
check "a repository that is empty is no empty database" eventually 120 says_empty
check "fetches everything" run_offsite postgresql-offsite-fetch e2e-fetch
check "the deployment completes" wait "${deploying}"
comes_up "${scratch}/offsite-bootstrap" "${system}" 'one two new three' "the namespace lost"
check "and is copied again, beside what was there" run_offsite postgresql-offsite e2e-offsite-2
kubectl delete namespace "${s3_namespace}" --wait --timeout=120s >/dev/null
check "deploys as before" "${dist}/deploy-postgresql.sh" --timeout 240
