# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# automatic failover under four writers: from manual and back, Services, the documented commands, lost primaries, drill
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

stopped_and_started() {
  local before
  before=$(restarts "${standby}")
  k exec "${standby}" -- pg_ctl stop -D /var/lib/postgresql/data/pgdata && sleep 5 &&
    k exec "${standby}" -- pg_ctl start -D /var/lib/postgresql/data/pgdata && is "${before}" restarts "${standby}"
}
# The interpreter of Patroni, not this command, whose text names it too.
freeze_patroni() {
  in_primary 'for process in /proc/[0-9]*; do case $(tr "\0" " " <"$process/cmdline") in /opt/patroni/bin/python*) kill -STOP "${process#/proc/}";; esac; done' || true
}
# Usage: has_restarted POD STATE_BEFORE
has_restarted() {
  local now
  now=$(restarts "$1")
  [[ "${now}" != "$2" ]]
}

manual=${dist}
check "the specification is synthesized" synthesize automatic
check "the image is built from image/Dockerfile" build_image "${scratch}/automatic"
dist="${scratch}/automatic"

start_counting
check "a plain deploy refuses to change failover" refuses 'change-failover.sh' "${dist}/deploy-postgresql.sh"
check "change-failover.sh --yes: to automatic" "${dist}/change-failover.sh" --yes
holds_after "the change to automatic failover" 60
check "Services follow the roles" eventually 20 services_follow
check "a second change has nothing to do" "${dist}/change-failover.sh" --yes
check "the pinned Patroni runs" runs_pinned_patroni "${dist}"
check "patronictl list" patronictl list
# The archiver finds the new primary a few seconds later.
check "the test script passes" eventually 60 "${dist}/test-postgresql-ha.sh"

check "pg_ctl stop and start on the standby, in the same container" stopped_and_started
start_counting
k scale statefulset postgresql-primary --replicas=0 >/dev/null
check "the primary scaled to 0: the standby takes over by itself" eventually 20 is f in_recovery "${standby}"
k exec "${standby}" -- touch /tmp/promote_trigger
k scale statefulset postgresql-primary --replicas=1 >/dev/null
holds_after "the primary scaled to 0 and back" 60
check "Services follow the roles" eventually 20 services_follow

start_counting
k exec "${primary}" -- touch /tmp/promote_trigger
check "the trigger on a standby makes it primary" eventually 30 is f in_recovery "${primary}"
holds_after "a trigger while the primary is healthy" 60

start_counting
kill_postmaster || true
holds_after "SIGKILL of the postmaster under Patroni" 60

start_counting
leader=$(primary_pod) before=$(restarts "${leader}")
freeze_patroni
check "a frozen Patroni on the primary: its supervisor stops PostgreSQL" eventually 40 has_restarted "${leader}" "${before}"
holds_after "a frozen Patroni on the primary" 90

start_counting
leader=$(primary_pod)
lose_primary "${leader}"
k delete pod "${leader}" --force --grace-period=0 >/dev/null 2>&1 || true
holds_after "a primary pod deleted by force, its processes killed" 90 100

start_counting
check "switchover.sh" "${dist}/switchover.sh" --yes
holds_after "a planned switchover" 60
roles_back
check "the drill loses nothing" eventually 60 k exec "${primary}" -- /scripts/failover-test.sh
check "rebuild-standby.sh" "${dist}/rebuild-standby.sh" --yes
check "both are healthy" eventually 60 healthy "${primary}"

start_counting
dist=${manual}
documented './change-failover.sh --yes' 'failover is manual'
holds_after "the change to manual failover" 60
check "a deploy changes nothing more" "${dist}/deploy-postgresql.sh" --timeout 120
check "no slot of Patroni is left" eventually 90 is 0 sql "${primary}" "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE '%\_0'"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
