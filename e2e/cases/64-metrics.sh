# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Prometheus scrapes through the policies; a lost standby, connections and an open transaction fire exactly their alerts
source "${root:?}/e2e/lib-metrics.sh"

deploy() { "${root}/pgha" synth --config "$(specification "${root}/e2e/specs/metrics.yaml")" --out "${scratch}/metrics" && "${scratch}/metrics/deploy-postgresql.sh" --timeout 240; }
exporter_of() { k exec "$1" -c metrics -- sh -c "$2"; }
stranger() {
  kubectl --namespace "${monitoring_namespace}" run stranger --image="postgres:${major:?}" --image-pull-policy=IfNotPresent --restart=Never --command -- \
    bash -c "sleep 2; (timeout 5 bash -c 'exec 3<>/dev/tcp/${primary}.postgresql-peers.${namespace}/9187' && echo connected || echo refused) >/dev/termination-log" >/dev/null 2>&1
  kubectl --namespace "${monitoring_namespace}" wait pod stranger --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s >/dev/null
  kubectl --namespace "${monitoring_namespace}" get pod stranger -o 'jsonpath={.status.containerStatuses[0].state.terminated.message}'
}

check "images of exporter and Prometheus" metrics_images
check "deploys with metrics.enabled" deploy
check "both are healthy" eventually 60 healthy "${primary}"
check "a Prometheus starts" start_prometheus "${scratch}/metrics/alerts/postgresql.rules.yaml"
check "it scrapes both members through the policies" eventually 60 is 2 scraped
check "a pod beside it is not let in" is refused stranger
check "the exporter is another user, without socket and private key" is '65534 no no' exporter_of "${primary}" 'echo "$(id -u) $([ -e /var/run/postgresql ] && echo yes || echo no) $([ -e /tls/tls.key ] && echo yes || echo no)"'
check "the exporter sees one password" is monitor-password exporter_of "${primary}" 'ls /run/secrets/postgresql'
rules="${scratch}/metrics/alerts/postgresql.rules.yaml"
check "every alert is evaluated" eventually 30 is "$(grep -c 'alert: ' "${rules}")" rules_in_order
# There may have been no restore test yet, and no reader keeps backups.
others_missing() { figures_missing "${rules}" | tr ' ' '\n' | grep -vxE '(postgresql_ha_restore_test_failed|postgresql_ha_retention_held_since_seconds)?' || true; }
check "on figures that are there" eventually 30 is '' others_missing
check "nothing fires for 30 s" exactly_for 30 ''

k exec "${primary}" -c postgresql -- bash -c 'psql -XAtqw -U airflow -d airflow <<<"BEGIN; SELECT 1; \! sleep 600"' >/dev/null 2>&1 &
check "a session leaves its transaction open" eventually 20 is 1 sql "${primary}" "SELECT count(*) FROM pg_stat_activity WHERE usename = 'airflow' AND state = 'idle in transaction'"
check "a minute after a session left its transaction open exactly its alerts fire" eventually 120 exactly 'PostgresqlIdleInTransaction PostgresqlLongTransaction'
sql "${primary}" "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE state = 'idle in transaction'" >/dev/null
check "they clear" eventually 60 exactly ''

sql "${standby}" 'SELECT pg_wal_replay_pause()' >/dev/null
check "replay is paused: exactly PostgresqlReplayPaused fires" eventually 60 exactly PostgresqlReplayPaused
sql "${standby}" 'SELECT pg_wal_replay_resume()' >/dev/null
check "it clears" eventually 60 exactly ''

k scale statefulset postgresql-standby --replicas=0 >/dev/null
fires() { [[ " $(firing) " == *" $1 "* ]]; }
check "without the standby PostgresqlNoStandby fires" eventually 90 fires PostgresqlNoStandby
check "and PostgresqlSlotInactive" eventually 60 fires PostgresqlSlotInactive
check "and that Prometheus has no figures of it, and nothing else" eventually 60 exactly 'PostgresqlMetricsAbsent PostgresqlNoStandby PostgresqlSlotInactive'
k scale statefulset postgresql-standby --replicas=1 >/dev/null
check "with it back all of them clear" eventually 150 exactly ''

k exec "${primary}" -c postgresql -- bash -c 'for i in {1..45}; do psql -XAtqw -U airflow -d airflow -c "SELECT pg_sleep(60)" & done; wait' >/dev/null 2>&1 &
held=$!
check "45 of 200 connections, limit 20 %: exactly PostgresqlConnections fires" eventually 50 exactly PostgresqlConnections
wait "${held}" || true
check "it clears" eventually 90 exactly ''

# What it costs, with the tables of a large Airflow.
app_sql "${primary}" "DO \$\$ BEGIN FOR i IN 1..5000 LOOP EXECUTE format('CREATE TABLE e2e_many_%s (id int PRIMARY KEY)', i); IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END \$\$" >/dev/null
sleep 60
# Usage: at_most LIMIT QUERY
at_most() {
  local value
  value=$(figure "$2") && printf '%s: %s\n' "$2" "${value}" && awk -v value="${value}" -v limit="$1" 'BEGIN { exit !(value != "" && value + 0 <= limit) }'
}
check "with 5,000 tables a scrape takes 0.3 s" at_most 0.3 'max(quantile_over_time(0.5,scrape_duration_seconds%5B50s%5D))'
check "the exporter takes 40 MB" at_most 40000000 'max(process_resident_memory_bytes)'
# It is asked each 5 s here, each 30 s by the specification.
check "and 2 % of a processor" at_most 0.02 'max(rate(process_cpu_seconds_total%5B50s%5D))*5/30'
printf 'scrape %s s, exporter %s bytes, %s of a processor\n' "$(figure 'max(quantile_over_time(0.5,scrape_duration_seconds%5B50s%5D))')" "$(figure 'max(process_resident_memory_bytes)')" "$(figure 'max(rate(process_cpu_seconds_total%5B50s%5D))*5/30')"
app_sql "${primary}" "DO \$\$ BEGIN FOR i IN 1..5000 LOOP EXECUTE format('DROP TABLE e2e_many_%s', i); IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END \$\$" >/dev/null

no_password_logged() {
  local password
  password=$(exporter_of "${primary}" 'cat /run/secrets/postgresql/monitor-password') && k logs "${primary}" -c metrics >"${scratch}/exporter.log" && [[ ${#password} -ge 24 ]] && ! grep -F -- "${password}" "${scratch}/exporter.log"
}
check "no password is in the exporter's log" no_password_logged
check "back to the default" "${dist}/deploy-postgresql.sh" --timeout 240
kubectl delete namespace "${monitoring_namespace}" --wait=false >/dev/null
