# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Passwords of the roles follow the Secret: at initialisation, and whenever its files change. The server gets SCRAM verifiers
# only, so that no password can reach its log. Sourced by instance.sh.

# Sets the roles whose password differs from the Secret's. A verifier that fits is left alone: a new salt would cut off
# poolers that keep the old one. One that cannot be set keeps none of the others: the application can lock its own role.
apply_credentials() {
  local role_name existing verifier changed=() status=0
  for role_name in "${ROLES[@]}"; do
    existing=$(printf "SELECT coalesce(rolpassword, '') FROM pg_authid WHERE rolname = '%s'" "${role_name}" | local_sql) || return 1
    verifier=$({ printf '%s\n' "${existing}" && cat -- "${SECRET_DIRECTORY}/${role_name}-password"; } | perl "${script_dir}/upkeep/scram-verifier.pl") || return 1
    [[ "${verifier}" == "${existing}" ]] && continue
    {
      printf "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_min_error_statement = 'panic';\n"
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

# Follows the mounted Secret. The passfile serves this instance's own connections; the roles are the primary's to change.
follow_secret() {
  local sum problem
  problem=$(bad_passwords "${ROLES[@]}")
  if [[ -n "${problem}" ]]; then
    if every refused_passwords 60; then log_error "${SECRET_DIRECTORY}: ${problem}: no password is changed until these keys are corrected in the Secret"; fi
    return 0
  fi
  sum=$(cat -- "${SECRET_DIRECTORY}"/*-password | sha256sum)
  [[ "${sum}" != "${secret_sum}" || "${role}" != "${secret_role}" ]] || return 0
  write_own_passfile || return 0
  if [[ "${role}" == primary ]]; then apply_credentials || return 0; fi
  secret_sum=${sum} secret_role=${role}
}

# Follows the mounted configuration: what can be reloaded is reloaded, the rest shows as pending_restart.
follow_configuration() {
  local sum
  sum=$(cat -- "${CONFIG_DIRECTORY}"/*.conf | sha256sum)
  if [[ -n "${config_sum}" && "${sum}" != "${config_sum}" ]]; then
    log_info "the configuration changed: reloading"
    kill -HUP "${postmaster_pid}"
  fi
  config_sum=${sum}
}
