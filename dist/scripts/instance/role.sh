# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# How an instance starts: in recovery, or read-write behind a closed gate. What it starts as is decided by instance/decide.sh.
# Sourced by instance.sh.

# A start decides anew. Leaves PostgreSQL running.
start_in_role() {
  local decision timeline
  set_role starting
  [[ -z "${renewing}" ]] || drop_trigger
  rm -f -- "${RUNTIME_DIRECTORY}/start_request" "${RUNTIME_DIRECTORY}/stop_request"
  intent=none promised='' nonce='' stuck_since='' degraded='' gate='' promotion_question='' promotion_sent=''
  publish || log_warn "${STATE_DIRECTORY}: the notes for the peer cannot be written"
  wait_for_passwords
  write_configuration "${PGDATA}" || log_error "${PGDATA}: the configuration cannot be written"
  follow_archive_timeline
  meet_peer 2
  timeline=$(control_timeline)
  own_streaming=''
  forget_twin
  due_at_once twin_asked
  look_for_twin "${timeline}"
  # shellcheck disable=SC2046 # facts are words
  decision=$(decide start data="$(data_fact)" last="$(last_fact)" copied="$(copied_fact)" made="${data_made:-none}" beat="$(beat_fact)" twin="${twin:-none}" $(peer_facts "${timeline}"))
  log_info "decision: $(named "${decision}")"
  data_made=''
  case ${decision%%:*} in
  open-alone) start_read_write alone ;;
  open-newer) open_on_newer_timeline ;;
  open-place) start_read_write place ;;
  rejoin) rejoin_peer ;;
  follow) start_in_recovery standby ;;
  *)
    start_in_recovery undecided
    [[ "${peer_state}" == primary ]] || explain_undecided
    ;;
  esac
}

data_fact() { if [[ -e "${STATE_DIRECTORY}/rejoin" ]]; then printf half; else printf whole; fi; }
last_fact() {
  local role_before
  role_before=$(last_role)
  if is_fact 'primary|standby' "${role_before}"; then printf '%s' "${role_before}"; else printf none; fi
}
copied_fact() { if ! is_only_copy && [[ -e "${STATE_DIRECTORY}/standby-known" || -d "${PGDATA}/pg_replslot/${PEER_REPLICATION_SLOT:-none}" ]]; then printf yes; else printf no; fi; }

explain_undecided() {
  log_warn "read-only until ${PEER_NAME} is seen. Start it; where it is gone, failover.sh opens this instance for writes, and says what would be lost"
}

# The gate is closed: it accepts writes, and acknowledges none before instance/opening.sh opens the gate. Where a note cannot be
# written it does not open. Usage: start_read_write alone|place|promised
start_read_write() {
  close_gate
  if note_role primary && beat_as_primary && remove_durably "${PGDATA}/standby.signal" && write_configuration "${PGDATA}"; then
    await_opening "$1"
    start_postgres
    return
  fi
  log_error "${PGDATA%/*}: what must be noted before this instance opens cannot be written (full or read-only?): it stays in recovery"
  start_in_recovery undecided
}

# A snapshot from before this member had a standby knows of no standby. Its volumes may be put back beside one that has what they lack,
# and on one timeline the one history would be written over the other. On timelines of their own PostgreSQL sees where the two part.
open_on_newer_timeline() {
  # So pg_resetwal leaves data: they cannot be started in recovery.
  if [[ "$(control_value 'wal_level setting')" == minimal ]]; then
    start_read_write alone
    return
  fi
  start_in_recovery undecided
  promote_itself unless-answered
}

# PostgreSQL without its signal file would open read-write: it is not started before the file was seen. The gate is closed in
# recovery as well, for whoever promotes the server by SQL. Usage: start_in_recovery ROLE_TO_SHOW
start_in_recovery() {
  recovery_role=$1
  close_gate
  until prepare_recovery; do
    if every recovery_blocked 30; then
      if control_timeline >/dev/null; then
        log_error "${PGDATA}: what a start in recovery needs cannot be written (full or read-only?): not started, nothing is deleted; give the volume room"
      else
        log_error "${PGDATA}/global/pg_control cannot be read: the data here are damaged, and not started. Where another member is primary, rebuild-standby.sh --delete-volumes copies it anew"
      fi
    fi
    pause 2
  done
  start_postgres
}

prepare_recovery() {
  local timeline
  # Who once was in recovery may have received another's history: a restart in place as primary would open that.
  remove_durably "${STATE_DIRECTORY}/primary-heartbeat" && timeline=$(control_timeline) && put_signal "${PGDATA}/standby.signal" && drop_placeholders "${PGDATA}" "${timeline}" && write_configuration "${PGDATA}" && keep_recovery_settings || return 1
  if [[ "${recovery_role}" != undecided ]] && is_past_fork; then
    log_warn "what is here goes on beyond the beginning of a newer timeline that it has heard of: read-only until it was compared with the primary's"
    recovery_role=undecided
  fi
  # Its data may not be of the newest timeline that it has heard of, and then PostgreSQL would refuse to start on that one.
  [[ "${recovery_role}" != undecided ]] || printf "recovery_target_timeline = 'current'\n" >>"${PGDATA}/postgresql.conf"
}

# While the gate is closed commits wait for a standby that nobody is. Clients that switched synchronous_commit off do not wait.
close_gate() { gate=closed; }
