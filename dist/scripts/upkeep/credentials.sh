# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Passwords of the roles follow the Secret: at initialisation, and whenever its files change. The server gets SCRAM verifiers
# only, so that no password can reach its log. Sourced by instance.sh.

credentials_pid='' credentials_sum=''

# A verifier that is computed in a moment. A role may set any text for itself that PostgreSQL takes for one: of thousands of millions
# of iterations, with a line break in it, of a megabyte. What does not match fits no password.
fact_verifier='SCRAM-SHA-256[$][1-9][0-9]{0,4}:[A-Za-z0-9+/]{4,88}={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=|md5[0-9a-f]{32}'

# Prints the verifier of the Secret's password: the present one where it fits. Where md5 was chosen, which is for clients that know nothing else,
# the application's owner and declared roles have a hash of it. Usage: fitting_verifier ROLE PRESENT
fitting_verifier() {
  local verifier
  # shellcheck disable=SC2153 # of instance/common.sh: the first five are the product's own, and so is the pooler's
  if [[ "${AUTHENTICATION:-}" == md5 && " ${ROLES[*]:0:5} pooler " != *" $1 "* ]]; then
    read_password "$1" || return 1
    verifier=$(printf '%s%s' "${password}" "$1" | md5sum) || return 1
    printf 'md5%s\n' "${verifier%% *}"
    return
  fi
  verifier=$({ printf '%s\n' "$2" && cat -- "${SECRET_DIRECTORY}/$1-password"; } | timeout 10 perl "${script_dir}/upkeep/scram-verifier.pl") || return 1
  is_fact "${fact_verifier}" "${verifier}" && printf '%s\n' "${verifier}"
}

# Sets the roles whose password differs from the Secret's. A verifier that fits is left alone: a new salt would cut off
# poolers that keep the old one. One that cannot be set keeps none of the others: the application can lock its own role.
apply_credentials() {
  local role_name existing verifier logins changed=() roles=("${ROLES[@]}") password password_problem status=0
  logins=$(declared_logins) || status=1
  for role_name in ${logins}; do
    if read_password "${role_name}"; then
      roles+=("${role_name}")
    else
      log_warn "${SECRET_DIRECTORY}: ${role_name}-password ${password_problem}: role ${role_name}, which the specification declares, keeps the password that it has, or has none; correct this key in the Secret"
    fi
  done
  for role_name in "${roles[@]}"; do
    existing=$(printf "SELECT left(rolpassword, 256) FROM pg_authid WHERE rolname = '%s'" "${role_name}" | local_sql) || {
      log_error "the password of ${role_name} cannot be set now: the server gives no answer; it is tried again"
      return 1
    }
    is_fact "${fact_verifier}" "${existing}" || existing=''
    # A processor that is too busy for the present one's iterations has time for fewer.
    verifier=$(fitting_verifier "${role_name}" "${existing}") || verifier=$(fitting_verifier "${role_name}" '') || {
      log_error "the password of ${role_name} cannot be set now: no verifier could be made of ${SECRET_DIRECTORY}/${role_name}-password; it is tried again"
      status=1
      continue
    }
    [[ "${verifier}" == "${existing}" ]] && continue
    {
      printf "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_min_error_statement = 'panic';\n"
      # Whoever has pg_monitor reads what sessions run, and what they ran. With an md5 hash one can log in.
      printf "SET track_activities = off; SET pg_stat_statements.track = 'none';\n"
      printf "ALTER ROLE \"%s\" PASSWORD '%s';\n" "${role_name}" "${verifier}"
    } | local_sql || {
      log_error "the password of ${role_name} cannot be set now: does a session hold it in an open transaction? SELECT pid, usename, query FROM pg_stat_activity shows it; it is tried again"
      status=1
      continue
    }
    changed+=("${role_name}")
  done
  ((${#changed[@]} == 0)) || log_info "passwords set: ${changed[*]}"
  return "${status}"
}

# Returns when each of these can be used, and says what it waits for. Usage: await_passwords ROLE…
await_passwords() {
  local problem
  while problem=$(bad_passwords "$@") && [[ -n "${problem}" ]]; do
    if every bad_passwords 30; then log_warn "${SECRET_DIRECTORY}: waiting: ${problem}. deploy-*.sh --secrets-only creates missing keys; others have to be corrected in the Secret"; fi
    tick
  done
}

# For what this instance asks other members, and no more roles. It must not end process 1 when the Secret changes meanwhile.
write_own_passfile() {
  local hosts=${PEER_HOST} ports=${PEER_PORT}
  if [[ -n "${PATRONI_SCOPE:-}" ]]; then hosts=${MEMBER_HOSTS} ports=${PGPORT}; fi
  (write_passfile "${passfile}" "${hosts}" "${ports}" monitor replicator rewinder)
}

# Follows the mounted Secret. The passfile serves this instance's own connections; the roles are the primary's to change, beside the
# loop: process 1 waits for nothing that the application does with its role.
follow_secret() {
  local sum problem
  take_applied || return 0
  problem=$(bad_passwords "${ROLES[@]}")
  if [[ -n "${problem}" ]]; then
    if every refused_passwords 60; then log_error "${SECRET_DIRECTORY}: ${problem}: no password is changed until these keys are corrected in the Secret"; fi
    return 0
  fi
  sum=$(cat -- "${SECRET_DIRECTORY}"/*-password | sha256sum)
  [[ "${sum}" != "${secret_sum}" || "${role}" != "${secret_role}" ]] || return 0
  write_own_passfile || return 0
  secret_role=${role}
  if [[ "${role}" == primary ]]; then
    apply_credentials &
    credentials_pid=$! credentials_sum=${sum}
  else
    secret_sum=${sum}
  fi
}

# False while passwords are being set. What failed is done again.
take_applied() {
  local pid=${credentials_pid}
  [[ -n "${pid}" ]] || return 0
  [[ ! -d "/proc/${pid}" ]] || return 1
  credentials_pid=
  if wait "${pid}"; then secret_sum=${credentials_sum}; else secret_role=; fi
}

# Follows the mounted configuration: what can be reloaded is reloaded, the rest shows as pending_restart. Nobody knows what the server read
# when it started: the files may have changed since.
follow_configuration() {
  local sum
  sum=$(cat -- "${CONFIG_DIRECTORY}"/*.conf | sha256sum)
  [[ "${sum}" != "${config_sum}" && -n "${postmaster_pid}" ]] || return 0
  [[ -z "${config_sum}" ]] || log_info "the configuration changed: reloading"
  kill -HUP "${postmaster_pid}"
  config_sum=${sum}
}

# Members that start with passwords which the roles do not have wait for each other for ever, as where the Secret was exchanged while nobody was
# primary. While passwords rotate this passes within two minutes.
tell_refused_password() {
  if [[ "${peer_state}" != unknown || "${peer_reason}" != *'password authentication failed'* ]]; then
    password_refused_since=''
    return 0
  fi
  : "${password_refused_since:=${now}}"
  if ((now - password_refused_since >= 180)) && every refused_password 60; then
    log_error "${PEER_NAME} refuses the passwords of the Secret: the roles have former ones, and only a primary gives them others. Where neither member is primary, failover.sh makes one of the two primary; or put the former values back into the Secret"
  fi
}
