#!/usr/bin/env bash
# Says whether the installation is healthy: one line a check, the worst of them as the exit status.
# Usage: health-check.sh [--format text|json]
#
# Environment:
#   MEMBER_HOSTS, PGPORT (5432)       the members; lists, as libpq takes them
#   SECRET_DIRECTORY                  holds monitor-password
#   REPLICATION_LAG_MAX_BYTES, REPLICATION_LAG_MAX_SECONDS, CONNECTIONS_MAX_PERCENT, DISK_MAX_PERCENT, … (health/limits.sh)   from here on it warns
#   CONFIG_DIRECTORY                  its health.env has those limits that the environment lacks; a member's container has it
#   FAIL_ON (warning)                 critical: a warning is shown, and exits with 0
#   BACKUP_MAX_AGE_HOURS              age of the newest dump from which on it warns; unset: there are no backups
#   BASE_BACKUP_MAX_AGE_HOURS         age of the newest base backup from which on it warns; unset: none are taken
#   RESTORE_TEST_MAX_AGE_DAYS         age of the last good restore test from which on it warns; unset: there is none
#   OFFSITE_MAX_AGE_MINUTES           age of the last complete off-site copy from which on it warns; unset: there is none
#   CERTIFICATE_MIN_DAYS              days until a member's certificate ends from which on it warns; unset: there is no TLS
#   MINIMUM_MINOR                     oldest minor release that is no warning; unset: none is
#   WAL_ARCHIVER_SLOT                 the slot of the WAL archiver; unset: there is none
#   POSTGRES_MAJOR (17)               of the programs here
#   PASSFILE_DIRECTORY (/tmp)          for the passfile
# Examples:
#   kubectl exec -n airflow postgresql-primary-0 -- /scripts/health-check.sh
#   kubectl create job --from=cronjob/postgresql-health-check manual-health -n airflow
#   health-check.sh --format json
# Exit status: 0 healthy, 1 warning, 2 critical, 3 cannot tell, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/health/status.sh"
source "${script_dir}/health/answer.sh"
source "${script_dir}/health/limits.sh"
source "${script_dir}/health/reading.sh"
source "${script_dir}/health/rules.sh"
source "${script_dir}/health/lag.sh"
source "${script_dir}/health/member.sh"
source "${script_dir}/health/load.sh"
source "${script_dir}/health/drift.sh"
source "${script_dir}/health/backup.sh"
source "${script_dir}/health/certificate.sh"
source "${script_dir}/health/proof.sh"
source "${script_dir}/health/print.sh"

# Usage: report ok|warning|critical|unknown CHECK DETAIL
report() {
  levels+=("$1") checks+=("$2") details+=("$3")
  case $1 in
  critical) worst=2 ;;
  unknown) ((worst == 2)) || worst=3 ;;
  warning) ((worst != 0)) || worst=1 ;;
  *) ;;
  esac
}

# Usage: report_limit CHECK VALUE LIMIT UNIT [CRITICAL_LIMIT]
report_limit() {
  local level=ok
  if (($2 >= $3)); then level=warning; fi
  if [[ -n "${5:-}" ]] && (($2 >= $5)); then level=critical; fi
  report "${level}" "$1" "$2$4, warns from $3$4"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  parse_format "usage: health-check.sh [--format text|json]" "$@"
  read_limits
  require_env MEMBER_HOSTS SECRET_DIRECTORY "${limit_names[@]}"
  [[ "${FAIL_ON:-warning}" == warning || "${FAIL_ON}" == critical ]] || die 64 "FAIL_ON: warning or critical, got '${FAIL_ON}'"
  levels=() checks=() details=() hosts=() ports=() worst=0 primary=''
  require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" monitor
  read_members
  read_all_members
  check_members
  "print_${format}"
  if ((worst == 1)) && [[ "${FAIL_ON:-warning}" == critical ]]; then worst=0; fi
  exit "${worst}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
  trap 'exit 3' ERR
  main "$@"
fi
