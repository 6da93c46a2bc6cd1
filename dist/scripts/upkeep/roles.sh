# shellcheck shell=bash
# Roles, grants and functions of a running primary are those of sql/roles.sql: at each start as primary, when that file changes, and
# once an hour, so that what a person removed comes back. Beside the loop and with deadlines: process 1 never waits for it.
# Sourced by the supervisors.

roles_pid='' roles_done='' roles_wanted=''

# Once a tick; it acts while this instance is primary.
reconcile_roles() {
  if [[ -n "${roles_pid}" ]]; then
    [[ ! -d "/proc/${roles_pid}" ]] || return 0
    # shellcheck disable=SC2310 # its status is its answer
    if take_reconciled; then roles_done=${roles_wanted}; fi
  fi
  # shellcheck disable=SC2154,SC2310 # a variable of the supervisor; a question
  [[ "${role}" == primary ]] && every roles 30 || return 0
  local sum
  # shellcheck disable=SC2154 # a variable of the supervisor
  sum=$(sha256sum <"${script_dir}/sql/roles.sql") || return 0
  # shellcheck disable=SC2154 # a variable of the supervisor
  roles_wanted="${role_since} ${sum}"
  # shellcheck disable=SC2310 # a question
  if [[ "${roles_wanted}" == "${roles_done}" ]] && ! every roles_again 3600; then return 0; fi
  run_roles &
  roles_pid=$!
}

# How it ended. A role that came back has no password yet: the credentials are looked at again.
take_reconciled() {
  local status=0
  wait "${roles_pid}" || status=$?
  roles_pid=
  if ((status != 0)); then
    log_warn "roles and grants could not be brought up to date, status ${status}; tried again"
    return 1
  fi
  # shellcheck disable=SC2034 # read by credentials.sh
  secret_role=
}

# Nobody's work waits for it for longer than a lock takes to be given up.
run_roles() {
  SQL_SECONDS=20 local_sql >/dev/null <<SQL
SET lock_timeout = '2s';
SET statement_timeout = '5s';
\i '${script_dir}/sql/roles.sql'
SQL
}
