# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of pooler/follow.sh; statuses are answers)
# The files that PgBouncer reads beside its settings, all in memory. Sourced by pooler/follow.sh.

# Usage: replace FILE, its text on the standard input
replace() { cat >"$1.partial" && mv -fT -- "$1.partial" "$1"; }

# The port of a member. A name that leads to one has that of all. Usage: port_at HOST
port_at() {
  local i
  for i in "${!hosts[@]}"; do
    if [[ "${hosts[i]}" == "$1" ]]; then
      printf '%s' "${ports[i]:-${ports[0]}}"
      return
    fi
  done
  printf '%s' "${ports[0]}"
}

# To which hosts a pool leads: all databases at once. Usage: point POOL HOSTS
point() {
  local database databases port options=''
  port=$(port_at "${2%%,*}")
  [[ "$1" == write ]] || options=" connect_query='SET default_transaction_read_only = on'"
  IFS=, read -ra databases <<<"${POOLER_DATABASES}"
  {
    printf '[databases]\n'
    for database in "${databases[@]}"; do printf '%s = host=%s port=%s%s\n' "${database}" "$2" "${port}" "${options}"; done
    printf 'pooler_auth = host=%s port=%s dbname=postgres pool_size=2 max_db_connections=2\n' "$2" "${port}"
  } | replace "${PASSFILE_DIRECTORY}/$1/databases.ini"
  owe "$1" RELOAD
}

# The password of the role that asks for verifiers, and no other; false where it cannot be used.
follow_password() {
  local password password_problem sum
  if ! read_password "${PGUSER}"; then
    if every bad_password 30; then log_warn "${SECRET_DIRECTORY}: ${PGUSER}-password ${password_problem}; correct this key in the Secret"; fi
    [[ -n "${secret_sum}" ]]
    return
  fi
  sum=$(sha256sum <<<"${password}")
  [[ "${sum}" != "${secret_sum}" ]] || return 0
  printf '"%s" "%s"\n' "${PGUSER}" "${password//\"/\"\"}" | replace "${PASSFILE_DIRECTORY}/users.txt"
  (write_passfile "${PGPASSFILE}" "${PGHOST}" "${PGPORT:-5432}" "${PGUSER}")
  [[ -z "${secret_sum}" ]] || log_info "the password of ${PGUSER} changed: reloading"
  secret_sum=${sum}
  owe_all RELOAD
}

sum_of_settings() { cat -- "${POOLER_DIRECTORY}"/*.ini 2>/dev/null | sha256sum; }

follow_settings() {
  local sum
  sum=$(sum_of_settings)
  [[ "${sum}" != "${settings_sum}" ]] || return 0
  settings_sum=${sum}
  log_info "the settings changed: reloading"
  owe_all RELOAD
}
