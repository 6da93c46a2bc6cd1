# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Airflow, 3 and 2.11, directly and through PgBouncer, through failovers, rolls and rotations: a table of seconds and runs
#
# Environment: AIRFLOWS ("3.3.2 2.11.2") the versions; AIRFLOW_PATHS ("direct pooler")
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-roll.sh"
source "${root}/e2e/lib-airflow.sh"

committed=${dist}
for version in ${AIRFLOWS:-3.3.2 2.11.2}; do
  check "the image of Airflow ${version}" build_airflow "${version}"
  for path in ${AIRFLOW_PATHS:-direct pooler}; do
    limit=10
    [[ "${path}" == direct ]] || limit=15
    check "its folder, ${path}, failover manual" airflow_folder airflow-manual "${version}" manual "${path}"
    check "its folder, ${path}, failover automatic" airflow_folder airflow-automatic "${version}" automatic "${path}"
    check "the image is built from image/Dockerfile" build_image "${scratch}/airflow-automatic"
    dist="${scratch}/airflow-manual"
    if [[ "${path}" == direct ]]; then
      check "Airflow ${version}, ${path}: the folder is applied" "${dist}/deploy-postgresql.sh" --timeout 300
    else
      check "Airflow ${version}, ${path}: the folder is applied" deploy_pooler
    fi
    airflow_begins "${version}" "${path}"
    airflow_events_of_both_modes "${path}" "${limit}"
    check "Airflow ${version} is gone" end_airflow
    roles_back
  done
done
dist=${committed}
k delete deployment,service,poddisruptionbudget,networkpolicy -l app.kubernetes.io/component=pooler >/dev/null
check "the folder of before is applied" "${dist}/deploy-postgresql.sh" --timeout 300
print_airflow_table
