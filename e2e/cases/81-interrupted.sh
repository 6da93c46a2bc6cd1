# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: switchover.sh, failover.sh and rebuild-standby.sh killed between any two steps; a loss that nobody has named is refused
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"

# The standby receives nothing while the primary writes, then the primary is lost.
lose_with_lag() {
  in_pod "${standby}" 'for p in /proc/[0-9]*; do case $(tr "\0" " " <"${p}/cmdline") in "postgres: "*walreceiver*) kill -STOP "${p#/proc/}";; esac; done' || true
  sleep 3
  k scale statefulset postgresql-primary --replicas=0 >/dev/null
  lose_primary "${primary}"
  k delete pod "${primary}" --force --grace-period=0 >/dev/null 2>&1 || true
  k wait pod "${primary}" --for=delete --timeout=60s
}
named_loss() { "${dist}/failover.sh" --yes 2>&1 | sed -n 's/.*--accept-data-loss=\([0-9]*\).*/\1/p'; }

for steps in 0 1 2 3 4 5; do
  start_counting
  killed_after "${steps}" "${dist}/switchover.sh" --yes
  check "switchover.sh killed after ${steps} steps ends when it is run again" ends healthy "${standby}" -- "${dist}/switchover.sh" --yes
  holds_after "switchover.sh killed after ${steps} steps" 60
  check "and back" "${dist}/switchover.sh" --yes
done

for steps in 0 1 2 3; do
  start_counting
  k scale statefulset postgresql-primary --replicas=0 >/dev/null
  k wait pod "${primary}" --for=delete --timeout=60s >/dev/null
  killed_after "${steps}" "${dist}/failover.sh" --yes
  check "failover.sh killed after ${steps} steps ends when it is run again" ends healthy "${standby}" -- "${dist}/failover.sh" --yes
  holds_after "failover.sh killed after ${steps} steps" 60
  check "back by a switchover" "${dist}/switchover.sh" --yes
done

for steps in 0 1; do
  start_counting
  killed_after "${steps}" "${dist}/rebuild-standby.sh" --yes
  check "rebuild-standby.sh killed after ${steps} steps" "${dist}/rebuild-standby.sh" --yes
  killed_after "${steps}" "${dist}/rebuild-standby.sh" --yes --delete-volumes
  check "rebuild-standby.sh --delete-volumes killed after ${steps} steps" "${dist}/rebuild-standby.sh" --yes --delete-volumes
  holds_after "rebuild-standby.sh killed after ${steps} steps" 60
done

start_counting
check "the primary is lost with WAL that the standby has not" lose_with_lag
check "failover.sh refuses, and names the bytes" refuses 'lacks [1-9][0-9]* bytes of WAL .*--accept-data-loss=[1-9]' "${dist}/failover.sh" --yes
check "another number than one is no answer" refuses 'a whole number' "${dist}/failover.sh" --yes --accept-data-loss=some
check "fewer bytes than are missing are not enough" refuses 'lacks [1-9]' "${dist}/failover.sh" --yes --accept-data-loss=1
check "with the bytes it named it goes ahead" "${dist}/failover.sh" --yes "--accept-data-loss=$(named_loss)"
check "the standby is primary" eventually 20 healthy "${standby}"
lost=$(missing_rows)
printf '       %s rows acknowledged, %s missing\n' "$(acknowledged | wc -l)" "${lost}"
check "rows are missing, as it was said" test "${lost}" -gt 0
check "back by a switchover" "${dist}/switchover.sh" --yes
in_pod "${primary}" 'rm -rf /var/lib/postgresql/wal/abandoned-*'
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
