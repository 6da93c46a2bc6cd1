# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# what people may do with the Roles of dist/, and what they may not
source "${root:?}/e2e/lib-rights.sh"
people=(viewer operator maintainer)

# Usage: as_person PERSON COMMAND…
as_person() { k --as="e2e-$1" "${@:2}"; }
may() { is yes as_person "$1" auth can-i "${@:2}"; }
may_not() { is no as_person "$1" auth can-i "${@:2}"; }

for person in "${people[@]}"; do bind_person "${person}"; done

for person in "${people[@]}"; do
  check "a ${person} looks at pods, events, volumes, jobs" as_person "${person}" get pods,events,pvc,jobs
  check "a ${person} reads logs" as_person "${person}" logs "${primary}" --tail=1
  check "a ${person} reads no Secret" may_not "${person}" get secrets
  check "a ${person} makes no pod" may_not "${person}" create pods
  check "a ${person} changes no Role" may_not "${person}" patch roles
  check "a ${person} deletes no policy of the network" may_not "${person}" delete networkpolicies
  check "a ${person} sees no other namespace" refuses 'orbidden' kubectl --as="e2e-${person}" get pods --namespace kube-system
done

check "a viewer runs no program" refuses 'orbidden' as_person viewer exec "${primary}" -- true
check "a viewer deletes no pod" may_not viewer delete "pods/${primary}"
check "an operator runs programs in members" as_person operator exec "${primary}" -c postgresql -- /scripts/replication-status.sh
check "an operator runs none elsewhere" refuses 'orbidden' as_person operator exec deployment/postgresql-wal-archiver -- true
check "an operator deletes a member's pod" may operator delete "pods/${primary}"
check "an operator deletes no other" may_not operator delete pods/e2e-stranger
check "an operator scales members" may operator patch statefulsets/postgresql-primary --subresource=scale
check "an operator changes none" may_not operator patch statefulsets/postgresql-primary
check "an operator makes no Job" may_not operator create jobs
check "its programs are an operator's then" refuses 'orbidden.*e2e-operator' with_rights_of operator kubectl --namespace "${namespace}" get secrets
check "an operator hands the role over" with_rights_of operator "${dist}/switchover.sh" --yes
check "an operator hands it back" with_rights_of operator "${dist}/switchover.sh" --yes
check "a maintainer makes a Job of a CronJob" as_person maintainer create job e2e-rights --from=cronjob/postgresql-health-check --dry-run=server
check "a maintainer runs a program in the archiver" as_person maintainer exec deployment/postgresql-wal-archiver -- ls /var/lib/postgresql/backups
check "a maintainer restarts a member" as_person maintainer patch statefulset postgresql-standby --dry-run=server -p '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}}}}}'
check "a maintainer changes a CronJob" may maintainer patch cronjobs/postgresql-restore-test
check "a maintainer deletes a member's volume" may maintainer delete pvc/data-postgresql-standby
check "a maintainer makes a new one" may maintainer create pvc
check "a maintainer deletes no other volume" may_not maintainer delete pvc/e2e-other
check "a maintainer finds what a migration of Airflow needs" with_rights_of maintainer "${dist}/migrate-airflow.sh" --dry-run
check "a maintainer changes no Deployment of others" may_not maintainer patch deployments/e2e-other
check "a maintainer scales nothing" may_not maintainer patch statefulsets/postgresql-primary --subresource=scale

for person in "${people[@]}"; do k delete rolebinding "e2e-${person}" >/dev/null; done
