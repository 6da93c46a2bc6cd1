# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover with two standbys, synchronous: primaries lost again and again and cut off, no acknowledged row missing
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

# What earlier cases left for people to look at is a warning of the health check.
forget_abandoned() {
  local pod
  for pod in "$@"; do in_pod "${pod}" 'rm -rf /var/lib/postgresql/wal/abandoned-*'; done
}
forget_abandoned "${primary}" "${standby}"

manual=${dist}
synthesize automatic-three
build_image "${scratch}/automatic-three"
dist="${scratch}/automatic-three"
check "change-failover.sh to automatic" "${dist}/change-failover.sh" --yes
check "deploys with two standbys, synchronous" "${dist}/deploy-postgresql.sh" --timeout 240
check "three members" eventually 60 is 2 sql "${primary}" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'postgresql-standby%'"
check "parameters that wait for a restart get it" eventually 60 is 0 sql "${primary}" "SELECT count(*) FROM pg_settings WHERE pending_restart"
check "the test script passes" eventually 60 "${dist}/test-postgresql-ha.sh"
for round in 1 2 3; do
  start_counting
  leader=$(leader_pod)
  lose_primary "${leader}"
  k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
  check "round ${round}: writes go on after ${leader} was lost" eventually 60 writes_go_on
  sleep 5
  check "round ${round}: all members stream" eventually 120 "${dist}/test-postgresql-ha.sh" --timeout 60
  missing=$(missing_rows)
  printf '       round %s: %s rows acknowledged, %s missing\n' "${round}" "$(acknowledged | wc -l)" "${missing}"
  check "round ${round}: no acknowledged row is missing" test "${missing}" -eq 0
done

if [[ ! -x "${root}/../shared/cluster/node" ]] || ! command -v nft >/dev/null; then
  printf 'left out: a partition needs the test cluster and nft\n'
else
  trap heal EXIT
  leader=$(primary_pod)
  start_counting "$(node_of "${leader}")"
  # shellcheck disable=SC2046 # lists of addresses
  cut_off "$(address "${leader}")" $(api_addresses) $(for pod in $(members); do [[ "${pod}" == "${leader}" ]] || address "${pod}"; done)
  sleep 40
  heal
  check "after a primary cut from the API and the others: writes go on" eventually 60 writes_go_on
  check "after a primary cut from the API and the others: all members stream" eventually 120 all_stream
  # What the one that was cut off wrote, and could not have confirmed, was kept aside.
  # shellcheck disable=SC2046 # a list of pods
  forget_abandoned $(members)
  check "after a primary cut from the API and the others: the test script passes" eventually 120 "${dist}/test-postgresql-ha.sh" --timeout 60
  missing=$(missing_rows)
  printf '       %s rows acknowledged, %s missing\n' "$(acknowledged | wc -l)" "${missing}"
  check "after a primary cut from the API and the others: no acknowledged row is missing" test "${missing}" -eq 0
fi

[[ "$(primary_pod)" != postgresql-standby-2-0 ]] || check "switchover.sh away from the second standby" "${dist}/switchover.sh" --yes --candidate=postgresql-primary
check "all members stream" eventually 60 all_stream
check "switchover.sh to the second standby" "${dist}/switchover.sh" --yes --candidate=postgresql-standby-2
check "all members stream from it" eventually 60 all_stream
check "the drill from the second standby loses nothing" eventually 60 k exec postgresql-standby-2-0 -- /scripts/failover-test.sh
check "all members stream" eventually 60 all_stream
check "which standby to rebuild has to be said" refuses 'member=MEMBER: which of' "${dist}/rebuild-standby.sh" --yes
check "rebuild-standby.sh --member" "${dist}/rebuild-standby.sh" --yes --member=postgresql-primary
check "all members stream" eventually 60 all_stream
end_three_members
