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
    printf 'pooler_auth = host=%s port=%s dbname=postgres pool_size=1 max_db_connections=1\n' "$2" "${port}"
  } | replace "${PASSFILE_DIRECTORY}/$1/databases.ini"
  owe "$1" RELOAD
}

# The password of the role that asks for verifiers, and the verifiers of clients; no password of one. False where it cannot be used.
follow_password() {
  local password password_problem sum verifiers=''
  if ! read_password "${PGUSER}"; then
    if every bad_password 30; then log_warn "${SECRET_DIRECTORY}: ${PGUSER}-password ${password_problem}; correct this key in the Secret"; fi
    [[ -n "${secret_sum}" ]]
    return
  fi
  if [[ -r "${PASSFILE_DIRECTORY}/verifiers" ]]; then verifiers=$(<"${PASSFILE_DIRECTORY}/verifiers"); fi
  sum=$(sha256sum <<<"${password} ${verifiers}")
  [[ "${sum}" != "${secret_sum}" ]] || return 0
  printf '"%s" "%s"\n%s\n' "${PGUSER}" "${password//\"/\"\"}" "${verifiers}" | replace "${PASSFILE_DIRECTORY}/users.txt" || return
  (write_passfile "${PGPASSFILE}" "${PGHOST}${POOLER_PRIMARY:+,${POOLER_PRIMARY}}" "${PGPORT:-5432}" "${PGUSER}") || return
  [[ -z "${secret_sum}" ]] || log_info "the password of ${PGUSER}, or one of a client, changed: reloading"
  secret_sum=${sum}
  owe_all RELOAD
}

# The verifiers of those who may log in, as the member has them that clients are led to. With them a client logs in while no member answers, and waits
# like the others; by auth_query alone it would be refused. Asked for beside the loop; who has none in the file yet is looked up by auth_query.
follow_verifiers() {
  local said
  [[ -n "${leader}" ]] || return 0
  if [[ -n "${asking_verifiers:-}" ]]; then
    ! is_running "${asking_verifiers}" || return 0
    if wait "${asking_verifiers}"; then verifiers_at=${now}; fi
  fi
  : "${verifiers_at:=${now}}"
  said=$(says "${leader}")
  if ! says_nothing "${said}" && ((now - verifiers_at >= 60)) && every old_verifiers 60; then
    log_warn "${leader} has not answered the question for passwords for $((now - verifiers_at)) s: a former one still lets a client in here, and a new one does not"
  fi
  ask_verifiers "${leader}" &
  asking_verifiers=$!
}

# Of any number of iterations: it is the client that computes them.
fact_login='SCRAM-SHA-256[$][1-9][0-9]{0,9}:[A-Za-z0-9+/]{4,512}={0,2}[$][A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=|md5[0-9a-f]{32}'

# Usage: ask_verifiers HOST
ask_verifiers() {
  local answer name verifier server
  server=$(asking_connection "host=$1 port=$(port_at "$1")")
  answer=$(timeout 10 psql -XAtqw -F ' ' -v ON_ERROR_STOP=1 -d "${server}" 2>/dev/null \
    <<<"SELECT v.usename, v.passwd FROM pg_roles AS r, LATERAL postgresql_ha.pooler_verifier(r.rolname) AS v WHERE r.rolcanlogin AND r.rolname ~ '^[A-Za-z0-9_.-]+\$' AND v.passwd !~ '[[:space:]]' ORDER BY 1") || return 1
  while read -r name verifier; do
    if is_fact '[A-Za-z0-9_.-]{1,63}' "${name}" && is_fact "${fact_login}" "${verifier}"; then printf '"%s" "%s"\n' "${name}" "${verifier}"; fi
  done <<<"${answer}" | replace "${PASSFILE_DIRECTORY}/verifiers"
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
