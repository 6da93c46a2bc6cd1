# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover: restore-pitr.sh to moments before and after a failover, the pause of Patroni, the new timeline on all
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-pitr.sh"

fail_over() {
  k scale statefulset postgresql-primary --replicas=0 && eventually 60 is f in_recovery "${standby}" &&
    k scale statefulset postgresql-primary --replicas=1 && eventually 120 settled
}

not_paused() {
  local list
  list=$(patronictl list) && ! grep -qi 'maintenance mode' <<<"${list}"
}

manual=${dist}
become_automatic
failover_story fail_over
check "Patroni is not paused" not_paused
check "back to manual" "${manual}/change-failover.sh" --yes
dist=${manual}
check "both are healthy" eventually 120 settled
