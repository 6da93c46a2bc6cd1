# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# Patroni under the supervisor: its configuration and its process. Sourced by patroni.sh.

# A text as a string in double quotes, for YAML and JSON alike.
quoted() {
  local text=$1
  text=${text//\\/\\\\} text=${text//\"/\\\"}
  printf '"%s"' "${text}"
}

# Patroni's own client sends a password in Latin-1, its server expects UTF-8: both get one that is the same in either.
api_password() { sha256sum <"${SECRET_DIRECTORY}/patroni-password" | cut -d ' ' -f 1; }

quoted_password() {
  local password password_problem
  read_password "$1"
  quoted "${password}"
}

# How its own REST API proves itself and asks others to, further down in its section, and how Patroni asks the others. It reads an authority
# anew only where the file has another name.
patroni_tls() {
  local folder=${TLS_CA_FILE%/*} sum authority
  sum=$(sha256sum <"${TLS_CA_FILE}")
  authority="${folder}/authority-${sum:0:16}.crt"
  cp -- "${TLS_CA_FILE}" "${authority}"
  printf '  certfile: %s/tls.crt\n  keyfile: %s/tls.key\n  cafile: %s\n  verify_client: optional\n' "${folder}" "${folder}" "${authority}"
  printf 'ctl:\n  insecure: false\n  cacert: %s\n  certfile: %s/tls.crt\n  keyfile: %s/tls.key\n' "${authority}" "${folder}" "${folder}"
}

# Of one of Patroni's roles.
verified_connection() { [[ -z "${TLS_CA_FILE:-}" ]] || printf '      sslmode: verify-full\n      sslrootcert: %s\n' "${TLS_CA_FILE}"; }

# The specification's part, and what only this member knows. Patroni reads the files of the folder in the order of their names.
write_patroni_configuration() {
  local address
  # Whoever is verified is asked by its name.
  patroni_name=$(api_name)
  address=${patroni_name}
  [[ "${address}" != *:* ]] || address="[${address}]"
  mkdir -p -- "${PATRONICTL_CONFIG_FILE}"
  cp -- "${CONFIG_DIRECTORY}/patroni.yml" "${PATRONICTL_CONFIG_FILE}/1-specification.yml"
  { printf 'bootstrap:\n  dcs:\n' && sed 's/^/    /' "${CONFIG_DIRECTORY}/patroni-dynamic.yml"; } >"${PATRONICTL_CONFIG_FILE}/2-dynamic.yml"
  (
    umask 077
    {
      printf 'name: %s-0\nkubernetes:\n  namespace: %s\n  pod_ip: %s\n' "${INSTANCE_NAME}" "${POD_NAMESPACE}" "$(quoted "${POD_IP}")"
      # Who reads from a standby expects the present: no Service selects this label.
      if [[ -n "${APPLY_DELAY}" ]]; then printf '  follower_label_value: delayed\n'; fi
      printf 'tags:\n  failover_priority: %s\n' "${FAILOVER_PRIORITY}"
      # Whoever confirms a commit has to be one that can take over with it.
      if [[ "${FAILOVER_PRIORITY}" == 0 ]]; then printf '  nosync: true\n'; fi
      printf 'restapi:\n  connect_address: %s\n' "$(quoted "${address}:${PATRONI_PORT}")"
      printf '  authentication:\n    username: patroni\n    password: %s\n' "$(quoted "$(api_password)")"
      if [[ -n "${TLS_CA_FILE:-}" ]]; then patroni_tls; fi
      printf 'postgresql:\n'
      if [[ -n "${APPLY_DELAY}" ]]; then printf '  recovery_conf:\n    recovery_min_apply_delay: %s\n' "${APPLY_DELAY}"; fi
      printf '  connect_address: %s\n  authentication:\n    superuser:\n      username: postgres\n' "$(quoted "${address}:${PGPORT}")"
      printf '    replication:\n      username: replicator\n      password: %s\n' "$(quoted_password replicator)"
      verified_connection
      printf '    rewind:\n      username: rewinder\n      password: %s\n' "$(quoted_password rewinder)"
      verified_connection
    } >"${PATRONICTL_CONFIG_FILE}/3-member.partial"
  )
  mv -fT -- "${PATRONICTL_CONFIG_FILE}/3-member.partial" "${PATRONICTL_CONFIG_FILE}/3-member.yml"
}

# What no key of Patroni's sets, for every connection of it and of the PostgreSQL that it starts: a member is asked by its name, and a walreceiver
# that connects to where a pod was would wait there for two minutes, for an answer that nobody sends.
write_service() { printf '[members]\n%s\n' "${silence_limits// /$'\n'}" >"${RUNTIME_DIRECTORY}/pg_service.conf"; }

# Whoever held a lock file here is gone: this container has just the processes that it started.
start_patroni() {
  running_postmaster >/dev/null || clear_stale_locks
  log_info "starting Patroni"
  find_lock_seconds
  # Patroni's own connections go over the socket too, where no password is asked for. Its programs ask for SCRAM alone.
  if ((${POSTGRES_MAJOR:-17} >= 16)); then local -x PGREQUIREAUTH=scram-sha-256,none; fi
  write_service
  local -x PGSERVICEFILE="${RUNTIME_DIRECTORY}/pg_service.conf" PGSERVICE=members
  setsid patroni "${PATRONICTL_CONFIG_FILE}" &
  patroni_pid=$!
  patroni_answered=${now} dcs_seen=0 dcs_moved=${now} excused='' verified='' probe_pid='' probe_began=0 last_answer='' crash_seen='' unlocked_since=${now}
}

# Patroni stops PostgreSQL and hands the lock on; a Patroni that is paused leaves PostgreSQL, and one that hangs is not waited for.
stop_patroni() {
  local began=${now}
  if patroni_lives; then
    kill -TERM "${patroni_pid}"
    while patroni_lives && ((now - began < STOP_SECONDS)); do tick; done
    ! patroni_lives || kill -KILL "${patroni_pid}"
  fi
  stop_leftover_postgres INT
  [[ -z "${patroni_pid}" ]] || wait "${patroni_pid}" 2>/dev/null || true
  patroni_pid=
  if has_data; then keep_closed; fi
}

patroni_lives() { [[ -n "${patroni_pid}" && -d "/proc/${patroni_pid}" ]]; }

# Usage: stop_leftover_postgres SIGNAL
stop_leftover_postgres() {
  local pid
  pid=$(running_postmaster) || return 0
  end_postmaster "${pid}" "$1" 20
}

check_patroni() {
  local status=0
  patroni_lives && return
  wait "${patroni_pid}" 2>/dev/null || status=$?
  log_error "Patroni ended unexpectedly, status ${status}: stopping PostgreSQL, which nobody watches now"
  stop_leftover_postgres INT
  exit 1
}
