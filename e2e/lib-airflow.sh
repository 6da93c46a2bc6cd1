# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# A real Airflow as a client: its components get their connection from what the folder and its deploy script make, and from nothing
# else. What an event did to it is read in Airflow's own tables. Sourced by the cases of Airflow, after lib-count.sh.
#
# The worker is the scheduler's own (LocalExecutor): a test cluster may be one machine.

airflow_rows=()

# A stand-in for the official image under its name, which is the one in the folder. Usage: build_airflow VERSION
build_airflow() {
  local context="${scratch}/airflow-$1" name="docker.io/apache/airflow:$1" built
  rm -rf -- "${context}" && mkdir -p -- "${context}" && cp -- "${root}"/e2e/images/airflow/{Dockerfile,python} "${context}/" || return 1
  cp -- "${root}/e2e/images/airflow/requirements-$1.txt" "${context}/requirements.txt" || return 1
  if [[ ! -x "${image_builder}" ]]; then
    printf 'BUILD_IMAGE is not set: the cluster is expected to have, or to fetch, the image %s\n' "${name}"
    return
  fi
  built="${name}-$(cat -- "${context}"/* | sha256sum | cut -c 1-16)"
  if ! "${image_builder}" list 2>/dev/null | grep -qxF "${built}"; then
    if [[ -n "${PIP_CERT:-}" ]]; then cp -- "${PIP_CERT}" "${context}/pip.crt" || return; fi
    timeout 900 "${image_builder}" build "${built}" "${context}" || return
  fi
  "${image_builder}" tag "${built}" "${name}"
}

# A folder for a version of Airflow, in the scratch folder. Usage: airflow_folder NAME VERSION manual|automatic direct|pooler
airflow_folder() {
  local file="${scratch}/$1.yaml"
  {
    printf 'airflow: {version: "%s", image: "apache/airflow:%s"}\n' "${2%.*}" "$2"
    if [[ "$3" == automatic ]]; then cat -- "${root}/e2e/specs/automatic.yaml"; fi
    if [[ "$4" == pooler ]]; then printf 'pooler: {enabled: true}\n'; fi
  } >"${file}"
  file=$(specification "${file}") && "${root}/pgha" synth --config "${file}" --out "${scratch}/$1"
}

# The components of a version, each with its command. Usage: airflow_components VERSION
airflow_components() {
  printf '%s\n' 'scheduler scheduler --skip-serve-logs' 'dag-processor dag-processor' 'triggerer triggerer --skip-serve-logs'
  case $1 in
  2.*) printf 'webserver webserver\n' ;;
  *) printf 'api-server api-server\n' ;;
  esac
}

# What is not the database's: the executor, one worker process each, secrets of Airflow's own. Usage: airflow_environment
airflow_environment() {
  cat <<'YAML'
        - {name: AIRFLOW__CORE__EXECUTOR, value: LocalExecutor}
        - {name: AIRFLOW__CORE__PARALLELISM, value: "4"}
        - {name: AIRFLOW__CORE__LOAD_EXAMPLES, value: "False"}
        - {name: AIRFLOW__CORE__EXECUTION_API_SERVER_URL, value: "http://e2e-airflow-api-server:8080/execution/"}
        - {name: AIRFLOW__API__WORKERS, value: "1"}
        - {name: AIRFLOW__WEBSERVER__WORKERS, value: "1"}
        - {name: AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR, value: "True"}
        - {name: AIRFLOW__CORE__FERNET_KEY, valueFrom: {secretKeyRef: {name: e2e-airflow, key: fernet}}}
        - {name: AIRFLOW__API__SECRET_KEY, valueFrom: {secretKeyRef: {name: e2e-airflow, key: signing}}}
        - {name: AIRFLOW__API_AUTH__JWT_SECRET, valueFrom: {secretKeyRef: {name: e2e-airflow, key: signing}}}
        - {name: AIRFLOW__WEBSERVER__SECRET_KEY, valueFrom: {secretKeyRef: {name: e2e-airflow, key: signing}}}
YAML
}

# A pod's specification, as docs/how-to/airflow.md wires it. The DAG is mounted as a file: in the links of a ConfigMap's folder Airflow
# 3 finds a loop. Usage: airflow_pod VERSION CONTAINER ARGUMENTS…
airflow_pod() {
  local arguments
  arguments=$(printf ', "%s"' "${@:3}")
  cat <<YAML
  securityContext: {runAsUser: 50000, runAsGroup: 0, fsGroup: 0, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  terminationGracePeriodSeconds: 5
  enableServiceLinks: false
  containers:
    - name: $2
      image: apache/airflow:$1
      imagePullPolicy: IfNotPresent
      args: [${arguments#, }]
      envFrom: [{configMapRef: {name: postgresql-airflow-environment}}]
      env:
        - {name: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, valueFrom: {secretKeyRef: {name: postgresql-airflow, key: connection}}}
        - {name: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC, valueFrom: {secretKeyRef: {name: postgresql-airflow, key: connection-async}}}
$(airflow_environment)
      resources: {requests: {cpu: 20m, memory: 128Mi}, limits: {memory: 1536Mi}}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumeMounts:
        - {name: files, mountPath: /opt/airflow/dags/ten_seconds.py, subPath: ten_seconds.py}
        - {name: files, mountPath: /opt/airflow/check_kit.py, subPath: check_kit.py}
        - {name: settings, mountPath: /opt/airflow/config}
        - {name: authority, mountPath: /postgresql-ca}
        - {name: password, mountPath: /postgresql-airflow}
  volumes:
    - {name: files, configMap: {name: e2e-airflow}}
    - {name: settings, configMap: {name: postgresql-airflow-settings}}
    - {name: authority, configMap: {name: postgresql-ca}}
    - {name: password, secret: {secretName: postgresql-airflow, items: [{key: password, path: password}]}}
YAML
}

# Usage: airflow_deployment VERSION COMPONENT ARGUMENTS…
airflow_deployment() {
  cat <<YAML
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: e2e-airflow-$2}
spec:
  strategy: {type: Recreate}
  selector: {matchLabels: {e2e-airflow: $2}}
  template:
    metadata: {labels: {e2e-airflow: $2, e2e: airflow, tier: airflow}}
    spec:
$(airflow_pod "$1" "$2" airflow "${@:3}" | sed 's/^/    /')
YAML
}

# The DAGs, Airflow's own secrets, and the Service by which tasks reach the API server; notes what the database has before.
airflow_basics() {
  airflow_found=$(statements_to_drop)
  k create configmap e2e-airflow --from-file="${root}/e2e/airflow" --dry-run=client -o yaml | k apply -f - >/dev/null
  k create secret generic e2e-airflow --from-literal=signing="$(openssl rand -hex 32)" --from-literal=fernet="$(openssl rand -base64 32 | tr '+/' '-_')" \
    --dry-run=client -o yaml | k apply -f - >/dev/null
  k create service clusterip e2e-airflow-api-server --tcp=8080 --dry-run=client -o yaml | k set selector --local -f - e2e-airflow=api-server -o yaml | k apply -f - >/dev/null
}

# A pod that runs one command of the image to its end. Usage: in_airflow VERSION NAME COMMAND…
in_airflow() {
  local pod="e2e-airflow-$2" phase
  k delete pod "${pod}" --ignore-not-found --grace-period=1 >/dev/null
  {
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s, labels: {tier: airflow}}\nspec:\n  restartPolicy: Never\n' "${pod}"
    airflow_pod "$1" "$2" "${@:3}"
  } | k apply -f - >/dev/null
  eventually 180 has_phase "${pod}" 'Succeeded|Failed' || true
  k logs "${pod}" 2>&1 | tail -n 30
  has_phase "${pod}" Succeeded
}
has_phase() { [[ "$(k get pod "$1" -o 'jsonpath={.status.phase}')" =~ ^($2)$ ]]; }

# Usage: start_airflow VERSION
start_airflow() {
  local component arguments
  airflow_version=$1
  while read -r component arguments; do
    # shellcheck disable=SC2086 # words of our own
    airflow_deployment "$1" "${component}" ${arguments}
  done < <(airflow_components "$1") | k apply -f - >/dev/null
}

# Tables and enumerations, as the statements that drop them. Usage: statements_to_drop
statements_to_drop() {
  app_sql "$(primary_pod)" "SELECT format('DROP TABLE IF EXISTS %s CASCADE;', oid::regclass) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE;', oid::regtype) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'" | sort
}
drop_what_is_new() {
  local statements
  statements=$(comm -13 <(printf '%s\n' "${airflow_found}") <(statements_to_drop))
  app_sql "$(primary_pod)" "SET client_min_messages = error; ${statements}"
}

# Everything of Airflow, its tables too: the next version, and other cases, find the database as it was.
end_airflow() {
  k delete deployment,pod -l 'e2e=airflow' --grace-period=1 --ignore-not-found >/dev/null 2>&1 || true
  k delete deployment e2e-airflow-{scheduler,dag-processor,triggerer,webserver,api-server} --ignore-not-found >/dev/null
  k delete pod e2e-airflow-check --ignore-not-found --grace-period=1 >/dev/null
  k delete configmap,secret,service e2e-airflow e2e-airflow-api-server --ignore-not-found >/dev/null
  k wait pod -l e2e=airflow --for=delete --timeout=60s >/dev/null 2>&1 || true
  drop_what_is_new
}

airflow_sql() { app_sql "$(primary_pod)" "$1"; }

# When a run was due.
due() { [[ "${airflow_version}" == 2.* ]] && printf 'data_interval_end' || printf 'run_after'; }

# Both DAGs have had this many runs. Usage: runs_succeed NUMBER
runs_succeed() { [[ "$(airflow_sql "SELECT count(*) FROM (SELECT dag_id FROM dag_run WHERE state = 'success' GROUP BY dag_id HAVING count(*) >= $1) AS done")" == 2 ]]; }

failed_runs() { airflow_sql "SELECT count(*) FROM dag_run WHERE state = 'failed'"; }
run_names() { airflow_sql "SELECT dag_id || ' ' || run_id FROM dag_run ORDER BY 1" | sort; }
tried_again() { airflow_sql 'SELECT count(*) FROM task_instance WHERE try_number > 1'; }

# Which containers there are, and how often each was started anew.
airflow_exits() { k get pods -l e2e=airflow -o 'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[0].restartCount}{"\n"}{end}' | sort; }

# When the primary began to accept writes: its timeline was written by its promotion; a primary that only restarts has an old one.
opened_at() {
  sql "$(primary_pod)" "SELECT extract(epoch FROM greatest(pg_postmaster_start_time(),
    (pg_stat_file('pg_wal/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '.history', true)).modification))"
}
database_time() { sql "$(primary_pod)" 'SELECT extract(epoch FROM clock_timestamp())'; }

# The first success of a DAG after a time: seconds since then, and since the run was due where that was later. Usage: first_success DAG TIME
first_success() {
  airflow_sql "SELECT round(extract(epoch FROM end_date - to_timestamp($2))::numeric, 1) || ' ' ||
      round(extract(epoch FROM end_date - greatest(to_timestamp($2), $(due)))::numeric, 1)
    FROM dag_run WHERE dag_id = '$1' AND state = 'success' AND end_date > to_timestamp($2) ORDER BY end_date LIMIT 1"
}
both_succeed_after() { [[ -n "$(first_success plain "$1")" && -n "$(first_success deferred "$1")" ]]; }
at_most() { awk -v is="$1" -v limit="$2" 'BEGIN { exit !(is != "" && is <= limit) }'; }

# What happens to Airflow in an event: it is done, runs succeed again in time, none is lost or failed, no component exits; a row of
# the table. The time is from the promotion, or from the end of an event without one. A run that was not due yet cannot succeed, so
# it is given its time from then. Usage: airflow_event PATH EVENT SECONDS COMMAND…
airflow_event() {
  local what="Airflow ${airflow_version}, $1, $2" exits known began opened plain plain_late deferred deferred_late first lost failed again before
  exits=$(airflow_exits) known=$(run_names) again=$(tried_again) before=$(failed_runs) began=$(database_time)
  check "${what}" "${@:4}"
  eventually 60 primary_is_there || true
  opened=$(opened_at)
  if ! at_most "${began}" "${opened}"; then opened=$(database_time); fi
  check "${what}: runs of both DAGs succeed" eventually 120 both_succeed_after "${opened}"
  read -r plain plain_late < <(first_success plain "${opened}") || true
  read -r deferred deferred_late < <(first_success deferred "${opened}") || true
  lost=$(comm -23 <(printf '%s\n' "${known}") <(run_names) | grep -c . || true)
  failed=$(($(failed_runs) - before))
  airflow_rows+=("$(printf '| %s | %s | %s | %.1f | %s | %s | %s | %s | %s | %s | %s |' "${airflow_version}" "$1" "$2" "$(awk "BEGIN { print ${opened} - ${began} }")" "${plain:-never}" \
    "${deferred:-never}" "$(grep -c . <<<"${known}")" "${lost}" "${failed}" "$(($(tried_again) - again))" "$(comm -13 <(printf '%s\n' "${exits}") <(airflow_exits) | wc -l)")")
  printf '       %s\n' "${airflow_rows[-1]}"
  first=$(printf '%s\n' "${plain_late:-}" "${deferred_late:-}" | grep . | sort -n | head -n 1)
  check "${what}: a run succeeds within $3 s, it took ${first:-for ever}" at_most "${first:-}" "$3"
  check "${what}: no run is lost" test "${lost}" = 0
  check "${what}: no run failed" test "${failed}" = 0
  check "${what}: no component exits" no_component_exits "${exits}"
}

# Usage: no_component_exits EXITS_BEFORE; the last words of those that did
no_component_exits() {
  local pod
  is "$1" airflow_exits && return
  for pod in $(k get pods -l e2e=airflow -o 'jsonpath={range .items[?(@.status.containerStatuses[0].restartCount>0)]}{.metadata.name} {end}'); do
    printf '%s\n' "${pod}" && k logs "${pod}" --previous --tail=25
  done
  return 1
}
primary_is_there() { [[ -n "$(primary_pod)" ]]; }

print_airflow_table() {
  printf '\n       | Airflow | path | event | until promoted or done, s | success after it, s | deferred one, s | runs before | lost | failed | tasks tried again | exits |\n'
  printf '       | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
  if ((${#airflow_rows[@]} > 0)); then printf '       %s\n' "${airflow_rows[@]}"; fi
}

# The primary is gone, and for so many seconds nobody accepts writes. Usage: fail_over SECONDS
fail_over() {
  local lost next end=$((SECONDS + $1))
  lost=$(primary_pod) next=$(other_pod "$(primary_pod)")
  k scale statefulset "${lost%-0}" --replicas=0 || return
  k wait pod "${lost}" --for=delete --timeout=60s || return
  while ((SECONDS < end)); do sleep 1; done
  k exec "${next}" -c postgresql -- touch /tmp/promote_trigger && eventually 20 is f in_recovery "${next}"
}
bring_back() {
  k scale statefulset "${primary%-0}" "${standby%-0}" --replicas=1 >/dev/null
  eventually 180 settled
}

# Usage: airflow_begins VERSION PATH
airflow_begins() {
  local what="Airflow $1, $2"
  airflow_version=$1
  check "${what}: DAGs, keys of its own" airflow_basics
  check "${what}: the database is migrated" "${dist}/migrate-airflow.sh" --no-backup --yes
  check "${what}: its names are Airflow's own, each driver takes every option" in_airflow "$1" check python /opt/airflow/check_kit.py
  check "${what}: its components start" start_airflow "$1"
  check "${what}: runs of both DAGs succeed" eventually 240 runs_succeed 2
}

# A stand-in for the image that the folder names. Usage: build_pooler
build_pooler() {
  local name
  name=$(sed -n 's/^ *image: *\(.*pgbouncer.*\)$/\1/p' "${dist}"/*-pooler.yaml | head -n 1)
  [[ ! -x "${image_builder}" ]] || "${image_builder}" list | grep -qxF "${name}" || timeout 300 "${image_builder}" build "${name}" "${root}/e2e/images/pgbouncer"
}
# The folder of dist with PgBouncer, in an installation whose certificate has not its names yet. Usage: deploy_pooler
deploy_pooler() { build_pooler && "${dist}/rotate-certificates.sh" --yes && "${dist}/deploy-postgresql.sh" --timeout 300; }
remove_pooler() {
  k delete -f "${dist}/postgresql-pooler.yaml" --ignore-not-found >/dev/null
  "${committed}/deploy-postgresql.sh" --timeout 300 >/dev/null
}
restart_pooler() { k rollout restart deployment/postgresql-pooler && k rollout status deployment/postgresql-pooler --timeout=180s; }
lose_a_pooler() {
  local pod
  pod=$(k get pods -l app.kubernetes.io/component=pooler -o 'jsonpath={.items[0].metadata.name}')
  k exec "${pod}" -- sh -c 'kill -KILL -1' || true
  k delete pod "${pod}" --force --grace-period=0
}

# The pods of both members are replaced, the standby's first. Usage: roll_both
roll_both() {
  local before
  before=$(uids)
  apply_to_all && eventually 180 both_replaced "${before}" && eventually 90 settled
}
# Its processes are killed, and it does not come back before another member is primary.
lose_the_primary() {
  local lost
  lost=$(primary_pod)
  lose_primary "${lost}"
  k scale statefulset "${lost%-0}" --replicas=0 || return
  k delete pod "${lost}" --force --grace-period=0 >/dev/null 2>&1 || true
  eventually 60 another_primary "${lost}"
}
another_primary() {
  local pod
  pod=$(primary_pod)
  [[ -n "${pod}" && "${pod}" != "$1" ]]
}
# The pods see the new password when kubelet has brought it. Usage: rotate_password
rotate_password() { "${dist}/rotate-passwords.sh" --role airflow --yes && eventually 120 password_is_mounted && a_new_session; }
password_is_mounted() {
  local wanted component
  wanted=$(k get secret postgresql-airflow -o 'jsonpath={.data.password}')
  for component in $(airflow_components "${airflow_version}" | cut -d ' ' -f 1); do
    [[ "$(k exec "deployment/e2e-airflow-${component}" -- base64 -w0 /postgresql-airflow/password)" == "${wanted}" ]] || return 1
  done
}
# Of a process whose environment is older than the password.
a_new_session() { k exec deployment/e2e-airflow-triggerer -- python /opt/airflow/check_kit.py; }

# Usage: airflow_events_of_both_modes PATH SECONDS
airflow_events_of_both_modes() {
  airflow_event "$1" "manual failover, 45 s" "$2" fail_over 45
  check "the lost member is back" bring_back
  airflow_event "$1" "switchover, manual" "$2" "${dist}/switchover.sh" --yes
  check "both are there" eventually 90 settled
  airflow_event "$1" "roll of both, manual" "$2" roll_both
  airflow_event "$1" "password rotation" "$2" rotate_password
  airflow_event "$1" "certificate renewal" "$2" "${dist}/rotate-certificates.sh" --yes
  if [[ "$1" == pooler ]]; then
    airflow_event "$1" "restart of PgBouncer" "$2" restart_pooler
    airflow_event "$1" "loss of a pod of PgBouncer" "$2" lose_a_pooler
  fi
  dist="${scratch}/airflow-automatic"
  airflow_event "$1" "change to automatic" "$2" "${dist}/change-failover.sh" --yes
  check "both are there" eventually 90 settled
  airflow_event "$1" "automatic failover" "$2" lose_the_primary
  check "the lost member is back" bring_back
  airflow_event "$1" "switchover, automatic" "$2" "${dist}/switchover.sh" --yes
  check "both are there" eventually 90 settled
  airflow_event "$1" "roll of both, automatic" "$2" roll_both
  roles_back
  dist="${scratch}/airflow-manual"
  airflow_event "$1" "change to manual" "$2" "${dist}/change-failover.sh" --yes
  check "both are there" eventually 90 settled
}
