# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of wal/archive.sh; a step that fails is tried again by its caller)
# Whose WAL it is, and where the stream has to begin. Sourced by wal/archive.sh.

# Usage: replication COMMAND; one line a row, fields separated by |
replication() { timeout 10 psql -XAtqw "dbname=replication replication=true application_name=wal_archiver" -c "$1" 2>&1; }

# The server's system, timeline, place and history; the reason where it does not answer.
read_server() {
  local text
  reason=$(replication IDENTIFY_SYSTEM) || return 1
  IFS='|' read -r server_system server_timeline server_lsn _ <<<"${reason}"
  reason=$(replication 'SHOW wal_segment_size') || return 1
  segment_bytes=$(numfmt --from=iec "${reason%B}") || return 1
  text=''
  if ((server_timeline > 1)); then
    reason=$(replication "TIMELINE_HISTORY ${server_timeline}") || return 1
    text=${reason#*|}
  fi
  history=$(history_of "${server_timeline}" <<<"${text}")
}

# The archive belongs to one database system. Usage: is_own_system
is_own_system() {
  local file="${archive}/system-identifier"
  [[ -s "${file}" ]] || write_durably "${file}" "${server_system}" || return 1
  [[ "$(<"${file}")" == "${server_system}" ]]
}

own_system_there() {
  local there=''
  [[ ! -f "${archive}/system-identifier" ]] || read -rn 64 there <"${archive}/system-identifier" || true
  if is_fact "${fact_system}" "${there}"; then printf '%s' "${there}"; else printf 'unknown'; fi
}

# The slot keeps WAL on the primary. A new primary has none; one without a place was invalidated and cannot be used again.
# Usage: ensure_slot [anew]
ensure_slot() {
  slot=$(replication "READ_REPLICATION_SLOT ${REPLICATION_SLOT}") || return 1
  if [[ -z "${1:-}" && "${slot}" == 'physical|'*/* ]]; then return; fi
  if [[ "${slot}" == physical* ]]; then replication "DROP_REPLICATION_SLOT ${REPLICATION_SLOT}" >/dev/null || return 1; fi
  replication "CREATE_REPLICATION_SLOT ${REPLICATION_SLOT} PHYSICAL RESERVE_WAL" >/dev/null || return 1
  slot=$(replication "READ_REPLICATION_SLOT ${REPLICATION_SLOT}") && [[ "${slot}" == 'physical|'*/* ]]
}

# Where the archive has everything up to: after its newest segment; else where the newest base backup begins; else where the slot does.
archive_end() {
  local newest base
  newest=$(frontier "${segment_bytes}")
  base=$(list_bases | tail -n 1)
  [[ -z "${base}" || -z "$(facts_problem "${base}")" ]] || base=''
  if [[ -n "${newest}" ]]; then
    printf '%s\n' "$((($(segment_number "${newest}" "${segment_bytes}") + 1) * segment_bytes))"
  elif [[ -n "${base}" && "$(base_fact "${base}" SYSTEM_IDENTIFIER)" == "${server_system}" ]]; then
    segment_start "$(base_fact "${base}" START_LSN)"
  else
    slot_start
  fi
}

# Sets archived_to, and from: with the newest archived segment, so that it is compared with what the server has; after it, where the server no longer
# has that one; where the slot begins, where the server has nothing of what comes after it either.
choose_start() {
  local end compared
  end=$(archive_end)
  archived_to=${end}
  compared=${end}
  [[ -z "$(frontier "${segment_bytes}")" ]] || compared=$((end - segment_bytes))
  from=${compared}
  if [[ -n "${gone}" && "${attempted}" == "${end}" ]] && (($(slot_start) > end)); then
    mark_broken "${end}" "$(slot_start)" "the server no longer has it" || return 1
    from=$(slot_start)
  elif [[ -n "${gone}" && ("${attempted}" == "${compared}" || "${attempted}" == "${end}") ]]; then
    from=${end}
  fi
  gone='' renew='' attempted=${from}
}

segment_start() { printf '%s\n' "$(($(lsn_bytes "$1") / segment_bytes * segment_bytes))"; }

slot_start() { segment_start "$(cut -d '|' -f 2 <<<"${slot}")"; }

# From one place to another the archive is not what the server wrote: whoever restores must know, until a base backup begins after it.
# Usage: mark_broken FROM TO REASON
mark_broken() {
  local file="${archive}/chain-broken" from since
  from=$(sed -n 's/^MISSING_FROM=//p' "${file}" 2>/dev/null) || true
  since=$(sed -n 's/^SINCE=//p' "${file}" 2>/dev/null) || true
  is_fact "${fact_lsn}" "${from}" || from=$(bytes_lsn "$1")
  is_fact "${fact_instant}" "${since}" || since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  write_durably "${file}" "MISSING_FROM=${from}"$'\n'"MISSING_TO=$(bytes_lsn "$2")"$'\n'"SINCE=${since}" || return 1
  log_error "WAL IS MISSING in the archive from ${from} to $(bytes_lsn "$2"): $3. No base backup before that can be restored to a later time; take a new one at once: kubectl create job --from=cronjob/NAME-base-backup"
}
