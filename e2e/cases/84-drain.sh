# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a drain of each node; GitOps that heals a scaled primary at once, before and after the trigger; A, B, A, B
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"

standby_node=$(node_of "${standby}") primary_node=$(node_of "${primary}")
trap 'kubectl uncordon "${standby_node}" "${primary_node}" >/dev/null' EXIT

start_counting "${primary_node}"
check "a drain of the standby's node" drain "${standby_node}"
check "the primary goes on" writes_go_on
kubectl uncordon "${standby_node}" >/dev/null
holds_after "a drain of the standby's node" 120

start_counting "${standby_node}"
check "before a drain of the primary's node: switchover.sh" "${dist}/switchover.sh" --yes
check "a drain of that node" drain "${primary_node}"
check "writes go on meanwhile" writes_go_on
kubectl uncordon "${primary_node}" >/dev/null
holds_after "a drain of the former primary's node" 120
check "and back" "${dist}/switchover.sh" --yes

start_counting "${standby_node}"
check "a drain of the primary's node, unprepared" drain "${primary_node}"
check "nobody is promoted by it" is t in_recovery "${standby}"
kubectl uncordon "${primary_node}" >/dev/null
holds_after "a drain of the primary's node, unprepared" 120

for order in "heal trigger" "trigger heal"; do
  heals_and_triggers "${order}"
  roles_back
done

# The former primary is stopped cleanly, so nothing may be missing, however often.
for round in 1 2 3 4; do
  start_counting
  former=$(primary_pod) next=$(other_pod "$(primary_pod)")
  eventually 20 settled
  k scale statefulset "${former%-0}" --replicas=0 >/dev/null
  k wait pod "${former}" --for=delete --timeout=60s >/dev/null
  k exec "${next}" -- touch /tmp/promote_trigger
  check "round ${round}: ${next} is promoted" eventually 20 is f in_recovery "${next}"
  k scale statefulset "${former%-0}" --replicas=1 >/dev/null
  holds_after "round ${round} of A, B, A, B" 90
done
check "the roles are as in the beginning" eventually 30 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
