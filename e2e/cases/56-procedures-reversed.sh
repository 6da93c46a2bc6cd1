# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: every procedure of 55-procedures and the drill once more, with postgresql-standby as primary; with few rights; killed and run again
source "${root:?}/e2e/lib-faults.sh"
source "${root}/e2e/lib-rights.sh"

rows() { app_sql "$1" 'SELECT count(*) FROM e2e_reversed'; }
dumps() { k exec "${primary}" -- bash -c 'ls /var/lib/postgresql/backups | grep -c "sql.gz$"'; }
reverse() { healthy "${standby}" || "${dist}/switchover.sh" --yes; }
back() { healthy "${primary}" || "${dist}/switchover.sh" --yes; }
# Its container cannot start: the pod is there and silent.
break_standby() {
  k patch statefulset postgresql-standby --type=json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/command", "value": ["false"]}]' &&
    eventually 60 is CrashLoopBackOff k get pod "${standby}" -o 'jsonpath={.status.containerStatuses[0].state.waiting.reason}'
}
# Kubernetes replaces no pod that is not ready.
repair_standby() { k rollout undo statefulset/postgresql-standby && k delete pod "${standby}"; }

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_reversed; CREATE TABLE e2e_reversed AS SELECT generate_series(1, 300) AS id'
check "the roles are reversed" reverse
check "postgresql-standby is primary" eventually 20 healthy "${standby}"
check "the deployment script leaves the roles alone" "${dist}/deploy-postgresql.sh"
check "postgresql-standby is primary still" eventually 20 healthy "${standby}"
check "the test script passes" eventually 60 "${dist}/test-postgresql-ha.sh"

for round in 1 2 3; do
  check "reversed, round ${round}: the drill loses nothing" k exec "${standby}" -- /scripts/failover-test.sh
  grep -E 'failover|hand-back|rows' "${scratch}/output" | sed 's/^/       /'
  check "reversed, round ${round}: both are healthy" eventually 30 healthy "${standby}"
done
check "on postgresql-primary the drill is refused, and names where" refuses 'kubectl exec postgresql-standby-0' k exec "${primary}" -- /scripts/failover-test.sh

check "rebuild-standby.sh rebuilds postgresql-primary" "${dist}/rebuild-standby.sh" --yes
check "both are healthy" eventually 20 healthy "${standby}"
before=$(dumps)
check "rebuild-standby.sh --delete-volumes, of the member with the backup volume" "${dist}/rebuild-standby.sh" --yes --delete-volumes
check "both are healthy" eventually 20 healthy "${standby}"
check "its dumps are there" is "${before}" dumps
check "it has every row" eventually 20 is 300 rows "${primary}"

for steps in 1 3; do
  killed_after "${steps}" "${dist}/switchover.sh" --yes
  check "reversed: switchover.sh killed after ${steps} steps ends when it is run again" ends healthy "${primary}" -- "${dist}/switchover.sh" --yes
  check "reversed again" reverse
  check "postgresql-standby is primary" eventually 20 healthy "${standby}"
done

allow_procedures
check "who may not exec is told so, and nothing is done" refuses 'cannot tell what postgresql-primary is: .*orbidden' as_account e2e-blind "${dist}/failover.sh" --yes
check "both are healthy" healthy "${standby}"
check "who may not read nodes can switch over" as_account e2e-operator "${dist}/switchover.sh" --yes
check "and back" as_account e2e-operator "${dist}/switchover.sh" --yes
check "postgresql-standby is primary" eventually 20 healthy "${standby}"

check "the container of the primary cannot start" break_standby
# It takes over; the one that cannot start does not join before a deployment has repaired it.
as_account e2e-operator "${dist}/failover.sh" --yes --timeout 20 >"${scratch}/unseen" 2>&1 || true
check "who may not read nodes is told that a node cannot be seen" grep -q 'cannot be seen whether node node-. of postgresql-standby is off' "${scratch}/unseen"
check "postgresql-primary is primary" eventually 20 is f in_recovery "${primary}"
sed 's/^/       /' "${scratch}/unseen"
check "its container is repaired" repair_standby
check "both are healthy" eventually 60 healthy "${primary}"
check "every row is there" is 300 rows "${primary}"

check "reversed again" reverse
k scale statefulset postgresql-standby --replicas=0 >/dev/null
check "postgresql-standby is gone" k wait pod "${standby}" --for=delete --timeout=60s
check "failover.sh to postgresql-primary" "${dist}/failover.sh" --yes
check "postgresql-primary is primary" eventually 20 healthy "${primary}"
check "every row is there" is 300 rows "${primary}"
check "the roles are back" back
forbid_procedures
