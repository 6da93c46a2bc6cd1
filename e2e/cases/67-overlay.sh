# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: the overlay of Airflow's chart, as the chart's runner applies and tests it, and operated by the folder of the same specification
namespace=e2e-overlay
source "${root:?}/e2e/lib-import.sh"
source "${root}/e2e/lib-overlay.sh"

file=$(specification "${root}/examples/kind.yaml")
check "a folder for any release" "${root}/pgha" synth --format airflow-overlay --config "${file}" --out "${overlay}"
check "kubectl renders it" render_overlay
check "a namespace that enforces Pod Security restricted" make_overlay_namespace
check "it is applied" k apply -f "${scratch}/overlay.yaml"
began=${SECONDS}
check "what STATUS.yaml names is there" walk_verify 300
printf '       %s s\n' "$((SECONDS - began))"
check "pytest is installed" install_pytest
check "its pytest passes" run_overlay_test
pods=$(overlay_pods)
check "the release's name is in the slots as PostgreSQL takes it" eventually 30 is "${release//-/_}_postgresql_standby" replication_slots
made=$(secret_versions)
check "its Job runs once more" run_job_again
check "and overwrites nothing" is "${made}" secret_versions
check "it replaces no pod" is "${pods}" overlay_pods
source_namespace=${namespace} primary=${overlay_name}-primary-0
check "a server with the labels of the chart's PostgreSQL" start_charts_postgresql
check "its database has 200 runs" fill_source 200
rows=$(source_counts)
check "a member may read it, and nothing stands in the way" import --check
check "it is imported" import --replace
check "its rows were counted" test -n "${rows}"
check "every row is there" is "${rows}" app_sql "${primary}" "${counts}"
check "the folder of the same specification" operating_folder "${file}"
check "finds what the Job made" is 3 bash -c "'${scratch}/operating/deploy-${overlay_name}.sh' --secrets-only | grep -cE '^  (passwords are there|certificate is there|Airflow.s connection is there)'"
check "its switchover" "${scratch}/operating/switchover.sh" --yes
check "the standby became primary" eventually 30 is f in_recovery "${overlay_name}-standby-0"
check "it is deleted" k delete -f "${scratch}/overlay.yaml" --ignore-not-found --timeout=180s
check "the Secrets that the Job made are left" k get secret "${overlay_name}-tls" "${overlay_name}-airflow" "${overlay_name}-ca-key"
kubectl delete namespace "${namespace}" --wait=false
