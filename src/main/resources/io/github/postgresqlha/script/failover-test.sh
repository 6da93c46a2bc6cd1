#!/usr/bin/env bash
# A drill: fails over to the standby and back while a client writes, and prints how long no write was accepted.
# Run it on the primary. Clients lose their connections twice. Whatever happens, PostgreSQL is started again here.
# Usage: failover-test.sh [--format text|json]
#
# Environment:
#   INSTANCE_NAME, PEER_NAME, PEER_HOST   this member and the other; PEER_PORT: its port (5432)
#   PGDATA, MEMBER_HOSTS, PGPORT (5432)   the data directory here; the members, lists as libpq takes them
#   SECRET_DIRECTORY                      holds monitor-password and rewinder-password
#   RUNTIME_DIRECTORY (/tmp)              for what the client notes
#   STEP_SECONDS (60)                     how long a step may take
# Exit status: 0 done and nothing lost, 1 failed or rows lost, 2 cannot connect, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/health/status.sh"
source "${script_dir}/drill/writer.sh"

# Refuses where the drill would be an outage. A standby that lags little has everything when the primary stops cleanly.
require_healthy() {
  local i
  for i in "${!hosts[@]}"; do read_member "${i}"; done
  here='' there=''
  for i in "${!hosts[@]}"; do
    [[ -z "${failure[${i}]:-}" ]] || continue
    case ${fact[${i}_instance]} in
    "${INSTANCE_NAME}") here=${i} ;;
    "${PEER_NAME}") there=${i} ;;
    *) ;;
    esac
  done
  [[ -n "${here}" ]] || die 1 "${INSTANCE_NAME} does not answer (${failure[*]:-no reason given}); see replication-status.sh"
  [[ "${fact[${here}_role]}" == primary ]] || die 1 "this is not the primary; run it there: kubectl exec ${PEER_NAME}-0 -- ${BASH_SOURCE[0]}"
  [[ -n "${there}" && "${fact[${there}_role]}" == standby ]] || die 1 "${PEER_NAME} does not serve as standby (${failure[*]:-it is primary, too}); repair it first"
  grep -q "^${PEER_NAME} streaming" <<<"${fact[${here}_senders]:-}" || die 1 "${PEER_NAME} is not streaming; see replication-status.sh"
}

# Everything back as it was, also after an interruption.
restore_service() {
  stop_writer
  if [[ "$(cat -- "${runtime}/instance.role" 2>/dev/null)" == maintenance ]]; then pg_ctl start -D "${PGDATA}" >&2 || true; fi
  rm -rf -- "${notes}"
  drop_passfile
}

fail_over() {
  local began
  log_info "stopping PostgreSQL on ${INSTANCE_NAME}"
  began=$(now)
  pg_ctl stop -D "${PGDATA}" -m fast >/dev/null || die 1 "PostgreSQL does not stop here"
  step "stop ${INSTANCE_NAME}" "${began}"
  began=$(now)
  ask_peer promote
  wait_until accepts_writes "${there}" || die 1 "${PEER_NAME} was not promoted within ${STEP_SECONDS} s; its log tells why"
  step "promote ${PEER_NAME}" "${began}"
}

rejoin() {
  local began
  log_info "starting PostgreSQL on ${INSTANCE_NAME} as a standby"
  began=$(now)
  pg_ctl start -D "${PGDATA}" >&2 || die 1 "PostgreSQL does not start here"
  wait_until streams_from "${there}" "${INSTANCE_NAME}" || die 1 "${INSTANCE_NAME} does not stream from ${PEER_NAME}"
  step "rejoin ${INSTANCE_NAME}" "${began}"
  # With synchronous replication writes go on only now.
  wait_until_writing || die 1 "no write was accepted after the promotion"
  outage "failover"
}

# Under Patroni this member asks for the role. Else a clean restart of the peer: both members then see each other in recovery with equal data, and the one named primary opens.
fail_back() {
  local began
  log_info "handing the role back to ${INSTANCE_NAME}"
  mark_outage
  began=$(now)
  ask_back
  wait_until accepts_writes "${here}" || die 1 "${INSTANCE_NAME} did not become primary again; ${PEER_NAME} may still be: see replication-status.sh"
  step "hand back to ${INSTANCE_NAME}" "${began}"
  began=$(now)
  wait_until streams_from "${here}" "${PEER_NAME}" || die 1 "${PEER_NAME} does not stream from ${INSTANCE_NAME}"
  step "rejoin ${PEER_NAME}" "${began}"
  wait_until_writing || die 1 "no write was accepted after the role was handed back"
  outage "hand-back"
}

main() {
  parse_format "usage: failover-test.sh [--format text|json]" "$@"
  require_env INSTANCE_NAME PEER_NAME PEER_HOST PGDATA MEMBER_HOSTS SECRET_DIRECTORY
  : "${STEP_SECONDS:=60}"
  runtime=${RUNTIME_DIRECTORY:-/tmp}
  exec {drill}>"${runtime}/failover-test.lock"
  flock -n "${drill}" || die 1 "another failover-test.sh runs here"
  hosts=() ports=() steps=() outages=() writer='' marked=0
  require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" monitor rewinder
  read_members
  require_healthy
  notes=$(mktemp -d "${runtime}/failover-test.XXXXXX")
  trap restore_service EXIT
  trap 'exit 1' INT TERM HUP
  start_writer
  mark_outage
  fail_over
  rejoin
  fail_back
  stop_writer
  count_rows
  "print_${format}"
  ((lost == 0))
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
