# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# From the moment that PostgreSQL may accept writes until its first commit is acknowledged: the peer can see this instance open by
# then, and is looked at once more. Of two that open at one time at least one sees the other. Sourced by instance.sh.

# Usage: await_opening alone|place|promised|promoted|forced
await_opening() {
  opening_why=$1 opening_question='' opening_since=${now}
  set_role opening
}

# Once a tick while opening.
settle_opening() {
  local decision look=none trigger=none
  look_at_own_server
  if [[ "${own_role}" == primary ]]; then
    [[ -n "${opening_question}" || -z "${PEER_HOST}" ]] || look_again
    if peer_was_asked; then look=fresh; fi
  fi
  ((now - opening_since < 15)) || trigger=late
  # shellcheck disable=SC2046 # facts are words
  decision=$(decide opening why="${opening_why}" look="${look}" got="$(promise_got)" trigger="${trigger}" $(opening_facts))
  case ${decision%%:*} in
  serve) serve ;;
  yield) give_way "${decision#*: }" ;;
  yield-copy) give_way_and_copy "${decision#*: }" ;;
  back)
    log_warn "not opened: $(named "${decision#*: }")"
    stop_postgres
    start_in_role
    ;;
  oust) oust ;;
  *) ;;
  esac
}

# What the peer said before this server was open counts only where it speaks against opening. A primary on a newer timeline does,
# whatever happens to it before this server is ready; who is promoted takes a newer one.
opening_facts() {
  local here
  if [[ "${own_role}" == primary ]]; then
    peer_facts "${own_timeline}" "${own_lsn}"
    return
  fi
  if [[ "${peer_state}" == primary && "${opening_why}" != promoted && "${opening_why}" != forced ]] && here=$(newest_timeline_here) && ((peer_timeline > here)); then
    peer_facts "${here}"
    return
  fi
  printf 'peer=unknown '
  if peer_is_fresh; then printf 'intent=%s' "${peer_intent}"; fi
}

# The look at the own server may have taken seconds.
look_again() {
  look_at_clock
  ask_peer
  opening_question=${peer_asked} opening_asked=${now_hundredths}
}

# Silence is an answer, after a second: whoever promoted this member has waited for one already.
peer_was_asked() {
  [[ -n "${opening_question}" ]] || return 1
  take_answers
  ((peer_answered >= opening_question)) || { [[ "${peer_state}" == unknown ]] && elapsed_hundredths "${opening_asked}" 100; }
}

# The first commit is acknowledged after this.
serve() {
  [[ "${own_role}" == primary ]] && is_fact "${fact_timeline}" "${own_timeline}" || return 0
  if ! { note_role primary && beat_as_primary; }; then
    if every unnoted 10; then log_error "${STATE_DIRECTORY}: what must be noted before commits are acknowledged cannot be written (full or read-only?)"; fi
    return 0
  fi
  keep_timelines "${PGDATA}" "${own_timeline}" || log_error "${PGDATA}/pg_wal: the histories of timelines cannot be completed; other members may fail to follow"
  gate='' served_timeline=${own_timeline}
  write_configuration "${PGDATA}" && kill -HUP "${postmaster_pid}" || return 0
  become_primary
  drop_trigger
  intend_nothing
  ensure_peer_slot
  log_info "open for writes: timeline ${own_timeline}"
  (local_sql <<<CHECKPOINT) & # the control file names a new timeline early
}

# The older primary is asked to stop; its supervisor starts again, and rejoins this one, or waits in recovery where it cannot see it.
oust() {
  local meanwhile=''
  every ousting 2 || return 0
  [[ "${role}" != opening ]] || meanwhile='; no commit is acknowledged here before it has'
  log_warn "${PEER_NAME} is primary on timeline ${peer_timeline}, older than the one here: it is asked to give way${meanwhile}"
  (timeout 5 psql -XAtqw "$(peer_connection rewinder)" -c "SELECT postgresql_ha.request('restart')" >/dev/null 2>&1) &
  look_again
}

# Usage: give_way REASON
give_way() {
  log_error "FENCED: $(named "$1"), timeline ${peer_timeline}: stopping, to come back as its standby"
  stop_postgres
  start_in_role
}

# Two that were primary on one timeline number are not the same for PostgreSQL's tools only: all that is here is kept.
# Usage: give_way_and_copy REASON
give_way_and_copy() {
  log_error "FENCED: $(named "$1"): stopping, keeping what is here, and taking a copy"
  stop_postgres
  keep_data "primary on the timeline of ${PEER_NAME}" || die 1 "${STATE_DIRECTORY} cannot be written: not started again on a timeline that ${PEER_NAME} has, too"
  write_durably "${STATE_DIRECTORY}/rejoin" "$1" || die 1 "${STATE_DIRECTORY} cannot be written: not started again on a timeline that ${PEER_NAME} has, too"
  start_in_role
}

# PostgreSQL serves read-write: note it before anything relies on it.
become_primary() {
  confirmed_at=${now}
  set_role primary
}

# While primary: what the peer says may mean that it has taken over.
guard() {
  local decision
  peer_is_fresh && [[ "${peer_state}" == primary || "${peer_streaming}" == false ]] || return 0
  look_at_own_server
  # A server that has no connection left for its supervisor may serve others: its timeline is known since it opened.
  if [[ -z "${own_role}" && "${peer_state}" == primary ]] && ((peer_timeline > ${served_timeline:-${peer_timeline}})); then
    own_role=primary own_timeline=${served_timeline} own_lsn=0/0
  fi
  [[ "${own_role}" == primary ]] || return 0
  # shellcheck disable=SC2046 # facts are words
  decision=$(decide primary $(peer_facts "${own_timeline}" "${own_lsn}"))
  case ${decision%%:*} in
  yield) give_way "${decision#*: }" ;;
  yield-copy) give_way_and_copy "${decision#*: }" ;;
  oust) oust ;;
  renew) renew "${decision#*: }" ;;
  *) ;;
  esac
}

# A promotion in place: the higher number is always the newer history, and the history that serves is the newer one.
# Usage: renew REASON
renew() {
  log_warn "$1 (${PEER_NAME}, timeline ${peer_timeline}): taking a newer timeline; what only ${PEER_NAME} has is reported when it rejoins"
  intend promoting || return 0
  stop_postgres
  start_in_recovery undecided
  promote_itself always
}

# Who decides that has asked the peer a moment ago: it was in recovery, or silent. Usage: promote_itself always|unless-answered
promote_itself() {
  set_role undecided # a primary would take its own trigger for a mistake
  renewing=$1
  printf down >"${RUNTIME_DIRECTORY}/promote_trigger"
}
