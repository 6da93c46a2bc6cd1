# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# A base backup in PGDATA's sibling pgdata.restoring, ready to be recovered: room for it, its files, the timelines that it must know.
# Sourced after lib/install.sh, backup/unpack.sh, restore/leftover.sh and restore/plan.sh, never run.

available() { df --output=avail -B1 -- "$1" | tail -n 1 | tr -dc '0-9'; }

# What recovery leaves of a volume to the database that serves.
recovery_reserve=67108864

# What the second copy takes of the data volume: as much as the base backup, and, where the database has grown since, as much as that.
# Usage: copy_bytes
copy_bytes() {
  local bytes grown=''
  bytes=$(base_fact "${base}" PLAIN_BYTES)
  if has_data; then grown=$(du -s --block-size=1 -- "${PGDATA}" 2>/dev/null | cut -f 1) || true; fi
  if is_fact "${fact_number}" "${grown}" && ((grown > bytes)); then bytes=${grown}; fi
  printf '%s\n' "$((bytes + recovery_reserve))"
}

# Usage: require_no_tablespaces; after choose_base
require_no_tablespaces() {
  (($(base_fact "${base}" TABLESPACES) == 0)) || refuse "base backup ${base} has tablespaces outside of the data directory: restore it by hand, tablespace_map names their places"
}

# Room for a second copy beside the one that runs. Usage: require_room
require_room() {
  local data wal largest
  data=$(copy_bytes)
  # What recovery keeps of the log is bounded by the distance of checkpoints.
  largest=$(($(postgres -C max_wal_size -c config_file="${CONFIG_DIRECTORY}/postgresql.conf" -D "${CONFIG_DIRECTORY}" 2>/dev/null || printf 1024) * 2097152))
  wal=$((chain_length * segment_bytes < largest ? chain_length * segment_bytes : largest))
  wal=$((wal + 4 * segment_bytes + recovery_reserve))
  if [[ "$(stat -c %d -- "${PGDATA%/*}")" == "$(stat -c %d -- "${WAL_DIRECTORY}")" ]]; then data=$((data + wal)); fi
  (($(available "${PGDATA%/*}") > data)) ||
    refuse "not enough room for a second copy: ${data} bytes needed in ${PGDATA%/*}, $(available "${PGDATA%/*}") free; enlarge the data claim, remove what an earlier recovery kept (${PGDATA}.before-pitr-*), or restore into a new installation by bootstrap.fromBackup"
  (($(available "${WAL_DIRECTORY}") > wal)) || refuse "not enough room for the log of a second copy: ${wal} bytes needed in ${WAL_DIRECTORY}, $(available "${WAL_DIRECTORY}") free; enlarge the WAL claim, or restore into a new installation by bootstrap.fromBackup"
}

# Every timeline that was ever heard of has to be known to the new one, or it would take a number that is in use; and it takes a
# number of this member, as in a promotion. Usage: copy_histories FOLDER; a data directory
copy_histories() {
  local path number newest
  for path in "${PGDATA}"/pg_wal/*.history; do
    [[ ! -s "${path}" ]] || cp -- "${path}" "$1/pg_wal/" || return 1
  done
  newest=$(known_timelines | head -n 1)
  newest_known=${newest:-1}
  if has_data && (($(control_timeline) > newest_known)); then newest_known=$(control_timeline); fi
  for ((number = timeline + 1; number <= newest_known; number++)); do
    path="$1/pg_wal/$(printf '%08X.history' "${number}")"
    [[ -s "${path}" ]] || history "${number}" >"${path}" || true # of what is not known, an empty one stays
  done
  reserve_timelines "$1" "${newest_known}"
}

# Usage: unpack_base
unpack_base() {
  local folder wal problem from="${BACKUP_DIRECTORY}/base/${base}"
  folder=$(restored_folder)
  stop_recovery
  attempted=yes
  { drop_leftovers && wal=$(new_wal_folder) && mkdir -- "${folder}"; } || {
    log_error "nothing can be unpacked in ${PGDATA%/*}: full or read-only?$(full_volumes)"
    return 1
  }
  log_info "unpacking ${base}: $(base_fact "${base}" PLAIN_BYTES) bytes"
  problem=$(unpack_archive "${base}" base.tar.gz "${folder}")
  [[ -z "${problem}" ]] || { log_error "base backup ${base}: ${problem}; another one may be good: --base NAME$(full_volumes)" && return 1; }
  log_info "unpacked, verifying"
  pg_verifybackup --no-parse-wal --quiet --exit-on-error --manifest-path="${from}/backup_manifest" "${folder}" >&2 || return 1
  rm -rf -- "${folder}/pg_wal"
  mkdir -- "${wal}" "${wal}/archive_status"
  ln -s -- "${wal}" "${folder}/pg_wal"
  copy_histories "${folder}" || return 1
  rm -f -- "${folder}/standby.signal" # of a base backup that was taken from a standby
  : >"${folder}/recovery.signal" || return 1
  {
    printf "# Written for a recovery.\ninclude '%s/postgresql.conf'\n" "${CONFIG_DIRECTORY}"
    printf "hba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n" "${CONFIG_DIRECTORY}" "${CONFIG_DIRECTORY}"
  } >"${folder}/postgresql.conf" || return 1
  keep_recovery_settings "${folder}"
}
