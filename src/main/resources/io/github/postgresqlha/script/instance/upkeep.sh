# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What a running instance does at intervals: its durable heartbeat, its slots, its notes for the health check. Sourced by instance.sh.

upkeep() {
  if [[ "${role}" == primary ]]; then
    if every beat 5; then
      beat_as_primary &
      beat_pid=$!
    fi
    if every durability 2; then follow_durability; fi
    ensure_peer_slot
    if every patroni_slots 60; then drop_patroni_slots; fi
  elif every slots 10; then
    drop_own_slots
    drop_patroni_slots
  fi
  reconcile_roles
  if every notes 10; then
    write_notes &
    notes_pid=$!
  fi
  if every following 10; then
    follow_secret
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

# Slots from its time as primary would keep WAL on a standby for ever.
drop_own_slots() {
  [[ "${recovery_role}" == standby ]] || return 0
  compgen -G "${PGDATA}/pg_replslot/*" >/dev/null || return 0
  local_sql <<<"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name IN ('${PEER_REPLICATION_SLOT}', 'wal_archiver') AND NOT active" >/dev/null || return 0
}

# Slots from a time under Patroni, which named them after pods: nobody reads them any more.
drop_patroni_slots() {
  compgen -G "${PGDATA}/pg_replslot/*_0" >/dev/null || return 0
  local_sql <<<"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name ~ '^${REPLICATION_SLOT%_*}_(primary|standby)(_[0-9]+)?_0\$' AND NOT active" >/dev/null || return 0
}

used_percent() { df --output=pcent -- "$1" 2>/dev/null | tail -n 1 | tr -dc '0-9'; }

# The newest base backup, what the WAL archiver does, and WAL that is missing.
note_repository() {
  local newest wal="${BACKUP_DIRECTORY}/wal"
  newest=$(compgen -G "${BACKUP_DIRECTORY}/base/postgresql_base_*/base.env" | sort | tail -n 1) || true
  if [[ -n "${newest}" ]]; then
    sed -n 's/^NAME=/newest_base=/p' -- "${newest}"
    printf 'newest_base_epoch=%s\n' "$(date -u -d "$(sed -n 's/^FINISHED=//p' -- "${newest}")" +%s)"
  fi
  sed -n 's/^STATE=/archiver_state=/p; s/^SEGMENT=/archiver_segment=/p; s/^UPDATED=/archiver_updated=/p' -- "${wal}/archiver.state" 2>/dev/null || true
  sed -n 's/^RESULT=/restore_test_result=/p; s/^REASON=/restore_test_reason=/p; s/^LAST_GOOD_EPOCH=/restore_test_good_epoch=/p' -- "${BACKUP_DIRECTORY}/proof/restore-test.env" 2>/dev/null || true
  sed -n 's/^FINISHED_EPOCH=/offsite_epoch=/p' -- "${BACKUP_DIRECTORY}/offsite/last-copy.env" 2>/dev/null || true
  if [[ -s "${wal}/chain-broken" ]]; then printf 'chain_broken=%s\n' "$(tr '\n=' '  ' <"${wal}/chain-broken")"; fi
}

# For postgresql_ha.instance_state(): what only this container can see.
write_notes() {
  local newest
  {
    printf 'instance=%s\nsupervisor_role=%s\nrole_since=%s\nupdated=%s\n' "${INSTANCE_NAME}" "${role}" "${role_since}" "${EPOCHSECONDS}"
    protocol_notes
    printf 'peer_state=%s\npeer_timeline=%s\npeer_lsn=%s\n' "${peer_state}" "${seen_timeline}" "${primary_lsn}"
    [[ -z "${last_seen}" ]] || printf 'peer_seen=%s\n' "$((EPOCHSECONDS - now + last_seen))"
    if [[ "${role}" == primary && -n "${DATA_DURABILITY}" ]]; then printf 'durability=%s\n' "${degraded:+degraded}"; fi
    printf 'abandoned=%s\n' "$(compgen -G "${WAL_DIRECTORY}/abandoned-*" | wc -l)"
    printf 'data_used_percent=%s\nwal_used_percent=%s\n' "$(used_percent "${PGDATA}")" "$(used_percent "${WAL_DIRECTORY}")"
    if [[ -n "${BACKUP_DIRECTORY:-}" && -d "${BACKUP_DIRECTORY:-}" ]]; then
      printf 'backup_used_percent=%s\n' "$(used_percent "${BACKUP_DIRECTORY}")"
      newest=$(compgen -G "${BACKUP_DIRECTORY}/postgresql_backup_*.sql.gz" | sort | tail -n 1) || true
      if [[ -n "${newest}" ]]; then
        printf 'newest_backup=%s\n' "${newest##*/}"
        stat -c $'newest_backup_epoch=%Y\nnewest_backup_bytes=%s' -- "${newest}"
      fi
      note_repository
    fi
  } >"${STATE_DIRECTORY}/instance.state.partial"
  mv -f -- "${STATE_DIRECTORY}/instance.state.partial" "${STATE_DIRECTORY}/instance.state"
}
