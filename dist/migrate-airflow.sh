#!/usr/bin/env bash
# Brings Airflow's tables to the release of its image: first a dump, then a named restore point, then airflow db migrate past any
# pooler. It says how to go back. Run it before the new release is installed, with that release as airflow.image of the specification.
#
# Usage: migrate-airflow.sh [OPTIONS]
#   --no-backup      without a dump before it, as of a new and empty database
#   --dry-run        only show what would be done
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds for the dump and for the migration, each (3600)
#   --help
# Examples:
#   ./migrate-airflow.sh                     before helm upgrade to a new release
#   ./migrate-airflow.sh --no-backup --yes   the first time
# Exit status: 0 done, 1 failed, 2 the cluster does not answer, 64 bad usage, or something is missing on this machine
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/airflow.sh"

parse() {
  context='' timeout=3600 yes='' dry_run='' backup=yes
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --no-backup) backup='' ;;
    --dry-run) dry_run=yes ;;
    --yes) yes=yes ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
}

# Whether the Secret of the URLs is there. Who may not look at Secrets, as a maintainer, is not told that it is missing: the Job's pod waits for it.
has_connection() {
  local answer
  answer=$(k get secret "${AIRFLOW_SECRET}" -o name 2>&1) || [[ "${answer}" != *'(NotFound)'* ]]
}

require_kit() {
  for_airflow exists cronjob "${AIRFLOW_MIGRATE_CRONJOB}" || die 1 "CronJob ${AIRFLOW_MIGRATE_CRONJOB} is not there: ./deploy-${NAME}.sh applies it"
  for_airflow has_connection || die 1 "Secret ${AIRFLOW_SECRET} is not there: ./deploy-${NAME}.sh --secrets-only makes it"
  leader=$(member_with_role primary)
  [[ -n "${leader}" ]] || die 1 "no member is primary: nothing can be migrated"
}

take_dump() {
  local job="${BACKUP_CRONJOB}-${stamp}"
  k create job "${job}" --from="cronjob/${BACKUP_CRONJOB}" >/dev/null
  wait_for_job "${job}" "${timeout}" || die 1 "the dump failed, and nothing was migrated: kubectl logs -n ${NAMESPACE} job/${job}"
  dump=$(k logs "job/${job}" 2>/dev/null | sed -n 's/.*backup complete: \(postgresql_backup_[0-9_]*\.sql\.gz\).*/\1/p' | tail -n 1)
  say "  dump ${dump:-of job ${job}}"
}

# It is in the log of changes as soon as that is archived, which takes seconds.
mark() {
  local place
  place=$(sql_of "${leader}" "SELECT pg_create_restore_point('${point}')") || die 1 "no restore point could be made in ${leader}-0, and nothing was migrated"
  say "  restore point ${point} at ${place}"
}

migrate() {
  local job="${AIRFLOW_MIGRATE_CRONJOB}-${stamp}"
  for_airflow k create job "${job}" --from="cronjob/${AIRFLOW_MIGRATE_CRONJOB}" >/dev/null
  if ! for_airflow wait_for_job "${job}" "${timeout}"; then
    say_way_back
    die 1 "the migration failed: kubectl logs -n $(airflow_namespace) job/${job} --all-containers"
  fi
  say "  migrated by job ${job}"
}

# From the member that mounts the backup volume, whoever is primary. A dump is restored by the network; the whole server only there, as primary.
say_way_back() {
  say "The way back, with every component of Airflow scaled to 0, and then its former release again:"
  [[ -z "${dump}" ]] || say "  kubectl exec -n ${NAMESPACE} ${PRIMARY_POD} -- /scripts/restore.sh ${dump}     this database alone, as of the dump"
  [[ -n "${BASE_BACKUP_CRONJOB:-}" ]] || return 0
  say "  kubectl exec -n ${NAMESPACE} ${PRIMARY_POD} -- /scripts/restore-pitr.sh --target-name ${point} --yes     the whole server, as of just before the migration"
  [[ "${leader}" == "${PRIMARY}" ]] || say "    ${PRIMARY} has to be primary for that, and ${leader} is: ./switchover.sh first"
}

main() {
  local plan=()
  read_names "${folder}"
  [[ -n "${AIRFLOW_SECRET}" ]] || die 64 "this folder has no kit for Airflow: airflow.enabled is false in its specification"
  parse "$@"
  require_cluster
  require_kit
  printf -v stamp '%(%Y%m%d%H%M%S)T' -1
  point="before_airflow_${stamp}" dump=''
  [[ -z "${backup}" ]] || plan+=("a dump by CronJob ${BACKUP_CRONJOB}")
  plan+=("restore point ${point} in ${leader}-0" "airflow db migrate by CronJob ${AIRFLOW_MIGRATE_CRONJOB} in namespace $(airflow_namespace)")
  if [[ -n "${dry_run}" ]]; then yes=yes; fi
  confirm "${plan[@]}"
  [[ -z "${dry_run}" ]] || exit 0
  [[ -z "${backup}" ]] || take_dump
  mark
  migrate
  say_way_back
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
