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
check "every alert is evaluated on live figures" is 0 broken_rules
check "nothing fires but what the deployment did" eventually 90 bash -c "$(declare -f firing prometheus_api); monitoring_namespace=${monitoring_namespace}; [[ \$(firing) =~ ^(PostgresqlRoleChanged)?$ ]]"

quiet=$(firing)
k scale statefulset postgresql-standby --replicas=0 >/dev/null
fires() { [[ " $(firing) " == *" $1 "* ]]; }
clear_of() { ! fires "$1"; }
check "without the standby PostgresqlNoStandby fires" eventually 90 fires PostgresqlNoStandby
check "and PostgresqlSlotInactive" eventually 60 fires PostgresqlSlotInactive
check "nothing else of the primary" is '' bash -c "tr ' ' '\n' <<<'$(firing)' | grep -vxE 'PostgresqlNoStandby|PostgresqlSlotInactive|PostgresqlMetricsAbsent|PostgresqlRoleChanged|${quiet:-none}' || true"
k scale statefulset postgresql-standby --replicas=1 >/dev/null
check "with it back they clear" eventually 120 clear_of PostgresqlNoStandby
check "all of them" eventually 60 clear_of PostgresqlSlotInactive

k exec "${primary}" -c postgresql -- bash -c 'for i in {1..45}; do psql -XAtqw -U airflow -d airflow -c "SELECT pg_sleep(60)" & done; wait' >/dev/null 2>&1 &
held=$!
check "45 of 200 connections, limit 20 %: PostgresqlConnections fires" eventually 60 fires PostgresqlConnections
wait "${held}" || true
check "it clears" eventually 90 clear_of PostgresqlConnections
check "no password is in the exporter's log" refuses '' bash -c "kubectl logs --namespace ${namespace} ${primary} -c metrics | grep -F \"\$(kubectl exec --namespace ${namespace} ${primary} -c metrics -- cat /run/secrets/postgresql/monitor-password)\""
check "back to the default" "${dist}/deploy-postgresql.sh" --timeout 240
kubectl delete namespace "${monitoring_namespace}" --wait=false >/dev/null
