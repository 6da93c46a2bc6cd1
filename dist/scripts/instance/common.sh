# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# What the parts of the supervisor share: its clock, its role, its durable notes, and PostgreSQL's programs. Sourced by the supervisors.

# What both supervisors begin with; each adds its own.
share_environment() {
  : "${PEER_NAME:=}" "${PEER_HOST:=}" "${PEER_PORT:=5432}" "${DATA_DURABILITY:=}"
  : "${RUNTIME_DIRECTORY:=/tmp}" "${SOCKET_DIRECTORY:=/var/run/postgresql}" "${PGPORT:=5432}" "${STOP_SECONDS:=90}" "${ROLL_SECONDS:=60}" "${LOCK_SECONDS:=15}"
  ROLES=(postgres replicator rewinder monitor backup "${DATABASE_OWNER}")
  STATE_DIRECTORY=${PGDATA%/*}/state
  passfile=$(passfile_directory)/passfile
  bin_directory=$(dirname -- "$(command -v postgres)")
  wal_segment_bytes=16777216
  postmaster_pid='' postmaster_is_child='' role='' role_since=0 role_began=0 stop_signal='' watched_pid='' degraded=''
  peer_state=unknown peer_seen=0 peer_asked=0 peer_answered=0 probe_running='' peer_address='' peer_reason='' peer_system='' peer_timeline='' peer_lsn='' peer_waiting='' peer_started=''
  peer_streaming='' peer_intent=none peer_nonce='' peer_promise='' last_seen='' seen_system='' seen_timeline='' primary_lsn=''
  own_system='' secret_sum='' secret_role='' config_sum=''
}

# The host names of the other members, one a line.
other_members() {
  local host hosts
  IFS=, read -ra hosts <<<"${MEMBER_HOSTS:-}"
  for host in "${hosts[@]}"; do
    [[ "${host}" == "${INSTANCE_NAME}-0".* ]] || printf '%s\n' "${host}"
  done
}

# Signals, clock and volume of process 1.
become_process_one() {
  exec {tick_fd}<> <(:)
  # The line ends the tick's wait at once.
  trap 'stop_signal=TERM && printf "\n" >&"${tick_fd}"' TERM
  trap 'stop_signal=INT && printf "\n" >&"${tick_fd}"' INT
  take_volume
  set_role starting
}

supervise_forever() {
  while :; do
    tick
    # A step that failed is seen again at the next tick; it must not end process 1.
    supervise || log_warn "a step of the supervisor failed; it is tried again"
  done
}

# A file in memory, whole or not at all. Usage: deliver_whole FILE TEXT
deliver_whole() { printf '%s\n' "$2" >"$1.${BASHPID}" && mv -fT -- "$1.${BASHPID}" "$1"; }

# An answer from beside the loop; it wakes the loop. Usage: deliver FILE TEXT
deliver() {
  deliver_whole "$1" "$2"
  printf '\n' >&"${tick_fd}"
}

# Usage: set_role ROLE; starting initialising importing restoring waiting cloning rejoining undecided opening primary standby maintenance stopping
set_role() {
  [[ "$1" == "${role:-}" ]] && return
  role=$1 role_since=${EPOCHSECONDS} role_began=${now}
  deliver_whole "${RUNTIME_DIRECTORY}/instance.role" "${role}"
  log_info "role: ${role}"
}

# Waits one tick without a child process, and shows the liveness probe that the supervisor moves. A server that was just started is
# looked at more often: clients wait for it.
tick() {
  local seconds=${TICK_SECONDS:-0.5}
  if [[ "${role}" == starting || "${role}" == opening ]] && [[ -z "${TICK_SECONDS:-}" ]] && ((now - role_began < 3)); then seconds=0.1; fi
  printf '%s\n' "${now}" >"${RUNTIME_DIRECTORY}/heartbeat"
  read -rt "${seconds}" -u "${tick_fd}" || true
  look_at_clock
  if [[ -n "${stop_signal}" && "${role}" != stopping ]]; then stop_and_exit; fi
}

# Usage: pause SECONDS
pause() {
  local began=${now}
  while ((now - began < $1)); do tick; done
}

# A long command must not stop the clock: it runs beside, and ends with the supervisor. A caller may name in while_watched what is
# looked at meanwhile. Usage: run_watched COMMAND…
run_watched() {
  "$@" &
  watched_pid=$!
  while [[ -d "/proc/${watched_pid}" ]]; do
    tick
    "${while_watched:-:}"
  done
  local status=0
  wait "${watched_pid}" || status=$?
  watched_pid=
  return "${status}"
}

# SQL to this instance over its socket, as postgres; with a deadline, so that a frozen server cannot freeze us.
# The supervisor's own writes must not wait for a synchronous standby.
local_sql() {
  PGOPTIONS="-c synchronous_commit=local ${SQL_OPTIONS:-}" timeout "${SQL_SECONDS:-5}" psql -XAtqw -v ON_ERROR_STOP=1 -h "${SOCKET_DIRECTORY}" -p "${PGPORT}" -U postgres -d postgres
}

# Usage: control_value KEY; as pg_controldata prints it
control_value() {
  LC_ALL=C pg_controldata -D "${2:-${PGDATA}}" 2>/dev/null | sed -n "s/^$1: *//p"
}

# The highest timeline that the control file knows: a restart follows this one.
control_timeline() {
  local checkpoint recovery
  checkpoint=$(control_value "Latest checkpoint's TimeLineID")
  recovery=$(control_value "Min recovery ending loc's timeline")
  [[ -n "${checkpoint}" && -n "${recovery}" ]] || return 1
  printf '%s\n' "$((checkpoint > recovery ? checkpoint : recovery))"
}

# One supervisor a volume: the lock is inherited by PostgreSQL, so a server that outlives its supervisor still holds it.
take_volume() {
  umask 077
  { mkdir -p -- "${STATE_DIRECTORY}" && : >>"${STATE_DIRECTORY}/lock"; } 2>/dev/null ||
    die 1 "${STATE_DIRECTORY} cannot be written: is the data volume mounted, and not read-only? Nothing was started or changed"
  exec {lock_fd}>"${STATE_DIRECTORY}/lock"
  # A pod that was deleted by force may still be stopping.
  flock -w "${LOCK_SECONDS}" "${lock_fd}" || die 75 "${PGDATA%/*}: the volume is in use by another instance"
  [[ ! -e "${RUNTIME_DIRECTORY}/promote_trigger" ]] || log_warn "promote_trigger is from before this start: removed"
  rm -rf -- "${RUNTIME_DIRECTORY}/promote_trigger" "${RUNTIME_DIRECTORY}"/{start,stop,rebuild}_request "${RUNTIME_DIRECTORY}"/{peer,patroni}.answer* "${STATE_DIRECTORY}"/request.*
}
