#!/usr/bin/env bash
# Kubernetes' questions to an instance: does its supervisor live, and does PostgreSQL serve in its current role?
# Usage: instance/probe.sh startup|liveness|readiness
#
# Environment: RUNTIME_DIRECTORY (/tmp), SOCKET_DIRECTORY (/var/run/postgresql), PGPORT (5432)
# Exit status: 0 yes, 1 no, 64 bad usage
# shellcheck disable=SC2310,SC2312 # every question ends in a yes or a no
set -Eeuo pipefail

runtime=${RUNTIME_DIRECTORY:-/tmp}

# pg_isready: 0 accepts, 1 refuses for now (starting, recovering), 2 no answer
server_answer() {
  local status=0
  pg_isready -q -t 3 -h "${SOCKET_DIRECTORY:-/var/run/postgresql}" -p "${PGPORT:-5432}" || status=$?
  printf '%s\n' "${status}"
}

supervisor_lives() {
  local beat=-30 now tries
  # It is empty for the moment in which it is written.
  for ((tries = 0; tries < 5; tries++)); do
    if { read -r beat <"${runtime}/heartbeat"; } 2>/dev/null; then break; fi
    beat=-30
    sleep 0.1
  done
  read -r now _ </proc/uptime # as the supervisor's: a clock that nobody can set
  ((${now%.*} - beat <= 30))
}

read_role() {
  role=none
  { read -r role <"${runtime}/instance.role"; } 2>/dev/null || true
}

serves() {
  read_role
  [[ "${role}" == primary || "${role}" == standby ]] && [[ "$(server_answer)" == 0 ]]
}

# Kubernetes asks once in two seconds, and clients wait for a member that opens in between: the answer is no only after most of that time.
serves_soon() {
  local tries clock
  exec {clock}<> <(:)
  for ((tries = 0; tries < 14 && SECONDS < 2; tries++)); do
    if serves; then return; fi
    read -rt 0.1 -u "${clock}" || true
  done
  return 1
}

main() {
  local role
  read_role
  case ${1:-} in
  startup) supervisor_lives ;;
  liveness)
    supervisor_lives || exit 1
    # Only a server that should be serving must answer; a clone, a rejoin or maintenance takes as long as it takes.
    case ${role} in
    primary | standby | undecided) [[ "$(server_answer)" != 2 ]] ;;
    *) ;;
    esac
    ;;
  readiness) serves_soon ;;
  *)
    printf 'usage: instance/probe.sh startup|liveness|readiness\n' >&2
    exit 64
    ;;
  esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
