# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The WAL archiver's slot on a standby. It follows the primary's and never passes it, so that a standby which is promoted still has
# all WAL that the archive lacks, however long the archiver was away. Sourced by instance.sh after lib/facts.sh.

archive_slot=wal_archiver

# Where the primary's slot of this name stands: "SYSTEM LSN", "SYSTEM none" where it has none, fails where no primary answers.
primary_archive_slot() {
  local answer
  local -A primary=()
  answer=$(
    timeout 5 psql -XAtqw -v ON_ERROR_STOP=1 "$(peer_connection monitor)" 2>/dev/null <<SQL
SELECT 'system=' || system_identifier FROM pg_control_system() WHERE NOT pg_is_in_recovery();
SELECT 'lsn=' || coalesce((SELECT restart_lsn::text FROM pg_replication_slots WHERE slot_name = '${archive_slot}' AND slot_type = 'physical'), 'none')
  WHERE NOT pg_is_in_recovery();
SQL
  ) || return 1
  read_facts primary system="${fact_system}" lsn="${fact_lsn}|none" <<<"${answer}"
  [[ -n "${primary[system]:-}" && -n "${primary[lsn]:-}" ]] && printf '%s %s\n' "${primary[system]}" "${primary[lsn]}"
}

# Usage: move_archive_slot; one step. A slot without a place was given up, and cannot be moved.
move_archive_slot() {
  local system theirs mine
  read -r system theirs < <(primary_archive_slot) || return 0
  [[ "${system}" == "$(cat -- "${STATE_DIRECTORY}/had-data" 2>/dev/null)" ]] || return 0
  mine=$(local_sql <<<"SELECT coalesce(restart_lsn::text, 'lost') FROM pg_replication_slots WHERE slot_name = '${archive_slot}'") || return 0
  if [[ "${theirs}" == none || "${mine}" == lost ]]; then
    if [[ -n "${mine}" ]]; then local_sql <<<"SELECT pg_drop_replication_slot('${archive_slot}')" >/dev/null || return 0; fi
    mine=
  fi
  [[ "${theirs}" != none ]] || return 0
  if [[ -z "${mine}" ]]; then
    mine=$(local_sql <<<"SELECT pg_create_physical_replication_slot('${archive_slot}', true); SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '${archive_slot}'" | tail -n 1) || return 0
    log_info "replication slot ${archive_slot} created, to be there after a promotion"
  fi
  is_fact "${fact_lsn}" "${mine}" || return 0
  if is_beyond "${theirs}" "${mine}"; then
    local_sql <<<"SELECT pg_replication_slot_advance('${archive_slot}', '${theirs}')" >/dev/null || return 0
  fi
}

# Beside the loop, one at a time. Usage: follow_archive_slot
follow_archive_slot() {
  [[ "${recovery_role}" == standby && "${peer_state}" == primary ]] || return 0
  [[ -z "${archive_slot_pid:-}" || ! -d "/proc/${archive_slot_pid}" ]] || return 0
  move_archive_slot &
  archive_slot_pid=$!
}
