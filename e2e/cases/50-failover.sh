# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# scale to 0, trigger, writes within 5 s; the old primary comes back as a standby and is never read-write; the same way back

# Usage: never_opened LOG
never_opened() {
  cat -- "$1"
  grep -q 'role: standby' "$1" && ! grep -qE 'role: primary|decision: primary' "$1"
}

acknowledged=0
insert() {
  app_sql "$1" "INSERT INTO e2e_failover DEFAULT VALUES" || return 1
  acknowledged=$((acknowledged + 1))
}

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_failover; CREATE TABLE e2e_failover (id bigint GENERATED ALWAYS AS IDENTITY)'
for ((i = 0; i < 20; i++)); do insert "${primary}"; done

documented 'kubectl scale statefulset postgresql-primary --replicas=0 -n airflow' 'scaled'
documented 'kubectl wait --for=delete pod/postgresql-primary-0 --timeout=240s -n airflow' ''
documented 'kubectl exec -n airflow postgresql-standby-0 -- touch /tmp/promote_trigger' ''
began=${EPOCHREALTIME/[^0-9]/}
check "the standby is promoted within 5 s" eventually 5 is f in_recovery "${standby}"
printf '       trigger to read-write, kubectl included: %s ms\n' "$(((${EPOCHREALTIME/[^0-9]/} - began) / 1000))"
documented 'kubectl exec -n airflow postgresql-standby-0 -- psql -U postgres -c "SELECT pg_is_in_recovery();"' '^ f$'
check "it accepts writes" insert "${standby}"
check "no acknowledged row is missing" is 21 app_sql "${standby}" 'SELECT count(*) FROM e2e_failover'
check "its pod is ready" ready "${standby}"
documented 'kubectl scale statefulset postgresql-primary --replicas=1 -n airflow' 'scaled'
follow "${primary}" "${scratch}/returned.log"
check "the old primary comes back" eventually 90 ready "${primary}" 5
check "it joins as a standby and streams" eventually 60 healthy "${standby}"
# The log may be lost in the moment when it begins, see documented_log: then it returns once more.
if grep -q 'failed to try resolving symlinks' "${scratch}/returned.log"; then
  k scale statefulset postgresql-primary --replicas=0 >/dev/null
  k wait pod "${primary}" --for=delete --timeout=60s >/dev/null
  : >"${scratch}/returned.log"
  k scale statefulset postgresql-primary --replicas=1 >/dev/null
  follow "${primary}" "${scratch}/returned.log"
  check "it returns once more" eventually 90 healthy "${standby}"
fi
check "it never opened read-write" never_opened "${scratch}/returned.log"
check "it has the row that was written after the failover" eventually 10 is 21 app_sql "${primary}" 'SELECT count(*) FROM e2e_failover'
check "a client that lists both members finds the new primary" is f k exec "${primary}" -- bash -c 'PGPASSWORD=$(cat /run/secrets/postgresql/airflow-password) psql -XAtqw "host=postgresql-primary,postgresql-standby user=airflow dbname=airflow target_session_attrs=read-write" -c "SELECT pg_is_in_recovery()"'

k scale statefulset postgresql-standby --replicas=0
k exec "${primary}" -- touch /tmp/promote_trigger
check "back again: the instance named primary is promoted" eventually 10 is f in_recovery "${primary}"
k scale statefulset postgresql-standby --replicas=1
check "the instance named standby comes back and streams" eventually 120 healthy "${primary}"
check "no acknowledged row is missing" is 21 app_sql "${primary}" 'SELECT count(*) FROM e2e_failover'
check "a trigger on the primary is ignored" k exec "${primary}" -- touch /tmp/promote_trigger
check "the trigger is gone, and nothing else" eventually 10 refuses 'No such file' k exec "${primary}" -- ls /tmp/promote_trigger
check "both are healthy" healthy "${primary}"

documented "kubectl exec -n airflow postgresql-standby-0 -- sh -c 'echo down >/tmp/promote_trigger'" ''
documented 'kubectl exec -n airflow postgresql-standby-0 -- rm -f /tmp/promote_trigger' ''
sleep 3
check "a trigger beside a primary that answers, taken back, promotes nobody" is t in_recovery "${standby}"
check "both are healthy" healthy "${primary}"
