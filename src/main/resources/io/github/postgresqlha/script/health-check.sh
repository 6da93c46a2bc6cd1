#!/usr/bin/env bash
# Says whether the installation is healthy: one line a check, the worst of them as the exit status.
# Usage: health-check.sh [--format text|json]
#
# Environment:
#   MEMBER_HOSTS, PGPORT (5432)       the members; lists, as libpq takes them
#   SECRET_DIRECTORY                  holds monitor-password
#   REPLICATION_LAG_MAX_BYTES, REPLICATION_LAG_MAX_SECONDS, CONNECTIONS_MAX_PERCENT, DISK_MAX_PERCENT   from here on it warns
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
#   kubectl create job --from=cronjob/postgresql-health-check manual-health -n airflow
#   health-check.sh --format json
# Exit status: 0 healthy, 1 warning, 2 critical, 3 unknown, 64 bad usage or environment
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
source "${script_dir}/health/rules.sh"
source "${script_dir}/health/backup.sh"
source "${script_dir}/health/certificate.sh"
source "${script_dir}/health/proof.sh"

# Usage: report ok|warning|critical CHECK DETAIL
report() {
  levels+=("$1") checks+=("$2") details+=("$3")
  case $1 in
  critical) worst=2 ;;
  warning) ((worst >= 1)) || worst=1 ;;
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

verdict() {
  case ${worst} in
  0) printf 'healthy' ;;
  1) printf 'warning' ;;
  *) printf 'critical' ;;
  esac
}

print_text() {
  local i
  for i in "${!checks[@]}"; do printf '%-8s  %-28s  %s\n' "${levels[i]}" "${checks[i]}" "${details[i]}"; done
  printf '%s: %s checks, %s not ok\n' "$(verdict)" "${#checks[@]}" "$(grep -cvx ok < <(printf '%s\n' "${levels[@]}") || true)"
}

print_json() {
  local i separator=''
  printf '{"status": "%s", "checks": [' "$(verdict)"
  for i in "${!checks[@]}"; do
    printf '%s\n  {"check": %s, "status": "%s", "detail": %s}' "${separator}" "$(json_string "${checks[i]}")" "${levels[i]}" "$(json_string "${details[i]}")"
    separator=,
  done
  printf '\n]}\n'
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  parse_format "usage: health-check.sh [--format text|json]" "$@"
  require_env MEMBER_HOSTS SECRET_DIRECTORY REPLICATION_LAG_MAX_BYTES REPLICATION_LAG_MAX_SECONDS CONNECTIONS_MAX_PERCENT DISK_MAX_PERCENT
  levels=() checks=() details=() hosts=() ports=() worst=0 primary=''
  require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" monitor
  read_members
  for i in "${!hosts[@]}"; do read_member "${i}"; done
  check_members
  "print_${format}"
  exit "${worst}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
  trap 'exit 3' ERR
  main "$@"
fi
