# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Airflow with what the folder gives it: it migrates, runs its DAGs, and nothing of it ends in an outage of 45 s
#
# Environment: AIRFLOW (3.3.2) the version, one of those that e2e/images/airflow has; AIRFLOW_PATHS ("direct pooler")
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-airflow.sh"

version=${AIRFLOW:-3.3.2}
committed=${dist}
check "the image of Airflow ${version}" build_airflow "${version}"
for path in ${AIRFLOW_PATHS:-direct pooler}; do
  limit=10
  if [[ "${path}" == pooler ]]; then
    limit=15
    check "a folder with the pooler" airflow_folder airflow-pooler "${version}" manual pooler
    dist="${scratch}/airflow-pooler"
    check "the pooler is deployed" deploy_pooler
  fi
  airflow_begins "${version}" "${path}"
  documented './migrate-airflow.sh' 'restore-pitr\.sh .*--target-name' yes
  airflow_event "${path}" "manual failover, 45 s" "${limit}" fail_over 45
  check "the lost member is back" bring_back
  check "Airflow is gone" end_airflow
  roles_back
  if [[ "${path}" == pooler ]]; then remove_pooler; fi
done
dist=${committed}
print_airflow_table
