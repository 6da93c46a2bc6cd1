# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: synchronous replication: required waits without a standby and loses nothing when the primary is lost at once; preferred goes on and warns
source "${root:?}/e2e/lib-count.sh"

# Usage: deploy SPECIFICATION; the folder of the case takes the place of dist/
deploy() {
  "${root}/pgha" synth --config "$(specification "${root}/e2e/specs/$1.yaml")" --out "${scratch}/$1" && "${scratch}/$1/deploy-postgresql.sh" --timeout 240
}
commits() { timeout 5 kubectl exec -n "${namespace}" "${primary}" -- psql -XAtqw -U airflow -d airflow -c 'CREATE TABLE IF NOT EXISTS e2e_sync (id int); INSERT INTO e2e_sync VALUES (1)'; }
health() { k exec "$(primary_pod)" -- env REPLICATION_LAG_MAX_BYTES=16777216 REPLICATION_LAG_MAX_SECONDS=60 CONNECTIONS_MAX_PERCENT=80 DISK_MAX_PERCENT=99 /scripts/health-check.sh; }

check "deploys with replication.synchronous, required" deploy synchronous
check "both are healthy" eventually 60 healthy "${primary}"
check "the standby confirms commits" eventually 15 is quorum sql "${primary}" "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'postgresql-standby'"
check "a commit is acknowledged" commits
k exec "${standby}" -- pg_ctl stop -D /var/lib/postgresql/data/pgdata >/dev/null
check "without the standby a commit waits" refuses '' commits
check "the health check is critical" refuses 'critical +synchronous replication +no standby confirms' health
k exec "${standby}" -- pg_ctl start -D /var/lib/postgresql/data/pgdata >/dev/null
check "with the standby back commits go on" eventually 20 commits

start_counting
k exec "${primary}" -- bash -c 'kill -KILL "$(head -n 1 "$PGDATA/postmaster.pid")"' || true
k scale statefulset postgresql-primary --replicas=0 >/dev/null
k delete pod "${primary}" --force --grace-period=0 >/dev/null 2>&1
k exec "${standby}" -- sh -c 'printf down >/tmp/promote_trigger'
check "the standby is promoted" eventually 20 is f in_recovery "${standby}"
k scale statefulset postgresql-primary --replicas=1 >/dev/null
holds_after "a primary that was lost at once, synchronous" 90
check "back by a switchover" "${dist}/switchover.sh" --yes
check "the roles are back" eventually 30 healthy "${primary}"
check "the drill loses nothing" k exec "${primary}" -- /scripts/failover-test.sh

check "deploys with dataDurability preferred" deploy preferred
check "both are healthy" eventually 60 healthy "${primary}"
check "the standby confirms commits" eventually 15 is quorum sql "${primary}" "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'postgresql-standby'"
k exec "${standby}" -- pg_ctl stop -D /var/lib/postgresql/data/pgdata >/dev/null
check "without the standby commits go on after a while" eventually 20 commits
check "the health check warns" eventually 20 refuses 'warning +synchronous replication +DEGRADED' health
k exec "${standby}" -- pg_ctl start -D /var/lib/postgresql/data/pgdata >/dev/null
check "with the standby back commits wait for it again" eventually 30 is quorum sql "${primary}" "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'postgresql-standby'"
check "back to the default" "${dist}/deploy-postgresql.sh" --timeout 240
check "both are healthy" eventually 60 healthy "${primary}"
