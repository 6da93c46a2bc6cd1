# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Synchronous replication. A standby counts from when it was seen to stream this primary's own timeline: before, it may stream an
# older one, and then PostgreSQL takes its place beyond the fork for a confirmation. Where it is preferred, not required, a primary
# whose standby is away goes on without it, and waits for it again as soon as it is back and close. Sourced by instance.sh.

# Once in two seconds while primary.
follow_durability() {
  local lag
  [[ -n "${DATA_DURABILITY}" ]] || return 0
  if [[ "${confirming_timeline:-none}" != "${served_timeline}" ]]; then
    peer_is_fresh && [[ "${peer_state}" == recovery && "${peer_streaming}" == true && "${peer_timeline}" == "${served_timeline}" ]] || {
      [[ "${DATA_DURABILITY}" != preferred || -n "${degraded}" ]] || ((now - confirmed_at <= DEGRADE_SECONDS)) || set_degraded yes
      return 0
    }
    confirming_timeline=${served_timeline}
    write_configuration "${PGDATA}" && kill -HUP "${postmaster_pid}" || return 0
  fi
  [[ "${DATA_DURABILITY}" == preferred ]] || return 0
  lag=$(local_sql <<<"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)::bigint FROM pg_stat_replication WHERE application_name = '${PEER_NAME}' AND state = 'streaming'") || return 0
  if [[ -n "${lag}" ]]; then
    confirmed_at=${now}
    if [[ -n "${degraded}" ]] && ((lag <= wal_segment_bytes)); then set_degraded ''; fi
  elif [[ -z "${degraded}" ]] && ((now - confirmed_at > DEGRADE_SECONDS)); then
    set_degraded yes
  fi
}

# Usage: set_degraded yes|''
set_degraded() {
  local before=${degraded}
  degraded=$1
  write_configuration "${PGDATA}" || { degraded=${before} && return 0; }
  kill -HUP "${postmaster_pid}"
  if [[ -n "${degraded}" ]]; then
    log_warn "DEGRADED: ${PEER_NAME} does not stream; commits no longer wait for it and can be lost with this member"
  else
    log_info "synchronous again: commits wait for ${PEER_NAME}"
  fi
}
