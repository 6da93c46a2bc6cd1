# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# each member takes timelines of its own under Patroni, the other follows and the archive too; a recovery takes one as well
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-pitr.sh"

# The primary is on this timeline, the other member streams on it, and the archive has its history. Usage: settled_on NUMBER
settled_on() {
  local leader
  leader=$(primary_pod)
  is "$1" timeline && is "$1" sql "$(other_pod "${leader}")" "SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming'" &&
    archives && k exec "${primary}" -c postgresql -- sh -c "ls /var/lib/postgresql/backups/wal/$(printf '%08X' "$1").history* /var/lib/postgresql/backups/wal/receiving/$(printf '%08X' "$1").history* 2>/dev/null | grep ."
}

# The smallest number above the primary's that a member owns. Usage: next_of POD
next_of() {
  local number=1 now
  [[ "$1" == "${primary}" ]] || number=2
  now=$(timeline)
  printf '%s\n' "$((now + 1 + (number + 15 - now % 16) % 16))"
}

manual=${dist}
synthesize automatic
build_image "${scratch}/automatic"
dist="${scratch}/automatic"
if k get statefulset postgresql-primary >/dev/null 2>&1; then
  check "change-failover.sh --yes: to automatic" "${dist}/change-failover.sh" --yes
else
  check "deploy with failover automatic" "${dist}/deploy-postgresql.sh" --timeout 300
fi
check "both are healthy" eventually 120 healthy "${primary}"
start_counting
for next in "${standby}" "${primary}" "${standby}" "${primary}"; do
  expected=$(next_of "${next}")
  if [[ "${next}" == "${standby}" ]]; then k scale statefulset postgresql-primary --replicas=0 >/dev/null; else k exec "${next}" -c postgresql -- touch /tmp/promote_trigger; fi
  check "${next} becomes primary" eventually 60 is f in_recovery "${next}"
  k scale statefulset postgresql-primary --replicas=1 >/dev/null
  check "on timeline ${expected}, its own; the other streams, the archive follows" eventually 120 settled_on "${expected}"
done
holds_after "failover there and back, twice" 90 200
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
if [[ -n "${BACK_TO_MANUAL:-yes}" ]]; then
  dist=${manual}
  check "back to manual" "${dist}/change-failover.sh" --yes
fi
