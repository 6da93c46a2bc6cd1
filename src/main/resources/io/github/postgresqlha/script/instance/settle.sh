# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Which role a running instance comes to: it follows a primary, agrees with a peer that is in recovery too, and as a primary
# gives way to a newer one. Sourced by instance.sh.

# Once a second while in recovery: follow a primary, or agree with a peer that is in recovery too.
settle() {
  local mine kind system timeline lsn waiting streaming
  mine=$(local_position)
  read -r kind system timeline lsn waiting streaming <<<"${mine}"
  if [[ "${kind}" == primary ]]; then become_primary && return; fi
  [[ "${kind}" == recovery ]] || return 0
  set_role "${recovery_role}"
  peer_is_fresh || return 0
  if [[ "${peer_state}" != unknown && "${peer_system}" != "${system}" ]]; then
    if every foreign 60; then log_error "${PEER_NAME} holds another database system: ${peer_system}, here ${system}; nothing is copied over"; fi
    return 0
  fi
  case ${peer_state} in
  primary) follow "${timeline}" "${streaming}" "${lsn}" ;;
  # The time without streaming counts only while there is a primary to stream from.
  recovery) stuck_since=0 && agree "${timeline} ${lsn} ${waiting}" ;;
  *) stuck_since=0 settled_on= ;;
  esac
}

# The peer is primary. On an older timeline than the peer's, streaming counts only while it gets on: what ended beyond the newer
# one's beginning is streamed the old one up to there, and again and again.
# Usage: follow OWN_TIMELINE STREAMING LSN
follow() {
  local twin=1
  if [[ "$(last_role)" == primary ]] && (($1 == peer_timeline)); then
    is_twin "$(peer_connection rewinder)" "$1" && twin=0 || twin=$?
    ((twin != 2)) || return 0
  fi
  if ((twin == 0)); then
    log_error "${PEER_NAME} is primary on another timeline ${1} than the one here: taking a new copy"
    run_watched keep_abandoned_wal "$1" "$(beginning "$1")" || log_warn "what only this instance holds could not be counted"
    copy_anew "timeline $1 has a twin"
    return
  fi
  if [[ "$2" == true ]] && { (($1 >= peer_timeline)) || [[ "$3" != "${followed_lsn}" ]]; }; then
    followed_lsn=$3
    stuck_since=0 rejoin_attempts=0 recovery_role=standby
    note_role standby
    note_peer
    set_role standby
    return
  fi
  if (($1 > peer_timeline)); then
    if every stale_peer 60; then log_error "${PEER_NAME} is primary on timeline ${peer_timeline}, older than ${1} here: not followed"; fi
    return 0
  fi
  ((stuck_since > 0)) || stuck_since=${EPOCHSECONDS}
  # A former primary on an older timeline most likely has WAL that the peer lacks; others get the time that streaming needs to begin.
  [[ "${recovery_role}" == undecided ]] && (($1 < peer_timeline)) && stuck_since=1
  ((EPOCHSECONDS - stuck_since > STUCK_SECONDS)) || return 0
  log_warn "not streaming from ${PEER_NAME}"
  stop_postgres
  rejoin_until_done
  start_in_recovery standby
}

# Both are in recovery and both see each other: the higher timeline, then the higher LSN, then the instance named primary
# opens. Both apply the same rule to the same facts, and only to facts that did not move between two looks.
# Usage: agree "TIMELINE LSN WAITING"
agree() {
  local timeline lsn waiting facts="$1 | ${peer_line}" mine theirs
  read -r timeline lsn waiting <<<"$1"
  if [[ "${waiting}" != true || "${peer_waiting}" != true || "${settled_on}" != "${facts}" || "${peer_seen}" == "${settled_at}" ]]; then
    [[ "${settled_on}" == "${facts}" ]] || settled_at=${peer_seen}
    settled_on=${facts}
    return 0
  fi
  mine=$(lsn_number "${lsn}") theirs=$(lsn_number "${peer_lsn}")
  if ((timeline != peer_timeline)); then
    ((timeline > peer_timeline)) || return 0
  elif ((mine != theirs)); then
    ((mine > theirs)) || return 0
  elif [[ "${INSTANCE_ROLE}" != primary ]]; then
    return 0
  fi
  log_info "both members are in recovery: timeline ${timeline} at ${lsn} here, timeline ${peer_timeline} at ${peer_lsn} there: this instance opens read-write"
  open_read_write "${timeline}"
}

# Same timeline, no promotion: standby.signal goes, and PostgreSQL starts again. Where the control file does not know the
# timeline yet, crash recovery would end on an older one, so there it is a promotion.
# Usage: open_read_write TIMELINE
open_read_write() {
  stop_postgres
  if (($(control_timeline) == $1)); then
    start_read_write
  else
    start_in_recovery "${recovery_role}"
    promotion_due=yes
  fi
}

# PostgreSQL serves read-write: note it before anything relies on it.
become_primary() {
  note_role primary
  confirmed_at=${EPOCHSECONDS}
  beat_as_primary
  set_role primary
}

# While primary: a peer that is primary on a newer timeline has taken over.
guard_against_newer_primary() {
  local mine timeline
  [[ "${peer_state}" == primary ]] && peer_is_fresh || return 0
  mine=$(local_position)
  read -r _ _ timeline _ <<<"${mine}"
  [[ "${mine}" == primary* && "${peer_system}" == "$(control_value 'Database system identifier')" ]] || return 0
  if ((peer_timeline > timeline)); then
    log_error "FENCED: ${PEER_NAME} is primary on timeline ${peer_timeline}, newer than ${timeline} here: stopping, to come back as its standby"
    stop_postgres
    exit 76
  fi
  if ((peer_timeline == timeline)) && every split_brain 10; then log_error "SPLIT BRAIN: ${PEER_NAME} is primary too, on the same timeline ${timeline}"; fi
}
