# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover with quorum commit: primaries and standbys lost, no acknowledged row missing; then with a standby that applies late
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

second=postgresql-standby-2-0
leader_pod() { k get pods -l postgresqlha.github.io/role=primary -o 'jsonpath={.items[0].metadata.name}'; }
all_stream() { is 2 sql "$(primary_pod)" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'postgresql-%'"; }
confirm_commits() { is "$1" sql "$(primary_pod)" "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'"; }

manual=${dist}
synthesize automatic-quorum
build_image "${scratch}/automatic-quorum"
dist="${scratch}/automatic-quorum"
check "change-failover.sh to automatic" "${dist}/change-failover.sh" --yes
check "deploys with two standbys and quorum commit" "${dist}/deploy-postgresql.sh" --timeout 240
check "either of two standbys confirms commits" eventually 90 confirm_commits 2
check "the test script passes" eventually 60 "${dist}/test-postgresql-ha.sh"

for round in 1 2 3; do
  start_counting
  leader=$(leader_pod)
  lose_primary "${leader}"
  k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
  check "round ${round}: writes go on after ${leader} was lost" eventually 60 writes_go_on
  check "round ${round}: either of two standbys confirms commits" eventually 120 confirm_commits 2
  missing=$(missing_rows)
  printf '       round %s: %s rows acknowledged, %s missing\n' "${round}" "$(acknowledged | wc -l)" "${missing}"
  check "round ${round}: no acknowledged row is missing" test "${missing}" -eq 0
done

# One standby is frozen: commits go on with the other. Both at once: the one that has every commit takes over.
start_counting
leader=$(leader_pod)
slow=$(for pod in $(members); do [[ "${pod}" == "${leader}" ]] || printf '%s\n' "${pod}"; done | head -n 1)
# shellcheck disable=SC2046 # a list of processes
kill -STOP $(processes_of "${slow}")
sleep 5
check "with one standby frozen: writes go on" eventually 30 writes_go_on
lose_primary "${leader}"
k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
sleep 5
# shellcheck disable=SC2046 # a list of processes
kill -CONT $(processes_of "${slow}")
check "with one standby frozen and the primary lost: writes go on" eventually 90 writes_go_on
check "with one standby frozen and the primary lost: all stream" eventually 120 all_stream
missing=$(missing_rows)
printf '       %s rows acknowledged, %s missing\n' "$(acknowledged | wc -l)" "${missing}"
check "with one standby frozen and the primary lost: no acknowledged row is missing" test "${missing}" -eq 0
check "the drill loses nothing" eventually 60 k exec "$(primary_pod)" -- /scripts/failover-test.sh
check "all members stream" eventually 60 all_stream

late_says() { is "$1" sql "${second}" "$2"; }
late_has() { late_says "$1" 'SELECT count(*) FROM public.e2e_late'; }
dist="${scratch}/automatic-delayed"
synthesize automatic-delayed
check "deploys with a standby that applies late" "${dist}/deploy-postgresql.sh" --timeout 240
check "all members stream" eventually 90 all_stream
check "it applies 40 s late" eventually 60 late_says 40s 'SHOW recovery_min_apply_delay'
check "its pod is called delayed" eventually 30 is delayed k get pod "${second}" -o 'jsonpath={.metadata.labels.postgresqlha\.github\.io/role}'
check "no Service leads to it" eventually 30 services_follow
leader=$(leader_pod)
sql "${leader}" 'DROP TABLE IF EXISTS public.e2e_late; CREATE TABLE public.e2e_late AS SELECT 1 AS row; GRANT SELECT ON public.e2e_late TO PUBLIC' >/dev/null
check "what was written is there 40 s later" eventually 60 late_has 1
sql "${leader}" 'DELETE FROM public.e2e_late' >/dev/null
sleep 5
patronictl pause --wait >/dev/null
sql "${second}" 'SELECT pg_wal_replay_pause()' >/dev/null
check "the other standby has applied a deletion" is 0 sql "$(other_pod "${leader}")" 'SELECT count(*) FROM public.e2e_late'
sleep 45
check "where replay was paused the deleted row can still be read" late_has 1
patronictl resume --wait >/dev/null
check "and is deleted there when it goes on" eventually 60 late_has 0
check "the health check finds its delay in order" health_says '^ok +postgresql-standby-2 lag +applies'
check "switchover.sh to it is refused" refuses 'postgresql-standby-2 never becomes primary' "${dist}/switchover.sh" --yes --candidate=postgresql-standby-2
start_counting
lose_primary "${leader}"
k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
check "after a lost primary: the other standby takes over" eventually 60 is "$(other_pod "${leader}")" leader_pod
check "after a lost primary: writes go on" eventually 60 writes_go_on
check "after a lost primary: all stream, the late one as well" eventually 120 all_stream

[[ "$(leader_pod)" == "${primary}" ]] || check "the roles are back" "${dist}/switchover.sh" --yes --candidate=postgresql-primary
dist=${manual}
check "./change-failover.sh --yes: back to manual with one standby" "${dist}/change-failover.sh" --yes
k delete statefulset postgresql-standby-2 >/dev/null
k delete pvc data-postgresql-standby-2 wal-postgresql-standby-2 --wait=false >/dev/null
check "both are healthy" eventually 60 healthy "${primary}"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
