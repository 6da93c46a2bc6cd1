#!/usr/bin/env bash
# A drill: fails over to a standby and back while a client writes, and prints how long no write was accepted.
# Run it on the primary, whichever member that is. Clients lose their connections twice. Whatever happens, PostgreSQL is started again here.
# Usage: failover-test.sh [--format text|json]
#
# Environment:
#   INSTANCE_NAME, PGDATA             this member, its data directory
#   MEMBER_HOSTS, PGPORT (5432)       the members, lists as libpq takes them
#   PATRONI_SCOPE                     set where Patroni runs
#   SECRET_DIRECTORY                  holds monitor-password and rewinder-password
#   RUNTIME_DIRECTORY (/tmp)          for what the client notes
#   STEP_SECONDS (60)                 how long a step may take
# Examples:
#   kubectl exec -n airflow postgresql-primary-0 -- /scripts/failover-test.sh    where that is primary
# Exit status: 0 done and nothing lost, 1 failed or rows lost, 2 cannot connect, 64 bad usage or environment
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
source "${script_dir}/drill/members.sh"
source "${script_dir}/drill/writer.sh"

# Everything back as it was, also after an interruption.
restore_service() {
  stop_writer
  [[ -z "${asked}" ]] || rm -f -- "${runtime}/promote_trigger"
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
  have_promoted || die 1 "no standby was promoted within ${STEP_SECONDS} s; its log tells why"
  step "promote $(instance_of "${there}")" "${began}"
}

rejoin() {
  local began
  log_info "starting PostgreSQL on ${INSTANCE_NAME} as a standby"
  began=$(now)
  pg_ctl start -D "${PGDATA}" >&2 || die 1 "PostgreSQL does not start here"
  wait_until streams_from "${there}" "${INSTANCE_NAME}" || die 1 "${INSTANCE_NAME} does not stream from $(instance_of "${there}")"
  step "rejoin ${INSTANCE_NAME}" "${began}"
  # With synchronous replication writes go on only now.
  wait_until_writing || die 1 "no write was accepted after the promotion"
  outage "failover"
}

# This member has all that the other has written: the clean stop sends the last of it.
fail_back() {
  local began i
  log_info "handing the role back to ${INSTANCE_NAME}"
  mark_outage
  began=$(now)
  asked=yes
  ask_back
  wait_until accepts_writes "${here}" || die 1 "${INSTANCE_NAME} did not become primary again; $(instance_of "${there}") may still be: see replication-status.sh"
  asked=''
  step "hand back to ${INSTANCE_NAME}" "${began}"
  began=$(now)
  for i in "${others[@]}"; do
    wait_until streams_from "${here}" "$(instance_of "${i}")" || die 1 "$(instance_of "${i}") does not stream from ${INSTANCE_NAME}"
  done
  step "rejoin $(instance_of "${there}")" "${began}"
  wait_until_writing || die 1 "no write was accepted after the role was handed back"
  outage "hand-back"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  parse_format "usage: failover-test.sh [--format text|json]" "$@"
  require_env INSTANCE_NAME PGDATA MEMBER_HOSTS SECRET_DIRECTORY
  : "${STEP_SECONDS:=60}"
  runtime=${RUNTIME_DIRECTORY:-/tmp}
  exec {drill}>"${runtime}/failover-test.lock"
  flock -n "${drill}" || die 1 "another failover-test.sh runs here"
  hosts=() ports=() steps=() outages=() writer='' asked='' marked=0
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
  count_probe_rows
  "print_drill_${format}"
  ((lost == 0))
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
