# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# What people and scripts ask of an instance under Patroni, and what its supervisor does at intervals. Sourced by patroni.sh.

handle_patroni_requests() {
  if [[ -e "${STATE_DIRECTORY}/request.promote" ]]; then
    rm -f -- "${STATE_DIRECTORY}/request.promote"
    : >>"${RUNTIME_DIRECTORY}/promote_trigger"
  fi
  if [[ -e "${RUNTIME_DIRECTORY}/stop_request" ]]; then
    begin_patroni_maintenance
    return
  fi
  ! patronictl_runs || return 0
  command_pid=
  if swap_requested; then
    take_restored_under_patroni
    return
  fi
  if [[ -e "${STATE_DIRECTORY}/paused" ]] && every resume 10; then end_pause; fi
  if [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" ]]; then
    rm -rf -- "${RUNTIME_DIRECTORY}/promote_trigger"
    if [[ "${role}" == primary ]]; then
      log_warn "promotion requested, but this instance is primary already: ignored"
    else
      log_info "promotion requested: asking Patroni to fail over to this member"
      run_patronictl failover "${PATRONI_SCOPE}" --candidate "${INSTANCE_NAME}-0" --force
    fi
  elif [[ -e "${RUNTIME_DIRECTORY}/rebuild_request" ]]; then
    rm -rf -- "${RUNTIME_DIRECTORY}/rebuild_request"
    write_durably "${STATE_DIRECTORY}/rebuild" "requested" || log_warn "${STATE_DIRECTORY} cannot be written (full or read-only?)"
    log_info "rebuild requested: asking Patroni for a new copy"
    run_patronictl reinit "${PATRONI_SCOPE}" "${INSTANCE_NAME}-0" --force
  elif [[ -e "${STATE_DIRECTORY}/request.restart" ]]; then
    rm -f -- "${STATE_DIRECTORY}/request.restart"
    log_info "restart requested: asking Patroni"
    run_patronictl restart "${PATRONI_SCOPE}" "${INSTANCE_NAME}-0" --force
  fi
}

patronictl_runs() { [[ -n "${command_pid}" && -d "/proc/${command_pid}" ]]; }

# patronictl beside the loop, one command at a time; what it says goes to the log. Usage: run_patronictl ARGUMENTS…
run_patronictl() {
  {
    local said
    said=$(timeout 120 patronictl "$@" 2>&1) || log_error "patronictl $1 failed"
    look_at_clock
    [[ "${said}" != *'Configuration changed'* ]] || printf '%s\n' "${now}" >"${RUNTIME_DIRECTORY}/configuration.changed"
    log_info "patronictl $1: $(grep -vE '^[+|]|^$|Current cluster topology' <<<"${said}" | tail -n 1)"
  } &
  command_pid=$!
}

begin_patroni_maintenance() {
  log_info "stop requested: stopping PostgreSQL and Patroni on this member only"
  stop_patroni
  rm -f -- "${RUNTIME_DIRECTORY}/stop_request"
  set_role maintenance
  log_info "stopped by hand: maintenance, until pg_ctl start"
}

patroni_upkeep() {
  reconcile_roles
  follow_figures
  follow_archive_timeline
  if every leftover 10; then
    end_leftover
    drop_what_patroni_replaced
  fi
  if every notes 10; then
    note_degradation
    follow_notes
  fi
  if every volumes 30; then follow_volumes; fi
  every following 5 || return 0
  follow_patroni_secret
  follow_configuration
  if [[ "${role}" == primary ]]; then
    keep_histories
    follow_dynamic_configuration
    restart_for_configuration
  else
    applied='' kept_timeline=''
    rm -f -- "${RUNTIME_DIRECTORY}/configuration.changed"
  fi
}

# Patroni empties synchronous_standby_names while no standby can confirm and commits need not wait.
note_degradation() {
  [[ "${role}" == primary ]] || return 0
  if [[ "$(local_sql <<<"SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" != 0 ]]; then note_peer; fi
  degraded=
  [[ "${DATA_DURABILITY}" != preferred || -n "$(local_sql <<<"SHOW synchronous_standby_names")" ]] || degraded=yes
}

# Whatever the role is: without it Patroni may never be seen to have one.
follow_patroni_tls() {
  follow_tls || return 0
  write_patroni_configuration
  [[ -z "${patroni_pid}" ]] || kill -HUP "${patroni_pid}"
}

follow_patroni_secret() {
  local before=${secret_sum} changed=''
  if follow_tls; then changed=yes; fi
  follow_secret
  if [[ -n "${changed}" ]] || [[ -n "${before}" && "${before}" != "${secret_sum}" ]]; then
    write_patroni_configuration
    kill -HUP "${patroni_pid}"
  fi
}

# The specification's shared configuration replaces Patroni's, so that what is applied is what is committed.
follow_dynamic_configuration() {
  local sum file="${CONFIG_DIRECTORY}/patroni-dynamic.yml"
  ! patronictl_runs || return 0
  sum=$(sha256sum <"${file}")
  [[ "${sum}" != "${applied}" ]] || return 0
  applied=${sum}
  run_patronictl edit-config --replace "${file}" --force
}

# A parameter that takes effect at a start gets one, once every member has seen it: the pods restart for the same change, but may
# have done so before Patroni knew of it.
restart_for_configuration() {
  local loop_wait since changed="${RUNTIME_DIRECTORY}/configuration.changed"
  [[ -s "${changed}" && -z "${stop_signal}" ]] && ! patronictl_runs || return 0
  loop_wait=$(shared_setting loop_wait)
  since=$(number "$(<"${changed}")")
  ((now - since > 2 * loop_wait + 5)) || return 0
  rm -f -- "${changed}"
  run_patronictl restart "${PATRONI_SCOPE}" --pending --force
}
