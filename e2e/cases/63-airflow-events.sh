# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a real Airflow, 3 and 2.11, through failovers, switchovers, rolls and rotations in both modes: a table of seconds and runs
#
# Environment: AIRFLOWS ("3.3.2 2.11.2") the versions
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-roll.sh"
source "${root}/e2e/lib-airflow.sh"

manual=${dist}
check "the specification is synthesized" synthesize automatic
check "the image is built from image/Dockerfile" build_image "${scratch}/automatic"

for version in ${AIRFLOWS:-3.3.2 2.11.2}; do
  check "the image of Airflow ${version}" build_airflow "${version}"
  dist=${manual}
  airflow_begins "${version}" direct
  airflow_events_of_both_modes direct 10
  check "Airflow ${version} is gone" end_airflow
  roles_back
done
print_airflow_table
