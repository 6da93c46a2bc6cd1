# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# long: restore-pitr.sh to moments before and after a failover, and again after a recovery
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-pitr.sh"

fail_over() {
  k scale statefulset postgresql-primary --replicas=0 && k wait pod "${primary}" --for=delete --timeout=120s &&
    k exec "${standby}" -- touch /tmp/promote_trigger && eventually 30 is f in_recovery "${standby}" &&
    k scale statefulset postgresql-primary --replicas=1 && eventually 120 settled
}

failover_story fail_over
