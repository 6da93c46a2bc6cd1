# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a change of both StatefulSets at once under Patroni, with each member as primary; a Patroni of which only the loop hangs
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-roll.sh"
source "${root}/e2e/lib-hang.sh"

was_fenced() { grep -q FENCED <(k logs "$1" -c postgresql --previous); }

manual=${dist}
check "the specification is synthesized" synthesize automatic
check "the image is built from image/Dockerfile" build_image "${scratch}/automatic"
dist="${scratch}/automatic"
check "change-failover.sh --yes: to automatic" "${dist}/change-failover.sh" --yes
check "both serve" eventually 60 settled

ROLL_ROUNDS=${ROLL_ROUNDS:-2} # each changes the roles
rolls "a roll of both" 2000
check "Services follow the roles" eventually 20 services_follow

if [[ -x "${root}/../shared/cluster/node" ]]; then
  start_counting
  leader=$(primary_pod) before=$(restarts "$(primary_pod)")
  hang_loop "${leader}" 60 >"${scratch}/hang" 2>&1 &
  check "Patroni's loop hangs, its REST API answers: the supervisor stops PostgreSQL" eventually 40 refuses . is "${before}" restarts "${leader}"
  check "it says why" eventually 20 was_fenced "${leader}"
  holds_after "a hanging loop of Patroni" 90
fi
roles_back

dist=${manual}
check "change-failover.sh --yes: to manual" "${dist}/change-failover.sh" --yes
check "both serve" eventually 60 settled
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
