# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run and lib-import.sh; a check that fails is counted)
# What the runner of Airflow's chart does with an overlay (breeze k8s smoke-test-overlay), for a release of a namespace of its own. Sourced by cases.

release=e2e-air overlay="${scratch}/overlay" overlay_name=${release}-postgresql

# Pod Security refuses what needs more than it should.
make_overlay_namespace() {
  kubectl delete namespace "${namespace}" --ignore-not-found --wait --timeout=180s &&
    kubectl create namespace "${namespace}" && kubectl label namespace "${namespace}" pod-security.kubernetes.io/enforce=restricted
}

# It replaces text, and knows no words. Usage: render_overlay
render_overlay() {
  kubectl kustomize "${overlay}" | sed -e "s/RELEASE-NAME/${release}/g" -e "s/NAMESPACE/${namespace}/g" >"${scratch}/overlay.yaml"
}

# What STATUS.yaml says, a line each: KIND NAME ready|complete
verified_resources() { awk '$1 == "-" && $2 == "kind:" { kind = $3 } $1 == "name:" { name = $2 } $2 == "true" { print kind, name, substr($1, 1, length($1) - 1) }' "${overlay}/STATUS.yaml"; }

# A reason from which no pod recovers by itself, of the namespace's pods.
hopeless() {
  k get pods -o 'jsonpath={range .items[*]}{range .status.containerStatuses[*]}{.state.waiting.reason}{"\n"}{end}{range .status.initContainerStatuses[*]}{.state.waiting.reason}{"\n"}{end}{end}' |
    grep -xE 'ImagePullBackOff|ErrImagePull|InvalidImageName|ImageInspectError|CrashLoopBackOff|CreateContainerConfigError|CreateContainerError'
}

# Usage: is_verified KIND NAME ready|complete
is_verified() {
  if [[ "$3" == complete ]]; then
    k wait --for=condition=complete "$1/${release}-$2" --timeout=1s
  else
    k rollout status "$1/${release}-$2" --timeout=1s
  fi
}

# Usage: walk_verify SECONDS
walk_verify() {
  local kind name condition deadline
  while read -r kind name condition; do
    deadline=$((SECONDS + $1))
    until is_verified "${kind}" "${name}" "${condition}" </dev/null; do
      ! hopeless </dev/null || return 1
      ((SECONDS < deadline)) || return 1
      sleep 1
    done
  done < <(verified_resources)
}

install_pytest() { python3 -m venv "${scratch}/python" && "${scratch}/python/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --require-hashes --requirement "${root}/e2e/overlay/requirements.txt"; }

# The test of the folder beside stand-ins for Airflow's own fixtures.
run_overlay_test() {
  cp -r -- "${root}/e2e/overlay/overlay_tests" "${scratch}/" && cp -- "${overlay}"/tests/overlay_tests/*.py "${scratch}/overlay_tests/" || return
  (cd -- "${scratch}" && OVERLAY_UNDER_TEST=postgresql OVERLAY_NAMESPACE=${namespace} OVERLAY_RELEASE_NAME=${release} timeout 300 "${scratch}/python/bin/python" -m pytest -q -p no:cacheprovider overlay_tests)
}

# What the README of the folder says: the same specification, under the names of the release. Usage: operating_folder SPECIFICATION
operating_folder() {
  {
    grep -vE '^(name|namespace):' -- "$1"
    printf 'name: %s\nnamespace: %s\ncreateNamespace: false\n' "${overlay_name}" "${namespace}"
  } >"${scratch}/operating.yaml"
  "${root}/pgha" synth --config "${scratch}/operating.yaml" --out "${scratch}/operating"
}

# Usage: start_charts_postgresql; what lib-import.sh has, in the release's namespace
start_charts_postgresql() { { start_source || kubectl wait pod/old -n "${source_namespace}" --for=condition=Ready --timeout=120s; } && kubectl label pod old -n "${source_namespace}" app.kubernetes.io/name=postgresql app.kubernetes.io/instance="${release}"; }

# As documented: it is deleted, and all is applied again.
run_job_again() { k delete job "${overlay_name}-bootstrap" && k apply -f "${scratch}/overlay.yaml" && k wait --for=condition=complete "job/${overlay_name}-bootstrap" --timeout=120s; }
secret_versions() { k get secret "${overlay_name}-secret" "${overlay_name}-tls" "${overlay_name}-airflow" "${overlay_name}-ca-key" -o 'jsonpath={.items[*].metadata.resourceVersion}'; }

overlay_pods() { k get pods -l "postgresqlha.github.io/member=${overlay_name}" -o 'jsonpath={.items[*].metadata.uid}'; }
replication_slots() { sql "${overlay_name}-primary-0" "SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots WHERE slot_name <> 'wal_archiver'"; }
