# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Which role this instance takes, and when. The rules are in docs/explanation/roles.md; in one sentence: an instance opens
# read-write only when it knows that its peer does not have newer data. Sourced by instance.sh.

# A start decides anew. Leaves PostgreSQL running.
start_in_role() {
  local decision
  set_role starting
  rm -f -- "${RUNTIME_DIRECTORY}/start_request" "${RUNTIME_DIRECTORY}/stop_request"
  settled_on='' stuck_since=0 degraded=''
  wait_for_passwords
  write_configuration "${PGDATA}"
  meet_peer 2
  decision=$(decide)
  log_info "decision: ${decision}"
  case ${decision} in
  primary*) start_read_write ;;
  rejoin*) rejoin_until_done && start_in_recovery standby ;;
  standby*) start_in_recovery standby ;;
  *)
    start_in_recovery undecided
    explain_undecided
    ;;
  esac
}

# Prints the decision and its reason. Nothing here may answer "primary" because of silence alone, but for the three
# exceptions that docs/explanation/roles.md argues.
decide() {
  local timeline beat
  timeline=$(control_timeline)
  beat=$(cat -- "${STATE_DIRECTORY}/primary-heartbeat" 2>/dev/null || echo 0)
  if [[ -e "${STATE_DIRECTORY}/rejoin" ]]; then
    echo "rejoin: an earlier rejoin did not end"
  elif [[ -z "${PEER_HOST}" ]]; then
    echo "primary: this installation has no standby"
  elif [[ "$(last_role)" == standby ]]; then
    echo "standby: it was one when it stopped"
  elif [[ "${peer_state}" == primary ]]; then
    if [[ "${peer_system}" != "$(control_value 'Database system identifier')" ]]; then
      echo "undecided: ${PEER_NAME} holds another database system (${peer_system})"
    elif ((peer_timeline > timeline)); then
      echo "rejoin: ${PEER_NAME} is primary on timeline ${peer_timeline}, this instance ended on ${timeline}"
    else
      echo "undecided: ${PEER_NAME} is primary too, on timeline ${peer_timeline}"
    fi
  elif [[ ! -e "${STATE_DIRECTORY}/standby-known" && ! -d "${PGDATA}/pg_replslot/${PEER_REPLICATION_SLOT}" ]]; then
    echo "primary: no standby was ever copied from it"
  elif ((beat <= EPOCHSECONDS && EPOCHSECONDS - beat <= RESTART_IN_PLACE_SECONDS)); then
    echo "primary: restart in place, $((EPOCHSECONDS - beat)) s after it was last seen as primary"
  else
    echo "undecided: it was primary, and must see ${PEER_NAME} before it opens read-write"
  fi
}

explain_undecided() {
  log_warn "read-only until ${PEER_NAME} is seen. If you are sure that ${PEER_NAME} is not primary and has no newer data, open this instance for writes: touch ${RUNTIME_DIRECTORY}/promote_trigger in this container"
}

rejoin_until_done() {
  until [[ "${peer_state}" == primary ]] && rejoin; do
    # A directory that pg_rewind left half done must not start; only the peer can complete it.
    if every rejoin_wait 60; then log_error "${PGDATA} is incomplete until ${PEER_NAME} serves as primary; waiting"; fi
    pause 3
    meet_peer 2
  done
}

start_read_write() {
  note_role primary
  beat_as_primary
  remove_durably "${PGDATA}/standby.signal"
  start_postgres
}

# Usage: start_in_recovery ROLE_TO_SHOW
start_in_recovery() {
  : >"${PGDATA}/standby.signal"
  sync -- "${PGDATA}/standby.signal" "${PGDATA}"
  recovery_role=$1
  start_postgres
}

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
  primary) follow "${timeline}" "${streaming}" ;;
  recovery) agree "${timeline} ${lsn} ${waiting}" ;;
  *) settled_on= ;;
  esac
}

# The peer is primary. Usage: follow OWN_TIMELINE STREAMING
follow() {
  if [[ "$2" == true ]]; then
    stuck_since=0 rejoin_attempts=0 recovery_role=standby
    note_role standby
    note_peer
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
