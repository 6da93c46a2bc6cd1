#!/usr/bin/env bash
# Proves on a running installation that it does what it promises, in the Test Anything Protocol.
#
# Usage: test-*-ha.sh [OPTIONS]
#   --destructive    fail over and back as well: clients lose their connections twice
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a job may take (300)
#   --help
# Exit status: 0 every test passed, 1 one failed, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2153,SC2154,SC2206,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib-kubectl.sh"

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

# The members by what they are now, not by their names: after a failover they have changed places.
find_roles() {
  local pod
  primary='' standby='' primaries=0 standbys=0
  for pod in ${MEMBERS//:/ }; do
    pod=${pod}-0
    case $(psql_in "${pod}" postgres postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null) in
    f) primary=${pod} primaries=$((primaries + 1)) ;;
    t) standby=${pod} standbys=$((standbys + 1)) ;;
    *) ;;
    esac
  done
}

pod_is_ready() { k wait pod "$1" --for=condition=Ready --timeout=60s; }

roles_are_right() {
  local members=(${MEMBERS//:/ })
  printf 'primary: %s, standby: %s; %s of %s members\n' "${primary:-none}" "${standby:-none}" "$((primaries + standbys))" "${#members[@]}"
  ((primaries == 1 && standbys == ${#members[@]} - 1))
}

streams() {
  k exec "${primary}" -c "${CONTAINER}" -- /scripts/replication-status.sh
}

create_row() {
  psql_in "${primary}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "CREATE TABLE ${table} AS SELECT 42 AS answer"
}

# Replication is asynchronous: the row may come a moment later.
row_arrives() {
  local attempt
  for attempt in {1..20}; do
    [[ "$(psql_in "${standby}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "SELECT answer FROM ${table}" 2>&1)" != 42 ]] || return 0
    sleep 0.5
  done
  printf 'the row is not on the standby after %s attempts\n' "${attempt}"
  return 1
}

standby_refuses() {
  local answer
  if answer=$(psql_in "${standby}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "INSERT INTO ${table} VALUES (1)" 2>&1); then return 1; fi
  printf '%s\n' "${answer}"
  grep -q 'read-only transaction' <<<"${answer}"
}

wrong_password_is_refused() {
  local answer
  answer=$(k exec "${primary}" -c "${CONTAINER}" -- env PGPASSWORD=wrong psql -XAtqw -h "${PRIMARY_SERVICE}" -U "${DATABASE_OWNER}" -d "${DATABASE_NAME}" -c 'SELECT 1' 2>&1) && return 1
  printf '%s\n' "${answer}"
  grep -q 'password authentication failed' <<<"${answer}"
}

# Usage: run_job CRONJOB NAME
run_job() {
  k create job "$2" --from="cronjob/$1" >/dev/null
  wait_for_job "$2" "${timeout}"
}

backup_is_made() {
  run_job "${BACKUP_CRONJOB}" "${backup_job}"
}

# restore.sh compares the rows with those of the dump; this compares with the row that was written before it.
backup_is_restored() {
  local file answer
  file=$(k exec "${PRIMARY_POD}" -c "${CONTAINER}" -- ls /var/lib/postgresql/backups | grep '\.sql\.gz$' | tail -n 1)
  k exec "${PRIMARY_POD}" -c "${CONTAINER}" -- /scripts/restore.sh "${file}" --into "${table}"
  answer=$(psql_in "${primary}" postgres "${table}" -c "SELECT answer FROM ${table}")
  [[ "${answer}" == 42 ]]
}

health_is_green() {
  local status=0
  run_job "${HEALTH_CRONJOB}" "${health_job}" || status=1
  k logs "job/${health_job}" | tail -n 40
  return "${status}"
}

failover_and_back() {
  k exec "${primary}" -c "${CONTAINER}" -- /scripts/failover-test.sh
}

clean_up() {
  [[ -n "${primary}" ]] || return 0
  psql_in "${primary}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "DROP TABLE IF EXISTS ${table}" || true
  psql_in "${primary}" postgres postgres -c "DROP DATABASE IF EXISTS ${table} WITH (FORCE)" || true
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
  table="ha_test_${stamp}" backup_job="${NAME:0:30}-test-backup-${stamp}" health_job="${NAME:0:30}-test-health-${stamp}"
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
