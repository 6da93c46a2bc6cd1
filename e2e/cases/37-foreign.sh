# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# what the application's role can plant in its database, restored by restore.sh, by the restore test and to a moment: nobody gets anything by it
source "${root:?}/e2e/lib-planted.sh"

dumps() { in_backups 'ls postgresql_backup_*.sql.gz | wc -l'; }
newest() { in_backups 'ls postgresql_backup_*.sql.gz | tail -n 1'; }

# Usage: run_job CRONJOB; whether it completes
run_job() {
  k delete job e2e-foreign --ignore-not-found >/dev/null
  k create job --from="cronjob/$1" e2e-foreign >/dev/null && eventually 600 has_ended e2e-foreign && k wait job/e2e-foreign --for=condition=Complete --timeout=5s
}
restore() { k exec "${primary}" -- /scripts/restore.sh "$@"; }
to_a_moment() { k exec "${primary}" -- /scripts/restore-pitr.sh --latest "$1"; }

check "a dump of before" run_job postgresql-backup
clean=$(newest)
before=$(roles_and_members)
check "30 schemas of traps, as the application's role" plant
check "they are dumped" run_job postgresql-backup
planted=$(newest)
check "there are two dumps" refuses '' is "${clean}" newest
count=$(dumps)
check "restore.sh restores them beside" restore "${planted}" --into airflow_planted
check "a base backup has them" run_job postgresql-base-backup
check "and the restore test restores both" run_job postgresql-restore-test
check "roles and memberships are as they were" is "${before}" roles_and_members
check "nothing was run" nothing_was_run
check "no dump is gone" is "${count}" dumps
check "the proof is good, of that dump" in_backups "grep -qx RESULT=good proof/restore-test.env && grep -qx 'DUMP=${planted}' proof/restore-test.env"
check "the members cannot write on the backup volume" refuses 'Read-only file system' k exec "${primary}" -- touch /var/lib/postgresql/backups/x
check "the archive is whole" eventually 60 to_a_moment --dry-run
check "the whole server is restored to the newest moment" to_a_moment --yes
check "the standby follows" eventually 180 healthy "${primary}"
check "roles and memberships are as they were after that" is "${before}" roles_and_members
check "nothing was run by that" nothing_was_run
reset_planted
sql "${primary}" 'DROP DATABASE airflow_planted' >/dev/null
check "the dump of before is swapped in" restore "${clean}"
for database in $(sql "${primary}" "SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'"); do sql "${primary}" "DROP DATABASE ${database}" >/dev/null; done
k delete job e2e-foreign --ignore-not-found >/dev/null
