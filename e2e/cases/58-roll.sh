# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a change of both StatefulSets at once, with each member as primary: the standby first, then the primary
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-roll.sh"

eventually 60 settled
rolls "a roll of both, ${primary} is primary" 8000
check "nobody was promoted" healthy "${primary}"
roll_from=${standby}
rolls "a roll of both, ${standby} is primary" 8000
check "as after every clean restart, the member named primary is primary" healthy "${primary}"

# A primary that is told to stop while its standby is not there to come back does not wait for long, and serves meanwhile.
k scale statefulset postgresql-standby --replicas=0 >/dev/null
k wait pod "${standby}" --for=delete --timeout=60s >/dev/null
began=${SECONDS}
k scale statefulset postgresql-primary --replicas=0 >/dev/null
check "without a standby the primary stops in time" k wait pod "${primary}" --for=delete --timeout=60s
check "it took at most 40 s" test "$((SECONDS - began))" -le 40
k scale statefulset postgresql-primary postgresql-standby --replicas=1 >/dev/null
check "both are back" eventually 60 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
