# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover through lost nodes, partitions, a silent Kubernetes API, killed pg_rewind and pg_basebackup, both members killed, lost volumes
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

# Kills a program in a pod as soon as it runs, after some time. Usage: kill_soon POD PROGRAM SECONDS
kill_soon() {
  in_pod "$1" "for ((i = 0; i < 600; i++)); do for p in /proc/[0-9]*; do [[ \"\$(cat \$p/comm 2>/dev/null)\" != $2 ]] || { sleep $3; kill -KILL \${p#/proc/} && exit 0; }; done; sleep 0.05; done; exit 1"
}

# Both pods deleted by force; one of them is started some seconds after the other one, within ttl. Their claims stay, and so the data.
# The standby is killed first, so that the primary has rows alone and hands nothing over.
# Usage: both_gone primary|standby; who is late
both_gone() {
  local leader follower late
  leader=$(primary_pod)
  follower=$(other_pod "${leader}")
  late=${leader}
  [[ "$1" == primary ]] || late=${follower}
  start_counting
  lose_primary "${follower}"
  k scale statefulset "${late%-0}" --replicas=0 >/dev/null
  k delete pod "${leader}" "${follower}" --force --grace-period=0 >/dev/null 2>&1
  sleep 8
  if [[ "$1" == primary ]]; then check "the standby, which is there first, waits for it" eventually 15 waits_for_primary "${follower}"; fi
  k scale statefulset "${late%-0}" --replicas=1 >/dev/null
  holds_after "both pods deleted by force, the former $1 is late" 120
  if [[ "$1" == primary ]]; then check "the former primary is primary again" is f in_recovery "${leader}"; fi
}

waits_for_primary() { grep -q 'waiting .* s for the former primary' <(k logs "$1" -c postgresql); }

manual=${dist}
become_automatic

# Both members lose everything but their volumes.
start_counting
for pod in "${primary}" "${standby}"; do lose_primary "${pod}"; done
holds_after "all processes of both members killed" 120
for late in primary standby; do both_gone "${late}"; done
start_counting
k delete pod "${primary}" "${standby}" --force --grace-period=0 >/dev/null 2>&1
holds_after "both pods deleted by force, as they come" 120

# Killed again and again while one of them copies or rewinds.
for moment in 0 0.1 0.3 0.6 1; do
  start_counting
  leader=$(primary_pod) former=$(other_pod "$(primary_pod)")
  k exec "${former}" -- touch /tmp/promote_trigger
  eventually 30 is f in_recovery "${former}" >/dev/null
  lose_primary "${former}"
  kill_soon "${former}" pg_rewind "${moment}" >/dev/null 2>&1 &
  killer=$!
  holds_after "two lost primaries in a row (${leader} first), pg_rewind killed after ${moment} s if it ran" 180 200
  kill "${killer}" 2>/dev/null || true
  start_counting
  former=$(other_pod "$(primary_pod)")
  k exec "${former}" -- touch /tmp/rebuild_request
  kill_soon "${former}" pg_basebackup "${moment}" >/dev/null 2>&1 || true
  holds_after "pg_basebackup killed after ${moment} s" 120
done

former=$(other_pod "$(primary_pod)")
start_counting
k scale statefulset "${former%-0}" --replicas=0 >/dev/null
k wait pod "${former}" --for=delete --timeout=120s >/dev/null
k delete pvc "data-${former%-0}" "wal-${former%-0}" --wait --timeout=60s >/dev/null
k apply -f "${dist}/postgresql-storage.yaml" >/dev/null
k scale statefulset "${former%-0}" --replicas=1 >/dev/null
holds_after "a standby's claims and pod deleted" 120

if [[ ! -x "${root}/../shared/cluster/node" ]] || ! command -v nft >/dev/null; then
  printf 'left out: partitions and lost nodes need the test cluster and nft\n'
else
  trap heal EXIT
  start_counting
  cut_off "$(address "${primary}")" "$(address "${standby}")"
  sleep 40
  heal
  holds_after "a partition between the members for 40 s" 90

  leader=$(primary_pod)
  start_counting "$(node_of "${leader}")"
  # shellcheck disable=SC2046 # a list of addresses
  cut_off "$(address "${leader}")" $(api_addresses)
  sleep 40
  check "failsafe mode: the primary goes on without the Kubernetes API" is f in_recovery "${leader}"
  heal
  holds_after "a primary without the Kubernetes API for 40 s" 90

  leader=$(primary_pod)
  start_counting "$(node_of "$(other_pod "${leader}")")"
  # shellcheck disable=SC2046 # a list of addresses
  cut_off "$(address "${leader}")" $(api_addresses) "$(address "$(other_pod "${leader}")")"
  sleep 40
  heal
  # Asynchronous: what clients that still reached it wrote until it gave way, is lost, and reported.
  holds_after "a primary cut from the API and from the other member for 40 s" 120 5000

  [[ "$(primary_pod)" == "${primary}" ]] || "${dist}/switchover.sh" --yes >/dev/null
  eventually 60 healthy "${primary}" >/dev/null
  lost=$(node_of "${standby}")
  start_counting "$(node_of "${primary}")"
  power kill "${lost}"
  sleep 15
  check "without the standby's node the primary goes on" writes_go_on
  power start "${lost}"
  holds_after "the loss of the standby's node" 240

  lost=$(node_of "${primary}")
  start_counting "$(node_of "${standby}")"
  began=${SECONDS}
  power kill "${lost}"
  check "the primary's node loses power: the standby takes over by itself" eventually 90 is f in_recovery "${standby}"
  printf '       after %s s\n' "$((SECONDS - began))"
  power start "${lost}"
  holds_after "the loss of the primary's node" 300 200
  check "the roles are back" eventually 30 "${dist}/switchover.sh" --yes
fi
roles_back
dist=${manual}
check "back to manual" "${dist}/change-failover.sh" --yes
check "both are healthy" eventually 60 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
