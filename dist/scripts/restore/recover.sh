# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Recovers what restore/unpack.sh has put into PGDATA's sibling, by a server that nobody else can reach. Sourced after restore/unpack.sh,
# never run.

recovery_sql() { timeout 60 psql -XAtqw -v ON_ERROR_STOP=1 -h "${recovery_socket}" -p "${PGPORT}" -U postgres -d postgres; }

# What is in postgresql.auto.conf must not open this server or send its log anywhere: the command line wins over it.
# Nothing works in it by itself: a subscription would take from its publisher what the database that serves then never gets.
# It is asked only when it is open: before, a setting that the primary raised since the base backup would halt it for ever.
# It outlives whoever kills this script, so it has neither of its locks.
start_recovery() {
  local setting settings=()
  while IFS= read -r setting; do settings+=(-c "${setting}"); done < <(recovery_settings)
  recovery_socket="${RUNTIME_DIRECTORY}/restoring" recovery_log="${STATE_DIRECTORY}/restore.log"
  mkdir -p -- "${recovery_socket}"
  BACKUP_DIRECTORY="${BACKUP_DIRECTORY}" setsid postgres -D "$(restored_folder)" -c listen_addresses='' -c unix_socket_directories="${recovery_socket}" -c port="${PGPORT}" \
    -c archive_mode=off -c max_worker_processes=0 -c shared_buffers=64MB -c huge_pages=off -c max_wal_size=512MB -c hot_standby=off -c logging_collector=off -c ssl=off -c log_min_messages=warning -c lc_messages=C \
    -c primary_conninfo='' -c primary_slot_name='' -c synchronous_standby_names='' -c recovery_target_inclusive=on -c recovery_end_command='' -c archive_cleanup_command='' \
    -c log_destination=stderr -c restore_command="'${script_dir}/wal/fetch.sh' \"%f\" \"%p\"" "${settings[@]}" >"${recovery_log}" 2>&1 {restore_lock}>&- {held}<&- &
  recovery_pid=$!
}

# Until it has reached its target and is open; fails where it has not.
await_recovery() {
  local began=${EPOCHSECONDS} said=${EPOCHSECONDS} open
  until open=$(recovery_sql <<<'SELECT NOT pg_is_in_recovery()' 2>/dev/null) && [[ "${open}" == t ]]; do
    has_reserve || return 1
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

# PostgreSQL says before whose end it stopped. Where that is another one than was found in the log, something was not seen, and may be left out.
require_found_stop() {
  local said found
  [[ "${target_kind}" == time && -n "${stop}" ]] || return 0
  said=$(sed -nE 's/.*recovery stopping before (commit|abort) of (prepared )?transaction ([0-9]+),? .*/\3/p' "${recovery_log}" | tail -n 1)
  found=$(sed -nE "s#$(record_head Transaction)(COMMIT|ABORT)_PREPARED ([0-9]+):.*#\3#p;t;s#^rmgr: Transaction +len [^,]+, tx: +([0-9]+), .*#\1#p" <<<"${stop}")
  [[ -n "${said}" && "${said}" == "${found}" ]] && return
  log_error "PostgreSQL stopped before transaction ${said:-nobody knows which}, and the log was read up to transaction ${found}: something may be left out"
  return 1
}

# What is recovered grows beside the database that serves, which needs the rest of the volumes. Usage: has_reserve
has_reserve() {
  local volume free
  for volume in "${PGDATA%/*}" "${WAL_DIRECTORY}"; do
    free=$(available "${volume}") || return 0
    if is_fact "${fact_number}" "${free}" && ((free < recovery_reserve)); then
      log_error "only ${free} bytes are left in ${volume}: the recovery is ended before it takes them from the database that serves. Enlarge the claim, or restore into a new installation by bootstrap.fromBackup"
      return 1
    fi
  done
}

# Of the server that begins with what was recovered; nothing where that cannot be known.
prepared_limit() {
  if [[ -n "${PATRONI_SCOPE:-}" ]]; then
    local_sql <<<'SHOW max_prepared_transactions'
  else
    postgres -D "$(restored_folder)" -C max_prepared_transactions -c config_file="${CONFIG_DIRECTORY}/postgresql.conf"
  fi 2>/dev/null || true
}

# Transactions that were prepared and not ended by then are in doubt, and keep their locks. A server with room for fewer of them does not start.
look_at_prepared() {
  local found count limit
  found=$(recovery_sql <<<"SELECT count(*), left(regexp_replace(string_agg(format('%L in database %I', gid, database), ', ' ORDER BY prepared), '[[:cntrl:]]', '?', 'g'), 2000) FROM pg_prepared_xacts") || return 1
  count=${found%%|*} found=${found#*|}
  ((count > 0)) || return 0
  limit=$(prepared_limit)
  if is_fact "${fact_number}" "${limit}" && ((count > limit)); then
    log_error "${count} prepared transactions have no end by $(target_text), more than max_prepared_transactions (${limit}): PostgreSQL would not start with them. Raise it to ${count} at least and recover again, or choose another target. They are ${found}"
    return 1
  fi
  log_warn "${count} prepared transactions have no end by $(target_text), and keep their locks until COMMIT PREPARED or ROLLBACK PREPARED in their database: ${found}"
}

recovered_commit='[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?[+-][0-9]{2}(:[0-9]{2})?'

# Sets new_timeline, commit_time, which is of that form or empty. The slots are made while the log from the beginning of the timeline is there: whoever follows
# needs it whole. Usage: finish_recovery [SLOT…]
finish_recovery() {
  local slot facts
  for slot in "$@"; do recovery_sql <<<"SELECT pg_create_physical_replication_slot('${slot}', true)" >/dev/null || return 1; done
  facts=$(recovery_sql <<<"CHECKPOINT; SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int") || return 1
  new_timeline=${facts}
  if ((new_timeline <= newest_known)) || ! is_own_timeline "${new_timeline}"; then
    log_error "recovery took timeline ${new_timeline}, which is not this member's own above ${newest_known}"
    return 1
  fi
  keep_timelines "$(restored_folder)" "${new_timeline}" || return 1
  commit_time=$(sed -n 's/.*last completed transaction was at log time //p' "${recovery_log}" | tail -n 1)
  is_fact "${recovered_commit}" "${commit_time}" || commit_time=
  kill -INT "${recovery_pid}" && wait "${recovery_pid}" || return 1
  [[ "$(control_value 'Database cluster state' "$(restored_folder)")" == "shut down" ]]
}

# All log that was checked has to be in it: recovery takes whatever it cannot read for the end of the log.
require_whole_log() {
  local done_at
  [[ "${target_kind}" == latest ]] || return 0
  done_at=$(recovery_sql <<<'SELECT pg_last_wal_replay_lsn()') || done_at=''
  is_fact "${fact_lsn}" "${done_at}" && (($(lsn_bytes "${done_at}") >= chain_end)) && return
  log_error "recovery ended at ${done_at:-no place}, before the end of the archive"
  return 1
}

# Where the records of the chain end, in the last of its segments that has a whole one; and what is wrong behind that, there and in
# those that follow. What is received meanwhile is no damage. Sets last, tail, damage.
find_end() {
  local first
  find_last
  first=${last}
  if [[ -n "${last}" ]]; then damage=$(behind "${last}" "${chain[@]:tail}"); fi
  if [[ -n "${damage}" ]]; then find_last; fi
  [[ "${last}" == "${first}" ]] || damage=''
}

find_last() {
  for ((tail = ${#chain[@]} - 1; tail >= 0; tail--)); do
    last=$(end_of_records "${chain[tail]}")
    [[ -z "${last}" ]] || return 0
  done
}

# Usage: recover [SLOT…]
# shellcheck disable=SC2120 # one of the two scripts has no slots to name
recover() {
  local last='' tail='' damage=''
  if [[ "${target_kind}" == latest ]]; then find_end; fi
  chain_end=$(lsn_bytes "${last:-0/0}")
  unpack_base || return 1
  log_info "recovering to $(target_text) along timeline ${timeline}"
  start_recovery
  await_recovery || return 1
  require_found_stop || return 1
  log_info "open; making it ready to take over"
  require_whole_log || return 1
  look_at_prepared || return 1
  finish_recovery "$@" || return 1
  [[ -z "${damage}" ]] || log_warn "the archive goes on behind ${last} in ${chain[tail]##*/}, but ${damage}: transactions after it, if there were any, are NOT restored"
}
