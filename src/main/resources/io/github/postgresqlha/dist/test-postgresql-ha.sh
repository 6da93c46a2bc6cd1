#!/usr/bin/env bash
# Proves on a running installation that it does what it promises, in the Test Anything Protocol.
#
# Usage: test-*-ha.sh [OPTIONS]
#   --destructive    fail over and back as well: clients lose their connections twice
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a job may take (300)
#   --help
# Examples:
#   ./test-postgresql-ha.sh
#   ./test-postgresql-ha.sh --destructive | tee report.tap    in a maintenance window
# Exit status: 0 every test passed, 1 one failed, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2153,SC2154,SC2206,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/test.sh"

parse() {
  context='' timeout=300 destructive=''
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --destructive) destructive=yes ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
}

# Runs one test: a function that fails or prints nothing of interest. Usage: check DESCRIPTION FUNCTION ARGUMENTS…
check() {
  local output
  number=$((number + 1))
  if output=$("${@:2}" 2>&1); then
    printf 'ok %s - %s\n' "${number}" "$1"
  else
    failed=$((failed + 1))
    printf 'not ok %s - %s\n' "${number}" "$1"
    indent "# " "${output:-no output}"
  fi
}

clean_up() {
  [[ -n "${primary}" ]] || return 0
  psql_in "${primary}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "DROP TABLE IF EXISTS ${table}" || true
  psql_in "${primary}" postgres postgres -c "DROP DATABASE IF EXISTS ${restored} WITH (FORCE)" || true
  k delete job --ignore-not-found "${backup_job}" "${health_job}" || true
} >/dev/null 2>&1

main() {
  local stamp member
  number=0 failed=0
  read_names "${folder}"
  parse "$@"
  require_cluster | sed 's/^/# /'
  [[ -n "${context}" ]] || context=$(kubectl config current-context)
  stamp=$(date -u +%Y%m%d%H%M%S)
  table="ha_test_${stamp}" restored="${DATABASE_NAME:0:39}_test_${stamp}" backup_job="${NAME:0:30}-test-backup-${stamp}" health_job="${NAME:0:30}-test-health-${stamp}"
  find_roles
  trap clean_up EXIT
  printf 'TAP version 13\n'
  for member in ${MEMBERS//:/ }; do check "pod ${member}-0 is ready" pod_is_ready "${member}-0"; done
  check "one primary, every other member a standby" roles_are_right
  check "a row is written on the primary" create_row
  if [[ -n "${STANDBY:-}" ]]; then
    check "the standby streams" streams
    check "the row is readable on the standby" row_arrives
    check "the standby refuses writes" standby_refuses
  fi
  check "a wrong password is refused" wrong_password_is_refused
  check "a backup is made" backup_is_made
  check "the backup is restored into a scratch database" backup_is_restored
  check "the health check is green" health_is_green
  if [[ -n "${destructive}" && -n "${STANDBY:-}" ]]; then
    check "fails over and back, with no row lost" failover_and_back
    find_roles
    check "one primary and one standby afterwards" roles_are_right
    check "the standby streams afterwards" streams
  fi
  printf '1..%s\n# %s passed, %s failed\n' "${number}" "$((number - failed))" "${failed}"
  ((failed == 0))
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
