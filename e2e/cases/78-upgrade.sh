# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: an installation of an older folder, from before TLS, comes to this one under four writers, with each member as primary, and goes back

# shellcheck source=../lib-count.sh
source "${root}/e2e/lib-count.sh"
# shellcheck source=../lib-automatic.sh
source "${root}/e2e/lib-automatic.sh"

# The first folder that keeps timeline numbers by member. It has no TLS, roles, metrics or pooler.
older=${UPGRADE_FROM:-61bf87f26117b147a715f260e5d85dd71688e8a8}
current=${dist}

older_folder() { mkdir -p "${scratch}/older" && git -C "${root}" archive "${older}" dist | tar -x -C "${scratch}/older"; }
kept() { app_sql "$(primary_pod)" 'SELECT count(*), sum(id) FROM kept'; }
dump() { k delete job e2e-upgrade --ignore-not-found >/dev/null && k create job --from=cronjob/postgresql-backup e2e-upgrade && k wait job/e2e-upgrade --for=condition=Complete --timeout=180s; }
newest() { in_backups 'ls postgresql_backup_*.sql.gz | tail -n 1'; }
restore_older() { k exec "$(primary_pod)" -c postgresql -- /scripts/restore.sh "${file}" --into airflow_older && is 10000 k exec "$(primary_pod)" -c postgresql -- psql -XAtqw -U postgres -d airflow_older -c 'SELECT count(*) FROM kept'; }
nothing_is_critical() {
  local answer
  answer=$(health_answer) && printf '%s\n' "${answer}" && grep -q ' checks, ' <<<"${answer}" && ! grep -q '^critical' <<<"${answer}"
}
replication_is_encrypted() { is t sql "$(primary_pod)" "SELECT bool_and(ssl) FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)"; }

# A folder is deployed under four writers. Usage: deployed FOLDER DESCRIPTION
deployed() {
  dist=$1
  start_counting
  check "$2: deployed" timeout 600 "${dist}/deploy-postgresql.sh"
  holds_after "$2" 60
  check "$2: the rows of before are there" is '10000|50005000' kept
}

check "the older folder is in the history of this checkout" older_folder
check "the step between is synthesized" synthesize upgrade
start_anew
dist="${scratch}/older/dist" client_sslmode=prefer
documented './deploy-postgresql.sh' 'first backup'
app_sql "${primary}" 'CREATE TABLE kept AS SELECT generate_series(1, 10000) AS id'
check "it takes a dump" dump
file=$(newest)

deployed "${scratch}/upgrade" "to TLS that is offered"
deployed "${current}" "to TLS that is required"
check "replication is encrypted" eventually 30 replication_is_encrypted
check "the health check finds nothing critical" eventually 120 nothing_is_critical
check "a dump of the older folder is restored" restore_older
k create job --from=cronjob/postgresql-restore-test e2e-upgrade-proof >/dev/null
check "the restore test proves it with the older folder's log" k wait job/e2e-upgrade-proof --for=condition=Complete --timeout=600s

# The step back ends at TLS that is offered: clients have to leave it before.
deployed "${scratch}/upgrade" "back to TLS that is offered"
deployed "${scratch}/older/dist" "back to the older folder"
check "back: a dump" dump

check "roles reversed: by a switchover" "${dist}/switchover.sh" --yes
check "roles reversed" eventually 60 healthy "${standby}"
deployed "${scratch}/upgrade" "roles reversed, to TLS that is offered"
deployed "${current}" "roles reversed, to TLS that is required"
check "roles reversed: replication is encrypted" eventually 30 replication_is_encrypted
k delete job e2e-upgrade e2e-upgrade-proof e2e-health --ignore-not-found >/dev/null
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
