#!/usr/bin/env bash
# Keeps PgBouncer's databases on the member that accepts writes, and its passwords, certificate and settings up to date. It stands beside PgBouncer
# in each pod of the pooler, asks all members twice a second, and tells PgBouncer by its console, which opens to this user on its socket alone.
# Usage: pooler/follow.sh; pooler/follow.sh probe tells Kubernetes that PgBouncer may start, and later that this lives; pooler/follow.sh leads tells a
# deployment that a member has let it in and accepts writes
#
# Environment:
#   PGHOST, PGPORT (5432)      the members, with commas; one port is that of all
#   PGUSER                     the role that asks for verifiers, and that asks members here
#   SECRET_DIRECTORY           holds PGUSER-password
#   PASSFILE_DIRECTORY         a folder in memory, which PgBouncer reads: users.txt with verifiers of clients, tls/, write/, read/ with databases.ini and its socket
#   POOLER_DIRECTORY           PgBouncer's settings, which are reloaded when they change: pgbouncer.ini, pgbouncer-read.ini
#   POOLER_DATABASES           the databases that clients reach, with commas
#   POOLER_PRIMARY             the name that leads to the primary, where there is one that follows it; unset: the member's own name
#   POOLER_READ_HOSTS          the members that readers are sent to while they are standbys, with commas; unset: no pool of readers
#   TLS_DIRECTORY              the Secret of the certificate; unset: no TLS. TLS_CA_FILE: whom members are known by; unset: they are not verified
#   STOP_WAIT_SECONDS (30)     how long a PgBouncer that is to end waits for its clients to leave
#   POSTGRES_MAJOR
# Exit status: 0 stopped on a signal, 1 the probe finds it dead or not ready, or it leads to no primary, 64 bad environment
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/upkeep/tls.sh"
source "${script_dir}/pooler/ask.sh"
source "${script_dir}/pooler/choose.sh"
source "${script_dir}/pooler/console.sh"
source "${script_dir}/pooler/files.sh"

# A pause that a signal ends. Before the files are there nothing beats, and PgBouncer does not start.
pace() {
  if [[ -n "${ready}" ]]; then printf '%s\n' "${now}" >"${PASSFILE_DIRECTORY}/heartbeat"; fi
  read -rt "${TICK_SECONDS:-0.5}" -u "${clock}" || true
  look_at_clock
  [[ -z "${stopping}" ]] || end_following
}

is_following() {
  local beat
  read -r beat <"${PASSFILE_DIRECTORY}/heartbeat" 2>/dev/null || return 1
  ((now - beat <= 30))
}

# Whether a member said lately that it accepts writes.
leads() {
  local chosen
  read_answers
  choose_primary
  [[ -n "${chosen}" ]]
}

end_following() {
  local running
  trap '' TERM INT
  running=$(jobs -pr)
  # shellcheck disable=SC2086 # several words
  kill -- ${running} 2>/dev/null || true
  log_info "stopped"
  exit 0
}

main() {
  require_env PASSFILE_DIRECTORY
  if [[ "${1:-}" == probe ]]; then
    is_following
    return
  fi
  require_env PGHOST PGUSER SECRET_DIRECTORY POOLER_DIRECTORY POOLER_DATABASES
  IFS=, read -ra hosts <<<"${PGHOST}"
  if [[ "${1:-}" == leads ]]; then
    leads
    return
  fi
  umask 077
  stopping='' ready='' postmaster_pid='' secret_sum='' settings_sum=''
  IFS=, read -ra ports <<<"${PGPORT:-5432}"
  trap 'stopping=yes' TERM INT
  exec {clock}<> <(:)
  pools=(write)
  [[ -z "${POOLER_READ_HOSTS:-}" ]] || pools+=(read)
  recall_led
  make_ready
  while :; do
    follow
    pace
  done
}

# An earlier one of this container may have led clients further than the members that answer at first. PgBouncer still runs, and they stay there.
recall_led() {
  local said='' host=''
  read -r said host 2>/dev/null <"${PASSFILE_DIRECTORY}/led" || true
  if is_fact '[0-9A-F]{8}-[1-9][0-9]{0,19}' "${said}" && [[ " ${hosts[*]} " == *" ${host} "* ]]; then led=${said} leader=${host}; fi
}

# PgBouncer starts with the first member, until one has said that it accepts writes.
make_ready() {
  local pool
  for pool in "${pools[@]}"; do mkdir -p -- "${PASSFILE_DIRECTORY}/${pool}" && rm -f -- "${PASSFILE_DIRECTORY}/${pool}/stopping"; done
  PGPASSFILE="${PASSFILE_DIRECTORY}/follow.passfile"
  export PGPASSFILE
  until follow_password; do pace; done
  await_certificate
  settings_sum=$(sum_of_settings)
  point write "${POOLER_PRIMARY:-${leader:-${hosts[0]}}}"
  [[ "${#pools[@]}" == 1 || -s "${PASSFILE_DIRECTORY}/read/databases.ini" ]] || point read "${POOLER_READ_HOSTS%%,*}"
  # What an earlier one of this left behind, and may not have said any more. It may have held clients because the member that they are led to is a
  # standby: they wait until that is known.
  for pool in "${pools[@]}"; do
    if [[ "${pool}" == write && -n "${leader}" ]]; then paused[write]=unknown paused_at[write]=${now}; else owe "${pool}" RESUME; fi
  done
  [[ -z "${leader}" ]] || owe write RECONNECT
  ask_all
  ready=yes
  log_info "asking ${PGHOST} which member accepts writes"
}

# One that has ended is better than none, and the log says so.
await_certificate() {
  [[ -n "${TLS_DIRECTORY:-}" ]] || return 0
  until take_tls || take_tls ended; do
    if every awaiting_tls 30; then log_warn "${TLS_DIRECTORY}: waiting: ${tls_problem}. deploy-*.sh --secrets-only makes a certificate that is missing; others have to be corrected in the Secret"; fi
    pace
  done
  if [[ -n "${tls_problem}" ]]; then log_error "${TLS_DIRECTORY}: ${tls_problem}: no client that verifies it connects; renew it, which needs no restart"; fi
}

follow() {
  local pool
  check_askers
  read_answers
  follow_primary
  [[ "${#pools[@]}" == 1 ]] || follow_standby
  if every files 5; then
    follow_verifiers
    if follow_password; then :; fi
    if follow_tls; then owe_all RELOAD; fi
    follow_settings
  fi
  pay
  if every waiting 30; then tell_all_waiting; fi
  for pool in "${pools[@]}"; do end_left_behind "${pool}"; done
  follow_stops
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
