# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What an instance in recovery comes to: it follows a primary, promises its peer that it may open, or opens with the peer's promise.
# Sourced by instance.sh.

# While in recovery, as often as there is something to settle; a standby that streams is looked at now and then.
settle() {
  local decision
  look_at_own_server
  if [[ "${own_role}" == primary ]]; then # started by hand
    await_opening place
    return
  fi
  [[ -n "${own_role}" ]] || leave_unrecoverable
  [[ "${own_role}" == recovery && -n "${own_timeline}" && -n "${own_lsn}" ]] || return 0
  set_role "${recovery_role}"
  [[ "${peer_state}" != primary ]] || end_promise || return 0
  note_progress
  compare_places
  follow_twin "${own_timeline}"
  # shellcheck disable=SC2046 # facts are words
  decision=$(decide recovery $(recovery_facts))
  case ${decision%%:*} in
  stand) stand ;;
  rejoin) rejoin_peer ;;
  copy) keep_uncounted && copy_beside ;;
  promise) give_promise "${peer_nonce}" ;;
  ask) ask_for_promise ;;
  open) open_with_promise ;;
  complain) if every complain 60; then log_error "$(named "${decision#*: }"): ${PEER_NAME} refuses, or its WAL senders are all in use (PostgreSQL's messages above say which); it is tried again"; fi ;;
  wait) if [[ "$(last_role)" == primary ]] && is_only_copy && every only_copy 10; then open_only_copy; else explain_waiting; fi ;;
  *) ;;
  esac
}

# What this member waits for cannot come from a peer without data.
open_only_copy() {
  log_info "${PEER_NAME} has no data, and had none when this member was primary: the role is decided again"
  stop_postgres
  start_in_role
}

explain_waiting() {
  if [[ "${decision}" != "${explained:-}" ]] && every explain 10; then explained=${decision} && log_info "${recovery_role}: $(named "${decision#*: }")"; fi
}

recovery_facts() {
  local stream=no stuck=no
  # On an older timeline than the peer's, streaming counts only while it gets on: what ended beyond the newer one's beginning is
  # streamed the old one up to there, and again and again.
  if [[ "${own_streaming}" == true && ("${moved}" == yes || "${own_timeline}" -ge "${peer_timeline:-0}") ]]; then stream=yes; fi
  if [[ "${stream}" == no && -n "${stuck_since}" ]]; then
    if ((now - stuck_since > STUCK_SECONDS)); then stuck=yes; fi
    # A former primary on an older timeline most likely has WAL that the peer lacks; others get the time that streaming needs.
    if [[ "${recovery_role}" == undecided ]] && ((own_timeline < ${peer_timeline:-0})); then stuck=yes; fi
  fi
  printf 'twin=%s stream=%s stuck=%s given=%s ' "${twin:+yes}" "${stream}" "${stuck}" "$(promise_given)"
  printf 'got=%s ' "$(promise_got)"
  peer_facts "${own_timeline}" ${compared:+"${own_lsn}"}
  if [[ "${stuck}" == yes ]]; then printf 'wal=%s ' "$(wal_fact)"; fi
}

# Only what does not move any more can be compared: both have replayed all that they have, at two looks.
compare_places() {
  local facts="${own_timeline} ${own_lsn} ${own_waiting} ${peer_timeline} ${peer_lsn} ${peer_waiting}" before=${settled_on:-}
  compared='' settled_on=${facts}
  if [[ "${own_waiting}" == true && "${peer_waiting}" == true && "${before}" == "${facts}" ]]; then compared=yes; fi
}

# Time counts as stuck only while there is a primary to follow, and neither receiving nor replaying gets on.
note_progress() {
  local place="${own_lsn} ${own_replayed}"
  if [[ "${peer_state}" != primary ]] || ! peer_is_fresh || [[ "${own_streaming}" == true && "${own_timeline}" == "${peer_timeline}" ]]; then
    stuck_since=''
  elif [[ "${place}" != "${progress:-}" || -z "${stuck_since}" ]]; then
    stuck_since=${now}
  fi
  moved=''
  if [[ -n "${progress:-}" && "${own_lsn}" != "${progress% *}" ]]; then moved=yes; fi
  progress=${place}
}

# Whether the primary still has the segment that is needed next.
wal_fact() {
  is_beyond "${peer_lsn}" "${own_lsn}" || { printf there && return; }
  peer_wal_fact "$(wal_segment "${own_timeline}" "${own_lsn}")"
}

# It is asked in SQL, so that a replication login that fails is told from WAL that is gone. Usage: peer_wal_fact SEGMENT; there, gone or none
peer_wal_fact() {
  local there
  there=$(timeout 5 psql -XAtqw "$(peer_connection rewinder)" -c "SELECT (pg_stat_file('pg_wal/$1', true)).size IS NOT NULL" 2>/dev/null) || true
  case ${there} in
  t) printf there ;;
  f) printf gone ;;
  *) printf none ;;
  esac
}

# A server takes no connections before it is consistent. Where the WAL with which its recovery begins is gone, that is never.
leave_unrecoverable() {
  local timeline segment
  [[ "${peer_state}" == primary ]] && peer_is_fresh && replays_unseen && ((now - idle_since >= STUCK_SECONDS)) && every unrecoverable 10 || return 0
  timeline=$(control_value "Latest checkpoint's TimeLineID")
  segment=$(control_value "Latest checkpoint's REDO location")
  is_fact "${fact_timeline}" "${timeline}" && is_fact "${fact_lsn}" "${segment}" || return 0
  segment=$(wal_segment "${timeline}" "${segment}")
  [[ ! -s "${PGDATA}/pg_wal/${segment}" && "$(peer_wal_fact "${segment}")" == gone ]] || return 0
  log_warn "recovery begins with ${segment}, which ${PEER_NAME} no longer has"
  if keep_uncounted; then copy_beside; fi
}

# Who was primary on the timeline of the primary, as data from before members had numbers of their own allow, may have rows alone;
# and so may who is on another timeline of its number.
keep_uncounted() {
  [[ "$(last_role)" != primary && -z "${twin:-}" ]] || keep_data "what only this member has was not counted"
}

stand() {
  stuck_since='' recovery_role=standby rewound_nothing=''
  if ! { note_role standby && note_peer; }; then log_warn "${STATE_DIRECTORY}: the role cannot be noted"; fi
  intend_nothing
  set_role standby
}

# Same timeline, no promotion: the server starts again without its signal file. Where the control file does not know the timeline
# yet, crash recovery would end on an older one, so there it is a promotion.
open_with_promise() {
  log_info "both members are in recovery: timeline ${own_timeline} at ${own_lsn} here, timeline ${peer_timeline} at ${peer_lsn} there; ${PEER_NAME} has promised to stay there: this instance opens"
  promised=yes
  if (($(control_timeline) == own_timeline)); then
    stop_postgres
    start_read_write promised
  else
    promote promised
  fi
}
