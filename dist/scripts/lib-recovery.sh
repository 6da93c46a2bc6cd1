# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Recovers a base backup and its log into PGDATA's sibling pgdata.restoring, by a server that nobody else can reach.
# Sourced after lib-data.sh and lib-target.sh, never run.

restored_folder() { printf '%s.restoring\n' "${PGDATA}"; }

# A server of an attempt that was killed. Usage: stop_recovery
stop_recovery() {
  local pid folder
  folder=$(restored_folder)
  pid=$(head -n 1 -- "${folder}/postmaster.pid" 2>/dev/null) || return 0
  [[ "${pid}" =~ ^[0-9]+$ && "/proc/${pid}/cwd" -ef "${folder}" ]] || return 0
  kill -INT "${pid}" 2>/dev/null || return 0
  while [[ -d "/proc/${pid}" && "/proc/${pid}/cwd" -ef "${folder}" ]]; do sleep 0.2; done
}

# Usage: drop_generation FOLDER; a data directory that is not in use, and its WAL folder
drop_generation() {
  local wal
  wal=$(readlink -- "$1/pg_wal" || true)
  rm -rf -- "$1"
  if [[ "${wal}" == "${WAL_DIRECTORY}"/wal-* ]]; then rm -rf -- "${wal}"; fi
}

available() { df --output=avail -B1 -- "$1" | tail -n 1 | tr -dc '0-9'; }

# Room for a second copy beside the one that runs. Usage: require_room
require_room() {
  local data wal largest
  data=$(($(base_fact "${base}" PLAIN_BYTES) + 67108864))
  # What recovery keeps of the log is bounded by the distance of checkpoints.
  largest=$(($(postgres -C max_wal_size -c config_file="${CONFIG_DIRECTORY}/postgresql.conf" -D "${CONFIG_DIRECTORY}" 2>/dev/null || printf 1024) * 2097152))
  wal=$((chain_length * segment_bytes < largest ? chain_length * segment_bytes : largest))
  wal=$((wal + 4 * segment_bytes))
  if [[ "$(stat -c %d -- "${PGDATA%/*}")" == "$(stat -c %d -- "${WAL_DIRECTORY}")" ]]; then data=$((data + wal)); fi
  (($(available "${PGDATA%/*}") > data)) ||
    refuse "not enough room for a second copy: ${data} bytes needed in ${PGDATA%/*}, $(available "${PGDATA%/*}") free; enlarge the data claim, remove what an earlier recovery kept (${PGDATA}.before-pitr-*), or restore into a new installation by bootstrap.fromBackup"
  (($(available "${WAL_DIRECTORY}") > wal)) || refuse "not enough room for the log of a second copy: ${wal} bytes needed in ${WAL_DIRECTORY}, $(available "${WAL_DIRECTORY}") free; enlarge the WAL claim, or restore into a new installation by bootstrap.fromBackup"
}

# Every timeline that was ever heard of has to be known to the new one, or it would take a number that is in use.
copy_histories() {
  local path number newest=1 wal=$1
  for path in "${PGDATA}"/pg_wal/*.history; do [[ ! -s "${path}" ]] || cp -- "${path}" "${wal}/"; done
  newest=$(known_timelines | head -n 1)
  newest_known=${newest:-1} placeholders=()
  if has_data && (($(control_timeline) > newest_known)); then newest_known=$(control_timeline); fi
  for ((number = timeline + 1; number <= newest_known; number++)); do
    path="${wal}/$(printf '%08X.history' "${number}")"
    [[ -s "${path}" ]] || history "${number}" >"${path}" || placeholders+=("${path}")
  done
}

# Usage: unpack_base
unpack_base() {
  local folder wal from="${BACKUP_DIRECTORY}/base/${base}"
  folder=$(restored_folder)
  (($(base_fact "${base}" TABLESPACES) == 0)) || refuse "base backup ${base} has tablespaces outside of the data directory: restore it by hand, tablespace_map names their places"
  stop_recovery
  drop_generation "${folder}"
  wal=$(new_wal_folder)
  mkdir -- "${folder}"
  log_info "unpacking ${base}: $(base_fact "${base}" PLAIN_BYTES) bytes"
  tar -xzf "${from}/base.tar.gz" -C "${folder}" || return 1
  log_info "unpacked, verifying"
  pg_verifybackup --no-parse-wal --quiet --exit-on-error --manifest-path="${from}/backup_manifest" "${folder}" >&2 || return 1
  rm -rf -- "${folder}/pg_wal"
  mkdir -- "${wal}" "${wal}/archive_status"
  ln -s -- "${wal}" "${folder}/pg_wal"
  copy_histories "${wal}"
  rm -f -- "${folder}/standby.signal" # of a base backup that was taken from a standby
  : >"${folder}/recovery.signal"
  {
    printf "# Written for a recovery.\ninclude '%s/postgresql.conf'\n" "${CONFIG_DIRECTORY}"
    printf "hba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n" "${CONFIG_DIRECTORY}" "${CONFIG_DIRECTORY}"
  } >"${folder}/postgresql.conf"
  keep_recovery_settings "${folder}"
}

recovery_sql() { timeout 60 psql -XAtqw -v ON_ERROR_STOP=1 -h "${recovery_socket}" -p "${PGPORT}" -U postgres -d postgres; }

# What is in postgresql.auto.conf must not open this server or send its log anywhere: the command line wins over it.
start_recovery() {
  local setting settings=()
  while IFS= read -r setting; do settings+=(-c "${setting}"); done < <(recovery_settings)
  recovery_socket="${RUNTIME_DIRECTORY}/restoring" recovery_log="${STATE_DIRECTORY}/restore.log"
  mkdir -p -- "${recovery_socket}"
  BACKUP_DIRECTORY="${BACKUP_DIRECTORY}" setsid postgres -D "$(restored_folder)" -c listen_addresses='' -c unix_socket_directories="${recovery_socket}" -c port="${PGPORT}" \
    -c archive_mode=off -c shared_buffers=64MB -c max_wal_size=512MB -c hot_standby=on -c logging_collector=off -c log_min_messages=warning -c lc_messages=C \
    -c primary_conninfo='' -c primary_slot_name='' -c synchronous_standby_names='' -c recovery_target_inclusive=on -c recovery_end_command='' -c archive_cleanup_command='' \
    -c log_destination=stderr -c restore_command="'${script_dir}/fetch-wal.sh' \"%f\" \"%p\"" "${settings[@]}" >"${recovery_log}" 2>&1 {restore_lock}>&- &
  recovery_pid=$!
}

# Until it has reached its target and is open; fails where it has not.
await_recovery() {
  local began=${EPOCHSECONDS} said=${EPOCHSECONDS} open
  until open=$(recovery_sql <<<'SELECT NOT pg_is_in_recovery()' 2>/dev/null) && [[ "${open}" == t ]]; do
    if [[ ! -d "/proc/${recovery_pid}" ]]; then
      log_error "recovery ended: $(grep -E 'FATAL|PANIC' "${recovery_log}" | tail -n 1 | sed 's/^.*\(FATAL\|PANIC\): */\1: /')"
      return 1
    fi
    if ((EPOCHSECONDS - said >= 10)); then
      said=${EPOCHSECONDS}
      log_info "recovering for $((EPOCHSECONDS - began)) s: $(grep -o 'restored log file "[^"]*"' "${recovery_log}" | tail -n 1)"
    fi
    sleep 0.2
  done
}

# Sets new_timeline, commit_time. The slots are made while the log from the beginning of the timeline is there: whoever follows
# needs it whole. Usage: finish_recovery [SLOT…]
finish_recovery() {
  local slot facts
  for slot in "$@"; do recovery_sql <<<"SELECT pg_create_physical_replication_slot('${slot}', true)" >/dev/null || return 1; done
  facts=$(recovery_sql <<<"CHECKPOINT; SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int") || return 1
  new_timeline=${facts}
  if ((new_timeline <= newest_known)); then
    log_error "recovery took timeline ${new_timeline}, and ${newest_known} is known already"
    return 1
  fi
  commit_time=$(sed -n 's/.*last completed transaction was at log time //p' "${recovery_log}" | tail -n 1)
  kill -INT "${recovery_pid}" && wait "${recovery_pid}" || return 1
  ((${#placeholders[@]} == 0)) || rm -f -- "${placeholders[@]}"
  [[ "$(control_value 'Database cluster state' "$(restored_folder)")" == "shut down" ]]
}

# All log that was checked has to be in it: recovery takes whatever it cannot read for the end of the log.
require_whole_log() {
  local done_at
  [[ "${target_kind}" == latest ]] || return 0
  done_at=$(sed -n 's/.*redo done at \([0-9A-F/]*\).*/\1/p' "${recovery_log}" | tail -n 1)
  [[ -n "${done_at}" ]] && (($(lsn_bytes "${done_at}") >= chain_end)) && return
  log_error "recovery ended at ${done_at:-no place}, before the end of the archive"
  return 1
}

# Usage: recover [SLOT…]
# shellcheck disable=SC2120 # one of the two scripts has no slots to name
recover() {
  local last=''
  if [[ "${target_kind}" == latest ]]; then last=$(last_record "${chain[-1]}"); fi
  chain_end=$(lsn_bytes "${last:-0/0}")
  unpack_base || return 1
  log_info "recovering to $(target_text) along timeline ${timeline}"
  start_recovery
  await_recovery || return 1
  log_info "open; making it ready to take over"
  require_whole_log && finish_recovery "$@"
}
