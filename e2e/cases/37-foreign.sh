# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# what the application's role can plant in its database, restored by restore.sh and by the restore test: nobody gets anything by it

mark=/tmp/planted_mark
roles() { sql "${primary}" "SELECT md5(string_agg(a::text, ' ' ORDER BY rolname)) FROM pg_authid a"; }
members() { sql "${primary}" "SELECT md5(string_agg(m::text, ' ' ORDER BY m::text)) FROM pg_auth_members m"; }
dumps() { in_backups 'ls postgresql_backup_*.sql.gz | wc -l'; }
newest() { in_backups 'ls postgresql_backup_*.sql.gz | tail -n 1'; }

# Usage: run_job CRONJOB; whether it completes
run_job() {
  k delete job e2e-foreign --ignore-not-found >/dev/null
  k create job --from="cronjob/$1" e2e-foreign >/dev/null && eventually 600 has_ended e2e-foreign && k wait job/e2e-foreign --for=condition=Complete --timeout=5s
}
plant() { kubectl exec -i -n "${namespace}" "${primary}" -c postgresql -- psql -XqAt -v ON_ERROR_STOP=1 -v mark="${mark}" -U airflow -d airflow -f - <"${root}/e2e/planted.sql"; }
restore() { k exec "${primary}" -- /scripts/restore.sh "$@"; }
nothing_was_run() { k exec "${primary}" -- test ! -e "${mark}" && in_backups "test ! -e ${mark}"; }

check "a dump of before" run_job postgresql-backup
clean=$(newest)
before_roles=$(roles) before_members=$(members)
check "30 schemas of traps, as the application's role" plant
check "they are dumped" run_job postgresql-backup
planted=$(newest)
check "there are two dumps" refuses '' is "${clean}" newest
count=$(dumps)
check "restore.sh restores them beside" restore "${planted}" --into airflow_planted
check "and the restore test does" run_job postgresql-restore-test
check "roles are as they were" is "${before_roles}" roles
check "so are memberships" is "${before_members}" members
check "nothing was run" nothing_was_run
check "no dump is gone" is "${count}" dumps
check "the proof is good, of that dump" in_backups "grep -qx RESULT=good proof/restore-test.env && grep -qx 'DUMP=${planted}' proof/restore-test.env"
check "the members cannot write on the backup volume" refuses 'Read-only file system' k exec "${primary}" -- touch /var/lib/postgresql/backups/x
for statement in 'ALTER ROLE airflow RESET ALL' 'ALTER DATABASE airflow RESET ALL' 'DROP DATABASE airflow_planted'; do sql "${primary}" "${statement}" >/dev/null; done
check "the dump of before is swapped in" restore "${clean}"
for database in $(sql "${primary}" "SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'"); do sql "${primary}" "DROP DATABASE ${database}" >/dev/null; done
k delete job e2e-foreign --ignore-not-found >/dev/null
