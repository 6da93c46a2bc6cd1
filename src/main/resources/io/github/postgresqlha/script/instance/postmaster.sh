# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The PostgreSQL server under the supervisor: started, watched, adopted, stopped. Sourced by instance.sh.

# Usage: is_postmaster PID; a live server of this PGDATA, not just a process that has its number
is_postmaster() {
  [[ -n "$1" && "/proc/$1/exe" -ef "${bin_directory}/postgres" && "/proc/$1/cwd" -ef "${PGDATA}" ]]
}

# The server that PGDATA's own lock file names, if it lives.
running_postmaster() {
  local pid
  [[ -r "${PGDATA}/postmaster.pid" ]] || return 1
  read -r pid <"${PGDATA}/postmaster.pid" || return 1
  is_postmaster "${pid}" && printf '%s\n' "${pid}"
}

# Only under the volume lock: whoever the files name is gone, whatever process has that number today.
clear_stale_locks() {
  rm -f -- "${PGDATA}/postmaster.pid" "${SOCKET_DIRECTORY}/.s.PGSQL.${PGPORT}"{,.lock}
}

start_postgres() {
  clear_stale_locks
  setsid postgres -D "${PGDATA}" &
  postmaster_pid=$!
  postmaster_is_child=yes
}

# A child that was just started is no server yet, and would not hear of a stop: on a busy node that takes its time.
await_postmaster() {
  while [[ -n "${postmaster_is_child}" && -e "/proc/${postmaster_pid}/exe" ]] && ! is_postmaster "${postmaster_pid}"; do tick; done
}

# Usage: end_postmaster PID SIGNAL SECONDS
end_postmaster() {
  local began=${now}
  kill -"$2" "$1"
  while is_postmaster "$1"; do
    if ((now - began > $3)); then
      log_error "PostgreSQL does not stop within $3 s: ending it at once, it recovers at its next start"
      kill -QUIT "$1"
      began=${now}
    fi
    TICK_SECONDS=${TICK_SECONDS:-0.1} tick # clients wait for what comes next
  done
}

# Fast and clean, within the pod's grace period; whoever calls knows that the server is down afterwards.
stop_postgres() {
  await_postmaster
  postmaster_pid=$(running_postmaster || printf '%s' "${postmaster_pid}")
  if is_postmaster "${postmaster_pid}"; then end_postmaster "${postmaster_pid}" INT "${STOP_SECONDS}"; fi
  [[ -z "${postmaster_is_child}" ]] || wait "${postmaster_pid}" 2>/dev/null || true
  postmaster_pid='' postmaster_is_child=''
  stop_beating
  keep_closed
}

# A stopped instance must not come up read-write by a bare pg_ctl start; the next decision opens it again.
keep_closed() {
  [[ -z "${PEER_HOST}" ]] || put_signal "${PGDATA}/standby.signal" ||
    log_error "${PGDATA}/standby.signal cannot be written (full or read-only?): do not start PostgreSQL by hand"
}

is_shut_down() { [[ "$(control_value 'Database cluster state')" == "shut down"* ]]; }

# The server that ended is the one that pg_ctl was told to stop, and not long ago: a note that was forgotten says nothing.
is_stop_requested() {
  local pid deadline uptime
  { read -r pid deadline <"${RUNTIME_DIRECTORY}/stop_request"; } 2>/dev/null || return 1
  read -r uptime _ </proc/uptime
  is_fact "${fact_number}" "${pid}" && is_fact "${fact_number}" "${deadline}" && [[ "${pid}" == "${postmaster_pid}" ]] && ((${uptime%.*} <= deadline))
}

# A stop by hand. A child ends with 0 then, an immediate stop included; a start that failed leaves the state of the last clean
# stop, so that state tells only of an adopted server, which has no status. Usage: was_stopped STATUS
was_stopped() {
  if is_stop_requested; then return; fi
  rm -f -- "${RUNTIME_DIRECTORY}/stop_request"
  if [[ -n "${postmaster_is_child}" ]]; then (($1 == 0)); else is_shut_down; fi
}

# True while a server of this PGDATA runs. A pg_ctl start by hand is adopted; a stop by hand is maintenance; a server that ended by
# itself is started in place (instance/crash.sh). Anything else ends the container, with the server's own status, and Kubernetes
# starts it again.
check_postmaster() {
  local status=0 pid
  is_postmaster "${postmaster_pid}" && return
  [[ -n "${postmaster_is_child}" && -d "/proc/${postmaster_pid}" ]] && return # it is still being started
  if pid=$(running_postmaster); then
    log_info "PostgreSQL was started by hand: process ${pid} is watched now"
    postmaster_pid=${pid} postmaster_is_child=''
    recovery_role=$(last_role | sed 's/primary/undecided/')
    return
  fi
  [[ -z "${postmaster_is_child}" ]] || wait "${postmaster_pid}" 2>/dev/null || status=$?
  if was_stopped "${status}"; then
    begin_maintenance
    return 1
  fi
  log_error "PostgreSQL ended unexpectedly, status ${status}"
  if may_start_in_place "${status}"; then
    start_in_place
    return 1
  fi
  exit "$((status == 0 ? 1 : status))"
}

begin_maintenance() {
  rm -f -- "${RUNTIME_DIRECTORY}/stop_request"
  postmaster_pid='' postmaster_is_child=''
  stop_beating
  keep_closed
  set_role maintenance
  log_info "PostgreSQL was stopped by hand: maintenance, until pg_ctl start"
}

# The end of the container: 0 when PostgreSQL shut down cleanly.
stop_and_exit() {
  ! stop_waits || return 0
  set_role stopping
  log_info "signal ${stop_signal}: stopping"
  if [[ -n "${watched_pid:-}" ]]; then kill "${watched_pid}" 2>/dev/null || true; fi
  stop_server
  has_data || exit 0
  is_shut_down || exit 1
  log_info "stopped cleanly"
  exit 0
}
