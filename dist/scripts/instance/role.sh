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

# Another system's data replace those here only when a person asked for it. Usage: may_replace
may_replace() {
  [[ "${peer_system}" == "$(cat -- "${STATE_DIRECTORY}/had-data")" || -e "${STATE_DIRECTORY}/rebuild" ]] && return
  if every foreign 60; then log_error "${PEER_NAME} holds another database system: ${peer_system}; nothing is copied over. To take a copy of it: touch ${STATE_DIRECTORY}/rebuild"; fi
  return 1
}

rejoin_until_done() {
  until [[ "${peer_state}" == primary ]] && may_replace && rejoin; do
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
  write_configuration "${PGDATA}"
  start_postgres
}

# Usage: start_in_recovery ROLE_TO_SHOW
start_in_recovery() {
  : >"${PGDATA}/standby.signal"
  sync -- "${PGDATA}/standby.signal" "${PGDATA}"
  recovery_role=$1
  write_configuration "${PGDATA}"
  keep_recovery_settings
  start_postgres
}
