# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Airflow with what the folder gives it: it migrates, runs its DAGs, and nothing of it ends in an outage of 45 s
#
# Environment: AIRFLOW (3.3.2) the version, one of those that e2e/images/airflow has
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-airflow.sh"

version=${AIRFLOW:-3.3.2}
check "the image of Airflow ${version}" build_airflow "${version}"
airflow_begins "${version}" direct
documented './migrate-airflow.sh' 'restore-pitr\.sh .*--target-name' yes
airflow_event direct "manual failover, 45 s" 10 fail_over 45
check "the lost member is back" bring_back
print_airflow_table
check "Airflow is gone" end_airflow
roles_back
