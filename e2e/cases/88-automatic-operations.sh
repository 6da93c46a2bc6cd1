# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover: drains, odd passwords, self-heal by GitOps, procedures killed between two steps, the trigger's odd moments
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

# Usage: set_password KEY; anything that a person may think of, the same for all
set_password() {
  printf '{"data": {"%s": "%s"}}' "$1" "$(printf '%s' "odd\"quoted' \\\$ %:@/#{}[],&*!|>ü-$(head -c 60 /dev/urandom | base64 -w 0)" | base64 -w 0)" |
    k patch secret postgresql-secret --type=merge --patch-file=/dev/stdin
}

manual=${dist}
synthesize automatic
build_image "${scratch}/automatic"
dist="${scratch}/automatic"

for steps in 0 1 2 3; do
  start_counting
  killed_after "${steps}" "${dist}/change-failover.sh" --yes
  check "change-failover.sh killed after ${steps} steps, to automatic: run again" "${dist}/change-failover.sh" --yes
  holds_after "change-failover.sh killed after ${steps} steps, to automatic" 60
  start_counting
  killed_after "${steps}" "${manual}/change-failover.sh" --yes
  check "change-failover.sh killed after ${steps} steps, to manual: run again" "${manual}/change-failover.sh" --yes
  holds_after "change-failover.sh killed after ${steps} steps, to manual" 60
done
check "change-failover.sh to automatic" "${dist}/change-failover.sh" --yes

for steps in 0 1; do
  start_counting
  killed_after "${steps}" "${dist}/switchover.sh" --yes
  holds_after "switchover.sh killed after ${steps} steps" 60
  roles_back
done

for key in postgres replicator rewinder patroni monitor backup airflow; do set_password "${key}-password" >/dev/null; done
sleep 75 # a kubelet takes a minute to hand a Secret on
start_counting
leader=$(primary_pod)
lose_primary "${leader}"
k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
holds_after "a lost primary, all passwords odd" 90 100
check "rebuild-standby.sh with odd passwords" "${dist}/rebuild-standby.sh" --yes
check "patronictl with odd passwords" patronictl list
roles_back

standby_node=$(node_of "${standby}") primary_node=$(node_of "${primary}")
trap 'kubectl uncordon "${standby_node}" "${primary_node}" >/dev/null' EXIT
start_counting "${primary_node}"
check "a drain of the standby's node" drain "${standby_node}"
check "the primary goes on" writes_go_on
kubectl uncordon "${standby_node}" >/dev/null
holds_after "a drain of the standby's node" 120
start_counting "${standby_node}"
check "a drain of the primary's node" drain "${primary_node}"
check "the standby has taken over" eventually 20 is f in_recovery "${standby}"
check "writes go on meanwhile" eventually 20 writes_go_on
kubectl uncordon "${primary_node}" >/dev/null
holds_after "a drain of the primary's node" 120
roles_back

for order in "heal trigger" "trigger heal"; do
  heals_and_triggers "${order}"
  roles_back
done

start_counting
in_primary 'kill -STOP "$(head -n 1 "$PGDATA/postmaster.pid")"; sleep 5; kill -CONT "$(head -n 1 "$PGDATA/postmaster.pid")"' || true
holds_after "SIGSTOP of the postmaster for 5 s" 60
roles_back

check "postgresql-standby becomes primary" "${dist}/switchover.sh" --yes
check "the drill from postgresql-standby loses nothing" eventually 60 k exec "${standby}" -- /scripts/failover-test.sh
check "rebuild-standby.sh of postgresql-primary" "${dist}/rebuild-standby.sh" --yes
check "both are healthy, postgresql-standby is primary" eventually 60 healthy "${standby}"
for folder in "${manual}" "${dist}"; do
  start_counting
  check "change-failover.sh of ${folder##*/} while postgresql-standby is primary" "${folder}/change-failover.sh" --yes
  holds_after "change-failover.sh of ${folder##*/} while postgresql-standby is primary" 60
  check "postgresql-standby is primary still" healthy "${standby}"
done
roles_back

dist=${manual}
check "back to manual" "${dist}/change-failover.sh" --yes
check "both are healthy" eventually 60 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
