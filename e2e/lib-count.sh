# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# The counting client, and what must hold after every fault: no acknowledged row is missing, one primary, the other streams on
# its timeline. Sourced by the cases of faults.

client=e2e-count

# Starts the writers, on a node of choice. Usage: start_counting [NODE]
start_counting() {
  k delete pod "${client}" --ignore-not-found --grace-period=1 --wait >/dev/null
  app_sql "$(primary_pod)" 'DROP TABLE IF EXISTS counted; CREATE TABLE counted (writer int, row bigint, at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (writer, row))'
  run_client client.sh "${1:-node-1}"
  eventually 30 writes_go_on
}

# A pod that may connect as a client, with programs of e2e/; the first one is run. Usage: run_client PROGRAM[:PROGRAM] NODE
run_client() {
  local program files=()
  for program in ${1//:/ }; do files+=("--from-file=${root}/e2e/${program}"); done
  k create configmap "${client}" "${files[@]}" --dry-run=client -o yaml | k apply -f - >/dev/null
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: {name: ${client}, labels: {postgresql-client: "true"}}
spec:
  nodeName: $2
  terminationGracePeriodSeconds: 1
  securityContext: {runAsUser: 999, runAsGroup: 999, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: client
      image: postgres:17
      imagePullPolicy: IfNotPresent
      command: [bash, /client/${1%%:*}]
      env:
        - {name: PGHOST, value: "${client_hosts:-postgresql-primary,postgresql-standby}"}
        - {name: PGUSER, value: airflow}
        - {name: PGDATABASE, value: airflow}
        - {name: PGTARGETSESSIONATTRS, value: read-write}
        - {name: PGCONNECT_TIMEOUT, value: "2"}
        - {name: PGSSLMODE, value: "${client_sslmode:-verify-full}"}
        - {name: PGSSLROOTCERT, value: /ca/ca.crt}
        - {name: MEMBERS, value: "${primary} ${standby}"}
        - {name: NOTES, value: /notes}
        - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: postgresql-secret, key: airflow-password}}}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
      volumeMounts: [{name: client, mountPath: /client}, {name: notes, mountPath: /notes}, {name: ca, mountPath: /ca}]
  volumes:
    - {name: client, configMap: {name: ${client}}}
    - {name: notes, emptyDir: {}}
    - {name: ca, configMap: {name: postgresql-ca, optional: true}}
YAML
}

# The pods of the members that the manifests have.
members() { sed -n 's/^MEMBERS=//p' "${dist}"/*.env | tr ':' '\n' | sed 's/$/-0/'; }

# Which pod accepts writes; nothing where none does.
primary_pod() {
  local pod
  for pod in $(members); do
    if [[ "$(in_recovery "${pod}" 2>/dev/null)" == f ]]; then
      printf '%s\n' "${pod}"
      return
    fi
  done
}

other_pod() { [[ "$1" == "${primary}" ]] && printf '%s\n' "${standby}" || printf '%s\n' "${primary}"; }

acknowledged() { k exec "${client}" -- bash -c 'cat /notes/acknowledged.* 2>/dev/null || true'; }

writes_go_on() {
  local before
  before=$(acknowledged | wc -l)
  sleep 0.5
  (($(acknowledged | wc -l) > before))
}

# The longest time without an acknowledged row, in milliseconds.
longest_gap() { acknowledged | sort -n | awk 'NR > 1 && $1 - last > gap { gap = $1 - last } { last = $1 } END { printf "%d\n", gap / 1000 }'; }

# Ends the writers; compares what was acknowledged with what is there. Prints the number of missing rows.
missing_rows() {
  local pod
  k exec "${client}" -- touch /notes/stop
  sleep 1
  pod=$(primary_pod)
  {
    printf 'CREATE TEMP TABLE acknowledged (writer int, row bigint);\nCOPY acknowledged FROM STDIN;\n'
    acknowledged | awk -v OFS='\t' '{ print $2, $3 }'
    printf '\\.\nSELECT count(*) FROM acknowledged LEFT JOIN counted USING (writer, row) WHERE counted.row IS NULL;\n'
  } | k exec -i "${pod}" -c postgresql -- psql -XAtqw -v ON_ERROR_STOP=1 -U airflow -d airflow
}

# What must hold after a fault, within a deadline. Usage: holds_after FAULT SECONDS [ROWS_THAT_MAY_BE_LOST]
holds_after() {
  local gap missing
  check "after $1: writes go on" eventually "$2" writes_go_on
  check "after $1: one primary, the other member streams on its timeline" eventually "$2" settled
  gap=$(longest_gap)
  missing=$(missing_rows)
  printf '       %s: %s rows acknowledged, %s missing, %s.%03d s without writes\n' "$1" "$(acknowledged | wc -l)" "${missing}" "$((gap / 1000))" "$((gap % 1000))"
  check "after $1: at most ${3:-0} acknowledged rows are missing" test "${missing}" -le "${3:-0}"
}

settled() {
  local pod
  pod=$(primary_pod)
  [[ -n "${pod}" ]] && healthy "${pod}" && ready "${primary}" 1 && ready "${standby}" 1
}
