# shellcheck shell=bash
# Roles, grants and functions of a running primary are those of sql/roles.sql and sql/owner.sql, and what the specification declares beside them
# (upkeep/declared.sh): at each start as primary, when they change, and once an hour, so that what a person removed comes back. Beside the loop and
# with deadlines: process 1 never waits for it. Sourced by the supervisors.

roles_pid='' roles_done='' roles_wanted='' owner_status=70 declared_status=71

# Once a tick; it acts while this instance is primary.
reconcile_roles() {
  if [[ -n "${roles_pid}" ]]; then
    [[ ! -d "/proc/${roles_pid}" ]] || return 0
    # shellcheck disable=SC2310 # its status is its answer
    if take_reconciled; then roles_done=${roles_wanted}; fi
  fi
  # shellcheck disable=SC2154,SC2310 # a variable of the supervisor; a question
  [[ "${role}" == primary ]] && every roles 30 || return 0
  # shellcheck disable=SC2154 # a variable of the supervisor
  local sum seconds=3600 files=("${script_dir}/sql/roles.sql" "${script_dir}/sql/owner.sql")
  files+=("${script_dir}/sql/declared.sql" "${script_dir}/sql/declared-database.sql" "${script_dir}/sql/pooler.sql")
  # A database that was restored is a new one. (The environment has the folder.)
  # shellcheck disable=SC2154
  if [[ -f "${CONFIG_DIRECTORY}/roles.json" ]]; then files+=("${CONFIG_DIRECTORY}/roles.json") seconds=300; fi
  sum=$(sha256sum -- "${files[@]}") || return 0
  # shellcheck disable=SC2154 # a variable of the supervisor
  roles_wanted="${role_since} ${sum}"
  # shellcheck disable=SC2310 # a question
  if [[ "${roles_wanted}" == "${roles_done}" ]] && ! every roles_again "${seconds}"; then return 0; fi
  run_roles &
  roles_pid=$!
}

# How it ended. A role that came back has no password yet: the credentials are looked at again.
take_reconciled() {
  local status=0 what='roles and grants'
  wait "${roles_pid}" || status=$?
  roles_pid=
  if ((status != 0)); then
    # shellcheck disable=SC2154 # the environment
    ((status != owner_status)) || what="what ${DATABASE_OWNER} and its database are to have, which a session may hold in an open transaction (pg_stat_activity shows it),"
    ((status != declared_status)) || what='what the specification declares (roles, databases, extensions)'
    log_warn "${what} could not be brought up to date, status ${status}; tried again"
    ((status == owner_status || status == declared_status)) || return 1
  fi
  # shellcheck disable=SC2034 # read by credentials.sh
  secret_role=
  ((status == 0))
}

# The owner's part keeps nothing else from being so.
run_roles() {
  local status=0
  # shellcheck disable=SC2312 # a pipe fails with its first part
  reconcile_with roles | say_reconciled || return
  # shellcheck disable=SC2310,SC2312 # their statuses are their answers
  {
    reconcile_with owner | say_reconciled || status=${owner_status}
    reconcile_declared || status=${declared_status}
  }
  return "${status}"
}

# What a file of sql/ has to say goes to the log. Its names matched their patterns there.
say_reconciled() {
  local line
  while IFS= read -r line; do
    case ${line} in
    'WARN '*) log_warn "${line#WARN }" ;;
    'INFO '*) log_info "${line#INFO }" ;;
    *) ;;
    esac
  done
}

# Its database may be somebody else's, who decides how sessions begin there.
# Nobody's work waits for it for longer than a lock takes to be given up. Usage: reconcile_with FILE [DATABASE]; FILE of sql/
reconcile_with() {
  local limits=' -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0'
  # shellcheck disable=SC2154 # the environment
  if ((${POSTGRES_MAJOR:-17} >= 17)); then limits+=' -c transaction_timeout=0'; fi
  SQL_SECONDS=90 SQL_OPTIONS="-c local_preload_libraries=${limits}" local_sql <<SQL
\connect "${2:-postgres}"
SET lock_timeout = '2s';
SET statement_timeout = '5s';
\set reconciling yes
\i '${script_dir}/sql/$1.sql'
SQL
}
