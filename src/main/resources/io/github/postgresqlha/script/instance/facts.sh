# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What a server says of itself, the peer's and the own one. No answer is never a licence: refused, timed out, starting up and an
# unknown name all read "unknown". Nothing of an answer is used before it matched its pattern. Sourced by the supervisors.

# Of a member without data, where it knows more followed by the name of its volume: lib/no-data.pl.
no_data_answer='FATAL:  no data here'

# waiting: it has replayed all WAL that it has, or replay is paused and it has received since it started, as it does behind the end of that; streaming: it receives WAL right now; started: when its server was; intent, nonce, promise: instance/promise.sh
answer_patterns=("role=primary|recovery" "system=${fact_system}" "timeline=${fact_timeline}" "lsn=${fact_lsn}" "replayed=${fact_lsn}" 'waiting=true|false'
  'streaming=true|false' "started=${fact_number}" "updated=${fact_number}" "protocol=${fact_number}" 'intent=opening|promoting' "nonce=${fact_nonce}" "promise=${fact_nonce}")

IFS= read -rd '' server_question <<'SQL' || true
SELECT CASE WHEN recovering THEN 'recovery' ELSE 'primary' END AS role, system_identifier AS system,
  CASE WHEN NOT recovering THEN ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int ELSE received_tli END AS timeline,
  CASE WHEN NOT recovering THEN pg_current_wal_flush_lsn() WHEN received_tli IS NOT NULL THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) END AS lsn,
  CASE WHEN recovering THEN pg_last_wal_replay_lsn() END AS replayed,
  CASE WHEN recovering THEN EXISTS (SELECT FROM pg_stat_activity
    WHERE backend_type = 'startup' AND (wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream')
      OR wait_event = 'RecoveryPause' AND pg_last_wal_receive_lsn() IS NOT NULL))::text END AS waiting,
  CASE WHEN recovering THEN (received_tli IS NOT NULL)::text END AS streaming,
  extract(epoch FROM pg_postmaster_start_time())::bigint AS started
FROM pg_control_system(), pg_is_in_recovery() AS recovering, (SELECT (SELECT received_tli FROM pg_stat_wal_receiver WHERE status = 'streaming')) AS receiver (received_tli);
SQL

# Sets said to the facts about a server, one a line. In recovery without a stream only the replication protocol tells the timeline
# that is really replayed; the control file lags behind. Usage: ask_server CONNECTION REPLICATION_CONNECTION [notes]
ask_server() {
  local question=${server_question} identity system timeline lsn
  [[ "${3:-}" != notes ]] || question+=$'\\pset expanded off\nSELECT postgresql_ha.instance_state();'
  said=$(timeout 2 psql -XAtqwx -F = "$1" 2>&1 <<<"${question}") || {
    said="reason=${said:-no answer within 2 s}"
    return 0
  }
  if [[ "${said}" == role=recovery* && "${said}" != *$'\nstreaming=true'* ]]; then
    identity=$(timeout 2 psql -XAtqw "$2" -c IDENTIFY_SYSTEM 2>/dev/null) || identity=''
    IFS='|' read -r system timeline lsn _ <<<"${identity}"
    said="timeline=${timeline:-}"$'\n'"lsn=${lsn:-}"$'\n'"${said}"
  fi
}

# Usage: peer_connection USER [DATABASE]
peer_connection() {
  printf 'host=%s port=%s user=%s dbname=%s passfile=%s connect_timeout=2 %s application_name=%s%s' \
    "${PEER_HOST}" "${PEER_PORT}" "$1" "${2:-postgres}" "${passfile}" "${silence_limits}" "${INSTANCE_NAME}" "$(connection_security)"
}

# The own server's facts, each look anew, in own_role, own_timeline, own_lsn, own_replayed, own_waiting, own_streaming; own_role is empty where it does not answer, and own_reason says why.
look_at_own_server() {
  local socket="host=${SOCKET_DIRECTORY} port=${PGPORT} user=postgres dbname=postgres" said
  local -A answer=()
  ask_server "${socket}" "${socket} replication=database"
  read_facts answer "${answer_patterns[@]}" <<<"${said}"
  own_role=${answer[role]:-} own_timeline=${answer[timeline]:-} own_lsn=${answer[lsn]:-} own_replayed=${answer[replayed]:-}
  own_waiting=${answer[waiting]:-} own_streaming=${answer[streaming]:-} own_reason=''
  [[ -n "${own_role}" ]] || own_reason=${said#reason=}
}

# The timeline that the own server is on; nothing where it does not answer.
local_timeline() {
  look_at_own_server
  printf '%s\n' "${own_timeline}"
}

# Each question has a file of its own: an older one that ends later must not take the place of a newer answer. A name with a dot is one that
# is being written.
take_answers() {
  local file
  for file in "${RUNTIME_DIRECTORY}"/peer.answer-*; do
    [[ "${file##*.answer-}" == *[!0-9]* || ! -s "${file}" ]] || read_answer "${file}"
  done
}

# The answer in peer_state (unknown, primary, recovery), peer_system, peer_timeline, peer_lsn, …; peer_answered is the number of
# the question, peer_seen the time when it was asked. Usage: read_answer FILE
read_answer() {
  local -A answer=()
  local known=${peer_state}
  # A text without line breaks: the reason may be of several.
  read_facts answer "asked=${fact_number}" "at=${fact_number}" 'reason=[[:print:]]{1,400}' "${answer_patterns[@]}" <"$1" || return 0
  rm -f -- "$1"
  # Of two that were under way the later one is the newer, whichever came last.
  ((${answer[asked]:-0} > peer_answered)) || return 0
  probe_running=
  peer_answered=${answer[asked]:-0} peer_seen=${answer[at]:-0} peer_reason=${answer[reason]:+ (${answer[reason]})}
  peer_system=${answer[system]:-} peer_timeline=${answer[timeline]:-} peer_lsn=${answer[lsn]:-} peer_waiting=${answer[waiting]:-}
  peer_streaming=${answer[streaming]:-} peer_started=${answer[started]:-} peer_intent=${answer[intent]:-none} peer_nonce=${answer[nonce]:-} peer_promise=${answer[promise]:-}
  peer_state=${answer[role]:-unknown}
  # Half an answer is none.
  [[ -n "${peer_system}" && -n "${peer_timeline}" && -n "${peer_lsn}" ]] || peer_state=unknown
  if [[ -n "${facts_refused}" ]] && every refused_facts 60; then log_warn "${PEER_NAME} says what cannot be: ${facts_refused}; not used"; fi
  if [[ "${peer_state}" == unknown ]]; then
    # A server that refuses has data, and so has one that says half of what it is.
    if [[ -n "${answer[role]:-}" || ("${peer_reason}" == *'FATAL: '* && "${peer_reason}" != *"${no_data_answer}"*) ]]; then note_peer_has_data; fi
    [[ "${known}" != primary ]] || due_at_once notes # how far it was seen is worth noting at once
    return 0
  fi
  if [[ -n "${answer[updated]:-}" && "${answer[protocol]:-}" != "${protocol_version}" ]] && every other_version 60; then
    log_warn "${PEER_NAME} runs another version of these scripts (protocol ${answer[protocol]:-none}, here ${protocol_version}): what it intends and promises is not known before both run the same; apply the whole folder"
  fi
  last_seen=${peer_seen} seen_system=${peer_system} seen_timeline=${peer_timeline}
  [[ "${peer_state}" != primary ]] || primary_lsn=${peer_lsn}
  note_peer_has_data
  [[ "${peer_system}" != "${own_system}" ]] || note_peer || log_warn "that ${PEER_NAME} exists could not be noted"
}

# Of whichever database system: its volume is not an empty one.
note_peer_has_data() { forget_empty_peer || log_warn "that ${PEER_NAME} has data could not be noted"; }

# Asks the peer beside the loop, and takes the answer when it is there. One question at a time, each with a deadline; where something
# is to be settled a question that hangs is not waited for: it may go to a pod that is gone, or from one that has no network yet.
# Usage: watch_peer SECONDS
watch_peer() {
  local patience=50
  [[ -n "${PEER_HOST}" ]] || return 0
  take_answers
  if [[ -n "${probe_running}" ]]; then
    # A probe ends within its two deadlines; one that did not is not waited for.
    ((now - probe_running > 10)) && probe_running=
    # A new pod's first question is often lost.
    if ((now - ${role_began:-0} < 3)); then patience=30; fi
    if [[ "$1" == 0 || -n "${peer_address}" ]] && ((now_hundredths - asked_hundredths >= patience)); then
      peer_address=
      ask_peer
    fi
    return 0
  fi
  # Who refuses at once is not asked in a circle.
  [[ "${peer_state}" != unknown ]] || ((now_hundredths - ${asked_hundredths:-0} >= 20)) || return 0
  every peer_probe "$1" || return 0
  ask_peer
}

# A question that is under way is not waited for: what it finds may be older than what was just done here. At an address only the peer's
# own answer counts: what anybody else says there, or refuses, says nothing of it.
ask_peer() {
  local address=''
  if [[ -n "${peer_address}" ]] && ((now < peer_address_until)); then address=" hostaddr=${peer_address}"; fi
  : "${asking:=$(peer_connection monitor)}"
  : "${asking_replication:=$(peer_connection replicator replication) replication=true}"
  probe_running=${now} asked_hundredths=${now_hundredths}
  peer_asked=$((peer_asked + 1))
  (
    ask_server "${asking}${address}" "${asking_replication}${address}" notes
    [[ -z "${address}" || $'\n'"${said}" == *$'\n'"instance=${PEER_NAME}"$'\n'* ]] || exit 0
    deliver "${RUNTIME_DIRECTORY}/peer.answer-${peer_asked}" "asked=${peer_asked}"$'\n'"at=${probe_running}"$'\n'"${said}"
  ) &
}

# The peer asks to be looked at, and was seen calling from this address. Its name may lead to its former pod for as long as name servers
# keep what they know: it is asked there until that is over, or it does not answer there.
meet_caller() {
  local address
  read -r _ address _ 2>/dev/null <"${STATE_DIRECTORY}/request.meet" || return 0 # not written yet
  rm -f -- "${STATE_DIRECTORY}/request.meet"
  is_fact "${fact_address}" "${address}" || return 0
  peer_address=${address} peer_address_until=$((now + 30))
  ask_peer
}

# Asks until the peer answers or SECONDS have passed. Usage: meet_peer SECONDS
meet_peer() {
  [[ -n "${PEER_HOST}" ]] || return 0
  local began=${now} question=$((peer_asked + 1))
  peer_state=unknown
  while ((now - began < $1 + 10)); do
    take_answers
    if ((peer_answered >= question)) && { [[ "${peer_state}" != unknown ]] || ((now - began >= $1)); }; then break; fi
    watch_peer 0
    tick
  done
  log_info "peer ${PEER_NAME}: $(describe_peer)"
}

describe_peer() {
  if [[ "${peer_state}" == unknown ]]; then
    printf 'unknown%s' "${peer_reason}"
  else
    printf '%s, timeline %s at %s%s' "${peer_state}" "${peer_timeline}" "${peer_lsn}" "${peer_promise:+, has promised to stay in recovery}"
  fi
}

# An answer is at most as old as its two deadlines and the pause between two questions.
peer_is_fresh() { ((now - peer_seen <= 6)); }

# A reason with the peer's name. Usage: named TEXT
named() { printf '%s\n' "${1//the peer/${PEER_NAME}}"; }

# The facts of decide.sh about the peer, for a timeline and a place here. Usage: peer_facts TIMELINE [LSN]
peer_facts() {
  local order=same first=no
  if [[ -z "${PEER_HOST}" ]]; then
    printf 'peer=none '
  elif [[ "${peer_state}" == unknown ]] && peer_is_fresh && proves_absence "${peer_reason}"; then
    printf 'peer=down '
  elif [[ "${peer_state}" == unknown ]] || ! peer_is_fresh; then
    printf 'peer=unknown '
  elif [[ "${peer_system}" != "${own_system}" ]]; then
    printf 'peer=foreign '
  else
    if [[ -z "$1" ]]; then : "data whose timeline cannot be read"; elif (($1 > peer_timeline)); then order=newer; elif (($1 < peer_timeline)); then order=older; fi
    printf 'peer=%s order=%s intent=%s ' "${peer_state}" "${order}" "${peer_intent}"
    [[ -n "${2:-}" ]] || return 0
    if opens_before "${order}" "$2"; then first=yes; fi
    printf 'first=%s ' "${first}"
  fi
}

# Of two members the one with the higher timeline, then the higher place, then the one named primary. Usage: opens_before ORDER LSN
opens_before() {
  [[ "$1" == same ]] || {
    [[ "$1" == newer ]] && return
    return 1
  }
  is_beyond "$2" "${peer_lsn}" || { ! is_beyond "${peer_lsn}" "$2" && [[ "${INSTANCE_ROLE}" == primary ]]; }
}
