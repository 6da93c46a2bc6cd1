# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the cases; a check that fails is counted)
# A real Prometheus beside the installation. Sourced by cases after e2e/lib.sh.

monitoring_namespace=e2e-monitoring

metrics_images() {
  local builder=${image_builder:?} context="${scratch}/metrics-images"
  [[ -x "${builder}" ]] || { printf 'BUILD_IMAGE is not set: the cluster is expected to have the images\n' && return; }
  mkdir -p "${context}" && cp "${root}/.tools/bin/postgres_exporter" "${root}/e2e/images/exporter/Dockerfile" "${context}/"
  "${builder}" list | grep -qxF quay.io/prometheuscommunity/postgres-exporter:v0.19.1 ||
    timeout 300 "${builder}" build quay.io/prometheuscommunity/postgres-exporter:v0.19.1 "${context}"
  "${builder}" list | grep -qxF docker.io/library/e2e-prometheus:1 || timeout 300 "${builder}" build docker.io/library/e2e-prometheus:1 "${root}/e2e/images/prometheus"
}

# It scrapes and evaluates each five seconds; alerts last as long as they are specified, in tenths. Usage: start_prometheus RULES
start_prometheus() {
  local pod
  kubectl delete namespace "${monitoring_namespace}" --ignore-not-found --wait --timeout=120s
  kubectl create namespace "${monitoring_namespace}"
  {
    printf 'global: {scrape_interval: 5s, scrape_timeout: 4s, evaluation_interval: 5s}\nrule_files: [/etc/prometheus-e2e/rules.yaml]\nscrape_configs:\n  - job_name: members\n    static_configs:\n'
    for pod in "${primary}" "${standby}"; do
      printf '      - targets: ["%s.postgresql-peers.%s:9187"]\n        labels: {namespace: "%s", pod: "%s", node: "%s"}\n' "${pod}" "${namespace}" "${namespace}" "${pod}" "$(k get pod "${pod}" -o 'jsonpath={.spec.nodeName}')"
    done
  } >"${scratch}/prometheus.yaml"
  sed -e 's/interval: 30s/interval: 5s/' -e 's/for: 1m/for: 10s/' -e 's/for: 2m/for: 15s/' -e 's/for: 5m/for: 20s/' -- "$1" >"${scratch}/rules.yaml"
  kubectl --namespace "${monitoring_namespace}" create configmap prometheus --from-file="${scratch}/prometheus.yaml" --from-file="${scratch}/rules.yaml"
  kubectl --namespace "${monitoring_namespace}" apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: prometheus, labels: {app.kubernetes.io/name: prometheus}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: prometheus
      image: e2e-prometheus:1
      imagePullPolicy: IfNotPresent
      command: [prometheus, --config.file=/etc/prometheus-e2e/prometheus.yaml, --storage.tsdb.path=/tmp/data]
      volumeMounts: [{name: config, mountPath: /etc/prometheus-e2e}]
  volumes: [{name: config, configMap: {name: prometheus}}]
YAML
  kubectl --namespace "${monitoring_namespace}" wait pod prometheus --for=condition=Ready --timeout=120s
}

# Usage: prometheus_api PATH
prometheus_api() { kubectl get --raw "/api/v1/namespaces/${monitoring_namespace}/pods/prometheus:9090/proxy/api/v1/$1"; }

# The names of the alerts that fire, sorted, on one line.
firing() {
  local alerts
  alerts=$(prometheus_api alerts) || { printf 'Prometheus does not answer\n' && return; }
  grep -oE '"alertname":"[A-Za-z]+"[^}]*}[^}]*}[^}]*"state":"firing"' <<<"${alerts}" | grep -oE '"alertname":"[A-Za-z]+"' | cut -d'"' -f4 | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# Beside the change of roles that a deployment or a start was, which clears after ten minutes. Usage: exactly "NAME NAME", sorted, or ''
exactly() { is "$1" fires_beside; }
fires_beside() { firing | tr ' ' '\n' | grep -vxF PostgresqlRoleChanged | paste -sd ' ' -; }
# Usage: exactly_for SECONDS NAMES
exactly_for() {
  local end=$((SECONDS + $1))
  while ((SECONDS < end)); do exactly "$2" && sleep 1 || return 1; done
}

# One figure of a query without labels, percent-encoded. Usage: figure QUERY
figure() { prometheus_api "query?query=$1" | grep -oE '"[0-9.e+-]+"\]' | tr -d '"]'; }
scraped() { figure 'sum(pg_up)'; }

# Alerts whose query Prometheus has evaluated without an error.
rules_in_order() { prometheus_api rules | grep -oE '"health":"ok"' | wc -l; }
# Figures that alerts ask for and no member has. Usage: figures_missing RULES
figures_missing() {
  local there
  there=$(prometheus_api label/__name__/values) || return
  grep -oE '\b(pg|postgresql_ha)_[a-z_]+\{' -- "$1" | tr -d '{' | sort -u | while IFS= read -r name; do grep -qF "\"${name}\"" <<<"${there}" || printf '%s\n' "${name}"; done | paste -sd ' ' -
}
