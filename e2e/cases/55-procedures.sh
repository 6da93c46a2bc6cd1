# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# switchover.sh there and back, failover.sh after the primary is gone, rebuild-standby.sh; their refusals

rows() { app_sql "$1" 'SELECT count(*) FROM e2e_procedures'; }
times() { grep -E '^ +[0-9]+\.[0-9] s' "${scratch}/output" | sed 's/^/       /'; }

app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_procedures; CREATE TABLE e2e_procedures AS SELECT generate_series(1, 300) AS id'
check "without --yes and without a terminal nothing happens" refuses 'no terminal to ask on' "${dist}/switchover.sh"
documented './switchover.sh --yes' 'postgresql-standby is primary, postgresql-primary is its standby'
times
check "the roles have changed places" eventually 10 healthy "${standby}"
check "every row is there" is 300 rows "${standby}"
check "the deployment script leaves the roles alone" "${dist}/deploy-postgresql.sh"
check "the roles have changed places still" healthy "${standby}"
documented './switchover.sh --yes' 'postgresql-primary is primary, postgresql-standby is its standby'
times
check "the roles are back" eventually 10 healthy "${primary}"

check "a failover is refused while there is a primary" refuses 'is primary and accepts writes' "${dist}/failover.sh" --yes
check "an interrupted switchover: the primary is stopped" k exec "${primary}" -- pg_ctl stop -D /var/lib/postgresql/data/pgdata
check "the supervisor has noticed" eventually 5 is maintenance k exec "${primary}" -- cat /tmp/instance.role
check "it goes on" "${dist}/switchover.sh" --yes
check "the roles have changed places" eventually 10 healthy "${standby}"
check "and back" "${dist}/switchover.sh" --yes
check "the roles are back" eventually 10 healthy "${primary}"

k scale statefulset postgresql-primary --replicas=0 >/dev/null
check "the primary is gone" k wait pod "${primary}" --for=delete --timeout=60s
documented './failover.sh --yes' 'postgresql-standby is primary, postgresql-primary is its standby'
times
check "the standby is primary now" eventually 10 healthy "${standby}"
check "every row is there" is 300 rows "${standby}"
check "back by a switchover" "${dist}/switchover.sh" --yes
check "the roles are back" eventually 10 healthy "${primary}"

documented './rebuild-standby.sh --yes' 'postgresql-standby is rebuilt'
times
check "the standby has every row" eventually 10 is 300 rows "${standby}"
check "both are healthy" eventually 10 healthy "${primary}"
documented './rebuild-standby.sh --yes --delete-volumes' 'postgresql-standby is rebuilt'
check "both are healthy, the standby on new volumes" eventually 10 healthy "${primary}"
