# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Airflow, 3 and 2.11, through failovers, switchovers, rolls and rotations in both modes: a table of seconds and runs
#
# Environment: AIRFLOWS ("3.3.2 2.11.2") the versions
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-roll.sh"
source "${root}/e2e/lib-airflow.sh"

committed=${dist}
for version in ${AIRFLOWS:-3.3.2 2.11.2}; do
  check "the image of Airflow ${version}" build_airflow "${version}"
  check "its folder, failover manual" airflow_folder airflow-manual "${version}" manual direct
  check "its folder, failover automatic" airflow_folder airflow-automatic "${version}" automatic direct
  check "the image is built from image/Dockerfile" build_image "${scratch}/airflow-automatic"
  dist="${scratch}/airflow-manual"
  check "Airflow ${version}: the folder is applied" "${dist}/deploy-postgresql.sh" --timeout 300
  airflow_begins "${version}" direct
  airflow_events_of_both_modes direct 10
  check "Airflow ${version} is gone" end_airflow
  roles_back
done
dist=${committed}
check "the folder of before is applied" "${dist}/deploy-postgresql.sh" --timeout 300
print_airflow_table
