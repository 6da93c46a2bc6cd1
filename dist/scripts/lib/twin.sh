# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# A member that was put back in time, as by a snapshot of its volume, may take a timeline number a second time. Numbers are alike
# then, and histories are not: PostgreSQL streams the one over the other, and ends with neither. Sourced by instance.sh.

# Nothing was asked, and nothing is known.
forget_twin() { twin='' twin_look='' twin_doubt=''; }

# Sets twin to yes, or ahead, where the data here are on another timeline than the one of that number that the primary is on, or came from. Asked
# once for each start of the primary's server; an answer that cannot be had changes nothing. Usage: look_for_twin TIMELINE, the one here
look_for_twin() {
  local number=$1 look mine theirs
  [[ "${peer_state}" == primary ]] && peer_is_fresh || return 0
  if [[ "${peer_system}" != "${own_system}" ]] || ! is_fact "${fact_timeline}" "${number}" || ((number > peer_timeline)); then
    twin='' twin_doubt=''
    return
  fi
  if is_ahead "${number}"; then
    found_twin "it ends at ${own_lsn} here, and at ${peer_lsn} there"
    twin=ahead
  fi
  if [[ "${twin}" == ahead ]] || ((number < 2)); then return; fi
  look="${number} ${peer_timeline} ${peer_started}"
  [[ "${look}" != "${twin_look}" ]] && every twin_asked 5 || return 0
  mine=$(own_history "${number}")
  theirs=$(peer_history "${number}") || theirs=''
  if [[ -z "${mine}" || -z "${theirs}" ]]; then
    if [[ -n "${mine}" && "${own_streaming:-}" != true ]]; then twin_doubt=yes; else twin_doubt=''; fi
    if every twin_unknown 60; then log_warn "whether timeline ${number} here is the one of ${PEER_NAME} cannot be known: $([[ -n "${mine}" ]] && printf '%s does not give its history' "${PEER_NAME}" || printf 'its history is not here'). Nothing is done for it${twin_doubt:+, and nothing is received before it is known}"; fi
    return
  fi
  twin_look=${look} twin_doubt='' twin=''
  if [[ "${theirs}" == "${mine}" ]]; then
    ! begins_otherwise "${number}" "${mine##* }" || found_twin "both begin at ${mine##* }, of two promotions"
  elif [[ "${theirs}" != none ]]; then
    found_twin "here it begins at ${mine##* }, there at ${theirs##* }"
  fi
}

# Whether this member has more of the primary's timeline than the primary itself. WAL is sent when the primary has it for good, so that
# one was put back in time. What the primary said has to be from after the last thing that was received here. Usage: is_ahead TIMELINE
is_ahead() {
  [[ "$1" == "${peer_timeline}" && "$1" == "${own_timeline:-}" && "${own_role:-}" == recovery && "${own_streaming:-}" != true && -n "${stuck_since:-}" && -z "${twin}" ]] &&
    ((peer_seen > stuck_since + 2)) && is_beyond "${own_lsn}" "${peer_lsn}"
}

# Usage: found_twin DIFFERENCE, with number
found_twin() {
  twin=yes
  log_error "timeline ${number} here is another one than timeline ${number} of ${PEER_NAME}: $1. One of the two members was put back in time, as by a snapshot of its volume, and was promoted to a number that was taken. ${PEER_NAME} is primary, so what is here is kept, and a copy of ${PEER_NAME} is taken"
}

# As the primary tells it: up to that timeline, and none where its history does not lead over it. Usage: peer_history TIMELINE
peer_history() {
  local text
  text=$(timeout 3 psql -XAtqw -F ' ' "$(peer_connection replicator replication) replication=true" -c "TIMELINE_HISTORY ${peer_timeline}" 2>/dev/null) || return 1
  history_places <<<"${text}" | awk -v number="$1" -v newest="${peer_timeline}" '
    $1 == number { passed = 1; exit } { places = places $0 "\n" }
    END { if (places != "") printf "%s", passed || number == newest ? places : "none" }'
}

# Two promotions at one place write one history. The first record of a timeline holds the time of the promotion, and the checksum over
# it is in the record's first 24 bytes. What is not there, or not any more, says nothing. Usage: begins_otherwise TIMELINE LSN
begins_otherwise() {
  local segment offset mine theirs start='[0-9a-f]{48}'
  is_fact "${fact_lsn}" "$2" || return 1
  segment=$(wal_segment "$1" "$2")
  offset=$(($(lsn_bytes "$2") % wal_segment_bytes))
  # Where a segment or a page begins there is a header, which is alike in both.
  if ((offset == 0)); then offset=40; elif ((offset % 8192 == 0)); then offset=$((offset + 24)); fi
  mine=$(od -An -v -tx1 -j "${offset}" -N 24 -- "${PGDATA}/pg_wal/${segment}" 2>/dev/null | tr -d ' \n') || return 1
  is_fact "${start}" "${mine}" && [[ "${mine}" == *[1-9a-f]* ]] || return 1
  theirs=$(timeout 3 psql -XAtqw "$(peer_connection rewinder)" -c "SELECT encode(pg_read_binary_file('pg_wal/${segment}', ${offset}, 24, true), 'hex')" 2>/dev/null) || return 1
  is_fact "${start}" "${theirs}" && [[ "${theirs}" != "${mine}" ]]
}

# While the server runs: what is here must not be streamed over. Usage: follow_twin TIMELINE
follow_twin() {
  local before="${twin}/${twin_doubt}" known=${twin}
  look_for_twin "$1"
  [[ "${twin}/${twin_doubt}" != "${before}" ]] || return 0
  if [[ -n "${twin}" && "${twin}" != "${known}" ]]; then
    recovery_role=undecided
    set_role undecided
  fi
  write_configuration "${PGDATA}" && kill -HUP "${postmaster_pid}"
}
