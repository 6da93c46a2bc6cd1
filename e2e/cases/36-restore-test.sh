# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# the restore test by hand: what it proves and records, what the health check says, and that a damaged dump fails it by name

backups=/var/lib/postgresql/backups

# Runs a CronJob's job under this name, anew, to its end. Usage: run_job CRONJOB JOB
run_job() {
  k delete job "$2" --ignore-not-found
  k create job --from="cronjob/$1" "$2" && eventually 600 has_ended "$2"
}
again_test() { run_job postgresql-restore-test manual-restore-test; }
again_damaged() { run_job postgresql-restore-test e2e-restore-test; }

newest() { k exec "${primary}" -- sh -c "ls ${backups}/*.sql.gz | tail -n 1 | xargs basename"; }
proof() { k exec "${primary}" -- cat "${backups}/proof/restore-test.env"; }
proof_says() { proof | grep -E -- "$1"; }
restore_time() { proof | "${root}/pgha" restore-time -; }

k delete job manual-restore-test e2e-restore-test --ignore-not-found >/dev/null
check "there is a base backup" eventually 300 k exec "${primary}" -- sh -c "ls -d ${backups}/base/postgresql_base_*"
dump=$(newest)
documented 'kubectl create job --from=cronjob/postgresql-restore-test manual-restore-test -n airflow' 'created'
check "the restore test completes" k wait job/manual-restore-test --for=condition=Complete --timeout=600s
documented_log again_test 'kubectl logs job/manual-restore-test -n airflow' "proved in [0-9]+ s: ${dump} postgresql_base_[0-9]{8}_[0-9]{6}, last commit "
documented 'kubectl exec -n airflow postgresql-primary-0 -- cat /var/lib/postgresql/backups/proof/restore-test.env' 'RESULT=good'
check "the record names the dump" proof_says "^DUMP=${dump}\$"
check "pgha restore-time prints it" bash -o pipefail -c "kubectl exec -n ${namespace} ${primary} -- cat ${backups}/proof/restore-test.env | '${root}/pgha' restore-time - | grep -E '^restore test of .*: good\$'"
check "the health check shows its age" eventually 120 health_says '^ok +restore test +0 days, warns from [0-9]+ days'

in_backups "cp '${dump}' /tmp/whole && printf wrong | dd of='${dump}' bs=1 seek=100 conv=notrunc status=none"
again_damaged >/dev/null
check "with a damaged dump it fails" k wait job/e2e-restore-test --for=condition=Failed --timeout=10s
check "and names the dump" proof_says "^REASON=${dump}: its content does not match its checksum"
check "restore-time says so too" refuses 'failed' restore_time
check "the health check is critical" eventually 120 health_says "^critical +restore test +the newest one FAILED: ${dump}: "
in_backups "cp /tmp/whole '${dump}' && rm /tmp/whole"
again_damaged >/dev/null
check "put back, it completes" k wait job/e2e-restore-test --for=condition=Complete --timeout=10s
check "the record is good again" proof_says '^RESULT=good$'
check "and so is the health check" eventually 120 health_says '^ok +restore test +0 days'
k delete job e2e-restore-test e2e-health --ignore-not-found >/dev/null
