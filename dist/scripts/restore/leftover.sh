# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The server of a recovery, and what one that was killed leaves: a server that nobody waits for. Sourced by restores and by the supervisors, never run.

restored_folder() { printf '%s.restoring\n' "${PGDATA}"; }

# Its process, where it runs. Usage: recovery_server
recovery_server() {
  local pid folder
  folder=$(restored_folder)
  pid=$(head -n 1 -- "${folder}/postmaster.pid" 2>/dev/null) || return 1
  [[ "${pid}" =~ ^[0-9]+$ && "/proc/${pid}/cwd" -ef "${folder}" ]] && printf '%s\n' "${pid}"
}

# Usage: stop_recovery
stop_recovery() {
  local pid
  pid=$(recovery_server) || return 0
  kill -INT "${pid}" 2>/dev/null || return 0
  while [[ "$(recovery_server)" == "${pid}" ]]; do sleep 0.2; done
}

# For the supervisors, beside the loop: whoever installs holds the lock, so what is in the making without it is left over.
end_leftover() {
  [[ -d "${PGDATA}.restoring" || -d "${PGDATA}.cloning" ]] || compgen -G "${PGDATA}.dropping-*" >/dev/null || return 0
  (
    exec {leftover_lock}>>"${STATE_DIRECTORY}/install.lock"
    flock -n "${leftover_lock}" && [[ ! -e "${STATE_DIRECTORY}/restored" ]] || exit 0
    if pid=$(recovery_server); then
      log_warn "a recovery was killed: ending the server that it left, process ${pid}"
      stop_recovery
    fi
    drop_leftovers || log_warn "what an earlier attempt left could not be removed"
    flock -u "${leftover_lock}"
  ) &
}
