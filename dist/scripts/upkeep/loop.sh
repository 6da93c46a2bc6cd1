# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What a running instance does at intervals: its durable heartbeat and its slots. Sourced by the supervisors with instance/notes.sh
# and upkeep/report.sh, and upkeep/archive-slot.sh in manual mode.

# Beside the loop. One that cannot be written is named; without it a crash is no restart in place, which is safe.
beat() {
  if [[ -n "${beat_pid:-}" && -d "/proc/${beat_pid}" ]]; then return; fi
  [[ -z "${beat_pid:-}" ]] || wait "${beat_pid}" 2>/dev/null ||
    if every beat_failed 60; then log_error "the heartbeat in ${STATE_DIRECTORY} cannot be written: is the data volume full or read-only?"; fi
  beat_as_primary 2>/dev/null &
  beat_pid=$!
}

upkeep() {
  if [[ "${role}" == primary ]]; then
    if every beat 5; then beat; fi
    if every durability 2; then follow_durability; fi
    ensure_peer_slot
    if every patroni_slots 60; then drop_patroni_slots; fi
  elif every slots 10; then
    drop_own_slots
    drop_patroni_slots
    if every archive_slot 30; then follow_archive_slot; fi
  fi
  reconcile_roles
  follow_figures
  follow_archive_timeline
  if every leftover 10; then end_leftover; fi
  if every notes 10; then follow_notes; fi
  if every volumes 30; then follow_volumes; fi
  if every following 20; then
    follow_secret
    follow_tls || true
    follow_configuration
  fi
}

# A primary keeps a slot for its standby from the moment it knows that there is one.
ensure_peer_slot() {
  [[ -n "${PEER_HOST}" ]] || return 0
  if [[ -d "${PGDATA}/pg_replslot/${PEER_REPLICATION_SLOT}" ]]; then
    note_peer
    return
  fi
  [[ -e "${STATE_DIRECTORY}/standby-known" ]] || return 0
  local_sql <<<"SELECT pg_create_physical_replication_slot('${PEER_REPLICATION_SLOT}', true)" >/dev/null &&
    log_info "replication slot ${PEER_REPLICATION_SLOT} created"
}

# A slot for the other member from its time as primary would keep WAL on a standby for ever.
drop_own_slots() {
  [[ "${recovery_role}" == standby ]] || return 0
  [[ -d "${PGDATA}/pg_replslot/${PEER_REPLICATION_SLOT:-none}" ]] || return 0
  local_sql <<<"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${PEER_REPLICATION_SLOT}' AND NOT active" >/dev/null || return 0
}

# Slots from a time under Patroni, which named them after pods: nobody reads them any more.
drop_patroni_slots() {
  compgen -G "${PGDATA}/pg_replslot/*_0" >/dev/null || return 0
  local_sql <<<"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name ~ '^${REPLICATION_SLOT%_*}_(primary|standby)(_[0-9]+)?_0\$' AND NOT active" >/dev/null || return 0
}
