# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (variables of restore-test.sh; statuses of the checks are their answers)
# The part of a restore test with the newest base backup and all WAL of the archive. Sourced by restore-test.sh, never run.

# The WAL that was written while the base backup was taken: without it nothing opens. Usage: needed_wal_problem BASE; the first segment that
# is not there or not sound, and why
needed_wal_problem() {
  local bytes last segment size file wrong history=''
  size=$(base_fact "$1" SEGMENT_BYTES)
  archived_history "$(base_fact "$1" TIMELINE)" || history=''
  bytes=$(lsn_bytes "$(base_fact "$1" START_LSN)") last=$(($(lsn_bytes "$(base_fact "$1" STOP_LSN)") - 1))
  for ((bytes -= bytes % size; bytes <= last; bytes += size)); do
    segment=$(segment_at "$(base_fact "$1" TIMELINE)" "${bytes}" "${size}")
    file=$(archived "${segment}")
    if [[ -n "${file}" ]]; then
      wrong=$(segment_problem "${file}" "${size}")
      [[ -z "${wrong}" ]] || { printf '%s %s' "${segment}" "${wrong}" && return; }
    elif [[ ! -s "${BACKUP_DIRECTORY}/wal/${segment}.gz.partial" && ! -s "${BACKUP_DIRECTORY}/wal/receiving/${segment}.gz.partial" ]]; then
      printf '%s is missing' "${segment}"
      return
    fi
  done
}

# Its last line on stderr says why it fails. Usage: unpack_for_test NAME
unpack_for_test() {
  local folder="${BACKUP_DIRECTORY}/base/$1" data="${SCRATCH_DIRECTORY}/base" tar oid wrong
  mkdir -m 700 -- "${data}" || return 1
  wrong=$(unpack_archive "$1" base.tar.gz "${data}")
  [[ -z "${wrong}" ]] || { printf '%s\n' "${wrong}" >&2 && return 1; }
  for tar in "${folder}"/[0-9]*.tar.gz; do
    [[ -e "${tar}" ]] || continue
    oid=${tar##*/} oid=${oid%.tar.gz}
    mkdir -p -- "${SCRATCH_DIRECTORY}/tablespaces/${oid}" || return 1
    wrong=$(unpack_archive "$1" "${oid}.tar.gz" "${SCRATCH_DIRECTORY}/tablespaces/${oid}")
    [[ -z "${wrong}" ]] || { printf '%s\n' "${wrong}" >&2 && return 1; }
    ln -sfn -- "${SCRATCH_DIRECTORY}/tablespaces/${oid}" "${data}/pg_tblspc/${oid}" || return 1
  done
  LC_ALL=C pg_verifybackup -q -n -m "${folder}/backup_manifest" "${data}" || return 1
  [[ ! -e "${data}/tablespace_map" ]] || sed -i "s#^\([0-9]*\) .*#\1 ${SCRATCH_DIRECTORY}/tablespaces/\1#" "${data}/tablespace_map" || return 1
  # Settings of the server that it was; recovery is set in the configuration of the test.
  : >"${data}/postgresql.auto.conf" || return 1
  rm -f -- "${data}/standby.signal" || return 1 # of a base backup that was taken from a standby: it would wait for more WAL for ever
  : >"${data}/recovery.signal"
}

# Where the last record ends of names_before. Usage: end_before NAME
end_before() {
  local name path scan segment_bytes
  segment_bytes=$(base_fact "$1" SEGMENT_BYTES) scan="${SCRATCH_DIRECTORY}"
  while read -r name; do
    path=$(wal_file "${name}")
    [[ -z "${path}" ]] || path=$(end_of_records "${path#* }")
    [[ -z "${path}" ]] || { printf '%s\n' "${path}" && return; }
  done < <(grep -oE '^[0-9A-F]{24}' <<<"${names_before}" | sort -ru | head -n 2)
}

# Recovery ends quietly at the first segment that is missing or damaged: what lies beyond it tells, of what was there when it began. Sets the record's TIMELINE and
# RECOVERED_TO.
check_wal_end() {
  local timeline end newest file size last segment
  size=$(base_fact "$1" SEGMENT_BYTES)
  timeline=$(on postgres -c "SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)")
  read -r timeline end _ < <(grep . -- "${server_data}/pg_wal/${timeline}.history" | tail -n 1)
  record[TIMELINE]=${timeline} record[RECOVERED_TO]=${end}
  newest=$(grep -oE '^[0-9A-F]{8}([0-9A-F]{16})?' <<<"${names_before}" | sort | tail -n 1) || true
  printf -v timeline '%08X' "${timeline}"
  if [[ "${newest:0:8}" > "${timeline}" ]]; then
    problem "${1}: recovery ended on timeline ${timeline} at ${end}, but the archive has timeline ${newest:0:8}: WAL between them is missing or damaged; take a new base backup"
    return
  fi
  newest=$(grep -E "^${timeline}[0-9A-F]{16}" <<<"${names_before}" | sort | tail -n 1) || true
  [[ -n "${newest}" ]] || return 0
  segment=$(segment_at "$((16#${timeline}))" "$(lsn_bytes "${end}")" "${size}")
  last=$(segment_number "${newest}" "${size}")
  # The newest segment may hold no whole record yet; the last complete one has to be sound.
  if [[ "${newest}" == *.partial ]]; then last=$((last - 1)); fi
  if (($(segment_number "${segment}" "${size}") >= last)); then
    file=$(archived "${segment}")
    if [[ -n "${file}" && -n "$(segment_problem "${file}" "${size}")" ]]; then
      problem "$1: WAL segment ${segment} is damaged; take a new base backup"
    elif is_fact "${fact_lsn}" "${newest_before}" && is_beyond "${newest_before}" "${end}"; then
      problem "$1: recovery ended at ${end}, but the archive had records up to ${newest_before}: a record between them is damaged; take a new base backup"
    fi
    return
  fi
  file=$(archived "${segment}")
  if [[ -n "${file}" && -z "$(segment_problem "${file}" "${size}")" ]]; then
    segment=$(segment_at "$((16#${timeline}))" "$(($(lsn_bytes "${end}") + size))" "${size}")
  fi
  problem "$1: recovery ended at ${end}: WAL segment ${segment} is missing or damaged, although the archive goes on to ${newest%%.*}; take a new base backup"
}

# A segment that is there but damaged ends recovery with an error of its restore_command.
why_not_open() {
  local complaint
  complaint=$(server_complaint)
  if [[ "${complaint}" =~ could\ not\ restore\ file\ \"([0-9A-F]{24})\" ]]; then
    printf 'WAL segment %s is damaged: nothing after it can be recovered; take a new base backup' "${BASH_REMATCH[1]}"
  else
    printf 'the server does not open: %s' "${complaint}"
  fi
}

prove_base() {
  local began=${EPOCHSECONDS} major missing found newest_before names_before
  newest_good list_bases base_problem
  [[ -n "${chosen}" ]] || { problem "there is no good base backup to restore; take one" && return; }
  record[BASE]=${chosen} record[BASE_BYTES]=$(du -sb -- "${BACKUP_DIRECTORY}/base/${chosen}" | cut -f 1)
  major=$(base_fact "${chosen}" SERVER_VERSION) major=${major%%[!0-9]*} # 17.10 (Debian 17.10-1), 19rc1
  if ((major >= 10000)); then major=$((major / 10000)); fi
  [[ "${major}" == "${POSTGRES_MAJOR}" ]] || { problem "${chosen} is of PostgreSQL ${major}, this is ${POSTGRES_MAJOR}: it can only be restored with ${major}; take a new base backup" && return; }
  (($(base_fact "${chosen}" PLAIN_BYTES) * 11 / 10 < SCRATCH_BYTES)) || {
    problem "${chosen} holds $(base_fact "${chosen}" PLAIN_BYTES) bytes, more than the test's ${SCRATCH_BYTES}; raise backup.restoreTest.scratchSize"
    return
  }
  missing=$(needed_wal_problem "${chosen}")
  [[ -z "${missing}" ]] || { problem "${chosen}: WAL segment ${missing}, without which it cannot be opened; take a new base backup" && return; }
  log_info "restoring ${chosen}"
  if ! unpack_for_test "${chosen}" 2>"${SCRATCH_DIRECTORY}/errors"; then
    problem "${chosen} cannot be unpacked: $(tail -n 1 -- "${SCRATCH_DIRECTORY}/errors")"
    return
  fi
  record[BASE_UNPACK_SECONDS]=$((EPOCHSECONDS - began))
  names_before=$(find "${BACKUP_DIRECTORY}/wal" -maxdepth 2 -type f -size +0 -printf '%f\n')
  newest_before=$(end_before "${chosen}")
  start_server "${SCRATCH_DIRECTORY}/base" || { problem "${chosen}: $(why_not_open)" && return; }
  record[BASE_SECONDS]=$((EPOCHSECONDS - began))
  record[BASE_REPLAY_SECONDS]=$((record[BASE_SECONDS] - record[BASE_UNPACK_SECONDS]))
  record[LAST_COMMIT]=$(sed -n 's/.*last completed transaction was at log time //p' -- "${server_log}" | tail -n 1)
  check_wal_end "${chosen}"
  end_prepared || { problem "${chosen}: a prepared transaction cannot be rolled back: $(tail -n 1 -- "${SCRATCH_DIRECTORY}/errors")" && return; }
  make_reader "${DATABASE_NAME}" 2>"${SCRATCH_DIRECTORY}/errors" || { problem "${chosen}: it has no database ${DATABASE_NAME}: $(tail -n 1 -- "${SCRATCH_DIRECTORY}/errors")" && return; }
  found=$(tables_of "${DATABASE_NAME}" 2>"${SCRATCH_DIRECTORY}/errors" | count_rows "${DATABASE_NAME}" 2>>"${SCRATCH_DIRECTORY}/errors") || {
    problem "${chosen}: rows cannot be counted: $(sed 's/^.*ERROR: *//' -- "${SCRATCH_DIRECTORY}/errors" | tail -n 1)"
    return
  }
  note_rows base "${found}"
  record[BASE_ROWS]=${rows_sum}
  examine "${chosen}"
}
