# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore-pitr.sh; statuses of the checks are their answers)
# What restore-pitr.sh does beside the recovery: who may run it, what can be restored, the question, and the swap by the
# supervisor. Sourced by restore-pitr.sh.

# The recovered copy is the supervisor's once it is handed over.
clean_up() {
  rm -rf -- "${scan}"
  [[ -n "${attempted}" && -z "${handed_over}" ]] || return 0
  stop_recovery
  drop_leftovers
}

# One recovery or copy a volume.
take_turn() {
  exec {restore_lock}>>"${STATE_DIRECTORY}/install.lock"
  # The supervisor may just be ending what a killed one left.
  flock -w 3 "${restore_lock}" || die 75 "another recovery or copy is being made on this volume"
  [[ ! -e "${STATE_DIRECTORY}/restored" ]] || die 75 "an earlier recovery is being swapped in"
}

# What a killed one left goes: its room may be needed.
drop_earlier() {
  stop_recovery
  drop_leftovers || die 1 "what an earlier recovery left in ${PGDATA%/*} cannot be removed: is it read-only?"
}

require_primary() {
  local answer logical
  answer=$(local_sql <<<'SELECT pg_is_in_recovery()' 2>&1) || die 2 "no PostgreSQL serves here: ${answer##*$'\n'}"
  [[ "${answer}" == f && "$(cat -- "${RUNTIME_DIRECTORY}/instance.role")" == primary ]] ||
    refuse "this member is a standby: hand the role over first (./switchover.sh), so that the instance with the backup volume is primary"
  logical=$(local_sql <<<"SELECT string_agg(slot_name, ', ') FROM pg_replication_slots WHERE slot_type = 'logical'")
  [[ -z "${logical}" ]] || log_warn "logical replication slots are not in a recovered database: ${logical}"
}

# For each base backup and each timeline that goes on from it: from when to when.
list_windows() {
  local timeline_number first='' problem last
  wanted_base='' segment_bytes=16777216
  mapfile -t names < <(list_bases)
  ((${#names[@]} > 0)) || die 1 "${BACKUP_DIRECTORY}/base: there is no base backup; nothing can be restored to a point in time"
  printf '%-32s %-8s %-19s  %-26s  %s\n' 'BASE BACKUP' TIMELINE 'FROM (UTC)' 'TO THE COMMIT OF (UTC)' LOG
  for base in "${names[@]}"; do
    problem=$(base_problem "${base}")
    if [[ -n "${problem}" ]]; then
      printf '%-32s not usable: %s\n' "${base}" "${problem}"
      continue
    fi
    if [[ "$(base_fact "${base}" SYSTEM_IDENTIFIER)" != "${system}" ]]; then
      printf '%-32s of another database: system %s\n' "${base}" "$(base_fact "${base}" SYSTEM_IDENTIFIER)"
      continue
    fi
    segment_bytes=$(base_fact "${base}" SEGMENT_BYTES)
    for timeline_number in $(known_timelines | sort -n); do
      leads_to "${base}" "${timeline_number}" || continue
      follow_chain "${base}" "${timeline_number}"
      last=
      ((${#chain[@]} == 0)) || last=$(last_commit "${chain[@]}")
      printf '%-32s %-8s %-19s  %-26s  %s\n' "${base}" "${timeline_number}" "$(finished "${base}" | cut -c 1-19)" "${last:--}" \
        "$(base_fact "${base}" STOP_LSN) to $(last_place)$([[ -z "${chain_gap}" ]] || printf '; GAP: segment %s is missing' "${chain_missing}")"
    done
  done
}

last_place() {
  local place=''
  ((${#chain[@]} == 0)) || place=$(end_of_records "${chain[-1]}")
  printf '%s' "${place:--}"
}

# The recovered data wait, shut down; the database serves until this is answered.
confirm() {
  local answer=''
  [[ -z "${yes}" ]] || return 0
  printf 'Stop the database, and put the recovered one in its place? What was written since is then only in the kept copy. (yes/no) ' >&2
  read -r answer || true
  [[ "${answer}" == yes ]] || die 1 "not confirmed (by the word yes, or --yes): the recovered copy is removed, the database is as it was"
}

# The supervisor swaps; this waits until the database is open again.
hand_over() {
  local stamp began=${EPOCHSECONDS} open='' older
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  kept="${PGDATA}.before-pitr-${stamp}"
  require_primary
  handed_over=yes
  write_durably "${STATE_DIRECTORY}/restored" "${stamp}"
  log_info "swapping: clients lose their connections"
  until [[ -d "${kept}" && "${open}" == f && "$(cat -- "${RUNTIME_DIRECTORY}/instance.role")" == primary ]]; do
    ((EPOCHSECONDS - began < SWAP_SECONDS)) || die 1 "not open again after ${SWAP_SECONDS} s; the container's log says why. What was there before: ${kept} where it exists, else still in place"
    if [[ ! -e "${STATE_DIRECTORY}/restored" && ! -d "${kept}" ]]; then
      handed_over=
      die 1 "the supervisor did not take the recovered data (the container's log says why); the database is as it was"
    fi
    sleep 0.3
    open=$(local_sql <<<"SELECT pg_is_in_recovery() OR left(pg_walfile_name(pg_current_wal_lsn()), 8) <> '$(printf '%08X' "${new_timeline}")'" 2>/dev/null || true)
  done
  # One old copy is kept, the newest, and each that may be the only one of what this recovery does not reach.
  for older in "${PGDATA}".before-pitr-*; do
    if [[ "${older}" == "${kept}" ]] || ! is_fact "before-pitr-${fact_time}" "${older#"${PGDATA}".}"; then continue; fi
    if is_contained "${older}"; then
      log_info "${older} is removed: all of its log is in what was recovered"
      drop_data "${older}" || log_warn "${older} could not be removed"
    else
      log_info "${older} is kept as well: it goes on where what was recovered does not; to free its space: rm -rf $(readlink -- "${older}/pg_wal") ${older}"
    fi
  done
}

# Whether an old copy, which was shut down, ends at a place of the new history: then everything in it is in that, too. Its name, its files
# and its commits tell times, and a clock may have been wrong. Usage: is_contained FOLDER
is_contained() {
  local place timeline history
  [[ "$(control_value 'Database system identifier' "$1")" == "${system}" && "$(control_value 'Database cluster state' "$1")" == 'shut down' ]] || return 1
  place=$(control_value 'Latest checkpoint location' "$1")
  timeline=$(PGDATA=$1 control_timeline) && history=$(lineage "${new_timeline}") && is_fact "${fact_lsn}" "${place}" || return 1
  place=$(lsn_bytes "${place}")
  spans "${timeline}" "${place}" "${place}"
}
