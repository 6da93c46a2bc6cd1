# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of wal/archive.sh; a step that fails is tried again by its caller)
# Whose WAL it is, and where the stream has to begin. Sourced by wal/archive.sh.

# Usage: replication COMMAND…, in one connection; one line a row, fields separated by |
replication() {
  local command commands=()
  for command in "$@"; do commands+=(-c "${command}"); done
  timeout 10 psql -XAtqw "dbname=replication replication=true application_name=wal_archiver" "${commands[@]}" 2>&1
}

# The server's system, timeline and place, its slot and its history; the reason where it does not answer, or answers what cannot be.
read_server() {
  local size text=''
  reason=$(replication IDENTIFY_SYSTEM 'SHOW wal_segment_size' "READ_REPLICATION_SLOT ${REPLICATION_SLOT}") || return 1
  { IFS='|' read -r server_system server_timeline server_lsn _ && read -r size && IFS= read -r slot; } <<<"${reason}" || true
  if ! is_fact "${fact_system}" "${server_system}" || ! is_fact "${fact_timeline}" "${server_timeline}" || ! is_fact "${fact_lsn}" "${server_lsn}" || ! is_fact '[1-9][0-9]{0,3}[MG]B' "${size}"; then
    reason="its answer to IDENTIFY_SYSTEM cannot be"
    return 1
  fi
  segment_bytes=$(numfmt --from=iec "${size%B}")
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

# The slot keeps WAL on the primary. A new primary has none; one without a place was invalidated and cannot be used again. The server
# is read anew after it: a new slot may begin at a place that was not written a moment ago. Usage: ensure_slot [anew]
ensure_slot() {
  if [[ -z "${1:-}" ]] && has_place; then return; fi
  if [[ "${slot}" == physical* ]]; then reason=$(replication "DROP_REPLICATION_SLOT ${REPLICATION_SLOT}") || return 1; fi
  reason=$(replication "CREATE_REPLICATION_SLOT ${REPLICATION_SLOT} PHYSICAL RESERVE_WAL") || return 1
  read_server && has_place
}

has_place() { [[ "${slot}" == physical\|* ]] && is_fact "${fact_lsn}" "$(cut -d '|' -f 2 <<<"${slot}")"; }

# Whether a base backup is of the server's database, and leads to what the server writes. Usage: is_of_server BASE
is_of_server() {
  local problem base_system
  problem=$(facts_problem "$1")
  base_system=$(base_fact "$1" SYSTEM_IDENTIFIER)
  [[ -z "${problem}" && "${base_system}" == "${server_system}" ]] && leads_on "$1"
}

# The newest base backup that leads to what the server writes; nothing where there is none.
leading_base() {
  local base
  while read -r base; do
    if is_of_server "${base}"; then
      printf '%s\n' "${base}"
      return
    fi
  done < <(list_bases | sort -r)
}

# Where that one begins; where there is none, the slot.
first_place() {
  local base
  base=$(leading_base)
  if [[ -n "${base}" ]]; then
    segment_start "$(base_fact "${base}" START_LSN)"
  else
    slot_start
  fi
}

# Sets leads, for the health check, to whether any base backup leads to what the server writes: yes or no; to nothing where there is no
# base backup, or the server never answered. They are read only when they or the server's timeline are others than before.
find_lead() {
  local names base
  names=$(list_bases)
  [[ "${names} ${server_system}/${server_timeline}" != "${led}" ]] || return 0
  led="${names} ${server_system}/${server_timeline}" leads=''
  [[ -n "${names}" && -n "${server_system}" ]] || return 0
  base=$(leading_base)
  leads=yes
  [[ -n "${base}" ]] || leads=no
}

# Sets archived_to, where the archive has everything up to, and from: with the newest archived segment, so that it is compared with
# what the server has; after it, where the server no longer has that one; where the slot begins, where the server has nothing of
# what comes after it either.
choose_start() {
  local newest compared
  newest=$(frontier "${segment_bytes}")
  if [[ -n "${newest}" ]]; then
    compared=$(($(segment_number "${newest}" "${segment_bytes}") * segment_bytes))
    archived_to=$((compared + segment_bytes))
  else
    archived_to=$(first_place)
    compared=${archived_to}
  fi
  from=${compared}
  if [[ -n "${gone}" && "${attempted}" == "${archived_to}" ]] && (($(slot_start) > archived_to)); then
    mark_broken "${archived_to}" "$(slot_start)" "the server no longer has it" || return 1
    from=$(slot_start)
  elif [[ -n "${gone}" && -z "${renew}" && "${attempted}" == "${archived_to}" ]]; then
    # The slot was moved back to what was asked for: made anew, once, it says where the server's WAL begins.
    renew=yes
    return 1
  elif [[ -n "${gone}" && ("${attempted}" == "${compared}" || "${attempted}" == "${archived_to}") ]]; then
    from=${archived_to}
  fi
  gone='' renew='' attempted=${from}
}

segment_start() { printf '%s\n' "$(($(lsn_bytes "$1") / segment_bytes * segment_bytes))"; }

slot_start() { segment_start "$(cut -d '|' -f 2 <<<"${slot}")"; }

# From one place to another the archive is not what the server wrote: whoever restores must know, until a base backup begins after it.
# Usage: mark_broken FROM TO REASON
mark_broken() {
  local file="${archive}/chain-broken" from since
  local -A broken=()
  read_record "${file}" broken missing_from="${fact_lsn}" since="${fact_instant}"
  from=${broken[missing_from]:-$(bytes_lsn "$1")}
  since=${broken[since]:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}
  write_durably "${file}" "MISSING_FROM=${from}"$'\n'"MISSING_TO=$(bytes_lsn "$2")"$'\n'"SINCE=${since}" || return 1
  log_error "WAL IS MISSING in the archive from ${from} to $(bytes_lsn "$2"): $3. No base backup before that can be restored to a later time; take a new one at once: kubectl create job --from=cronjob/NAME-base-backup"
}
