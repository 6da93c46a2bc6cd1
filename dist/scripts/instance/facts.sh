# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What the peer says of itself. No answer is never a licence: refused, timed out, starting up and an unknown name all read "unknown".
# Sourced by instance.sh.

# One line about a server: "primary SYSTEM TIMELINE LSN - -" or "recovery SYSTEM TIMELINE LSN WAITING STREAMING".
# WAITING: it has replayed all WAL that it has. STREAMING: it receives WAL right now.
# In recovery only the replication protocol tells the timeline that is really replayed; the control file lags behind.
# Usage: position CONNECTION REPLICATION_CONNECTION
position() {
  local state
  state=$(
    timeout 2 psql -XAtqw -F ' ' -v ON_ERROR_STOP=1 "$1" 2>&1 <<'SQL'
SELECT CASE WHEN pg_is_in_recovery() THEN 'recovery' ELSE 'primary' END,
  system_identifier,
  CASE WHEN pg_is_in_recovery() THEN '-' ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int::text END,
  CASE WHEN pg_is_in_recovery() THEN '-' ELSE pg_current_wal_flush_lsn()::text END,
  CASE WHEN NOT pg_is_in_recovery() THEN '-' ELSE EXISTS (SELECT FROM pg_stat_activity
    WHERE backend_type = 'startup' AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))::text END,
  CASE WHEN NOT pg_is_in_recovery() THEN '-' ELSE EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')::text END
FROM pg_control_system();
SQL
  ) || { # the first line has the reason, a later one a hint
    state=${state%%$'\n'*}
    printf 'unknown %s\n' "${state:-no answer within 2 s}" && return
  }
  if [[ "${state}" == recovery* ]]; then
    local system timeline lsn fields
    IFS='|' read -r system timeline lsn _ < <(timeout 2 psql -XAtqw "$2" -c IDENTIFY_SYSTEM 2>/dev/null) || true
    [[ -n "${lsn:-}" ]] || { printf 'unknown in recovery, its timeline cannot be read\n' && return; }
    read -ra fields <<<"${state}"
    state="recovery ${system} ${timeline} ${lsn} ${fields[4]} ${fields[5]}"
  fi
  printf '%s\n' "${state}"
}

local_position() {
  local socket="host=${SOCKET_DIRECTORY} port=${PGPORT} user=postgres dbname=postgres"
  position "${socket}" "${socket} replication=database"
}

# Usage: peer_connection USER [DATABASE]
peer_connection() {
  printf 'host=%s port=%s user=%s dbname=%s passfile=%s connect_timeout=2 application_name=%s' \
    "${PEER_HOST}" "${PEER_PORT}" "$1" "${2:-postgres}" "${passfile}" "${INSTANCE_NAME}"
}

probe_peer() {
  local connection replication
  connection=$(peer_connection monitor) replication=$(peer_connection replicator)
  position "${connection}" "${replication} replication=true"
}

# The answer in peer_state, peer_system, peer_timeline, peer_lsn, peer_waiting; peer_answered is the number of the question,
# peer_seen the time when it was asked.
read_answer() {
  local asked rest
  read -r peer_answered asked rest <"${RUNTIME_DIRECTORY}/peer.answer" || return 0
  rm -f -- "${RUNTIME_DIRECTORY}/peer.answer"
  probe_running=
  peer_seen=${asked}
  peer_reason=
  if [[ "${rest}" == unknown* ]]; then
    if [[ "${peer_state}" == primary ]]; then due_at_once notes; fi # how far it was seen is worth noting at once
    peer_state=unknown peer_reason=" (${rest#unknown })" peer_line=unknown
    return
  fi
  peer_line=${rest}
  read -r peer_state peer_system peer_timeline peer_lsn peer_waiting _ <<<"${rest}"
  if [[ "${peer_state}" == primary ]]; then primary_lsn=${peer_lsn}; fi
  if [[ "${peer_system}" == "$(cat -- "${STATE_DIRECTORY}/had-data" 2>/dev/null)" ]]; then note_peer; fi
}

# Asks the peer beside the loop, and takes the answer when it is there. One question at a time, each with a deadline.
# Usage: watch_peer SECONDS
watch_peer() {
  [[ -n "${PEER_HOST}" ]] || return 0
  [[ ! -s "${RUNTIME_DIRECTORY}/peer.answer" ]] || read_answer
  if [[ -n "${probe_running}" ]]; then
    # A probe ends within its two deadlines; one that did not is not waited for.
    ((EPOCHSECONDS - probe_running > 10)) && probe_running=
    return 0
  fi
  every peer_probe "$1" || return 0
  ask_peer
}

ask_peer() {
  probe_running=${EPOCHSECONDS}
  peer_asked=$((peer_asked + 1))
  (
    answer=$(probe_peer)
    deliver "${RUNTIME_DIRECTORY}/peer.answer" "${peer_asked} ${probe_running} ${answer}"
  ) &
}

# Asks until the peer answers or SECONDS have passed. Usage: meet_peer SECONDS
meet_peer() {
  [[ -n "${PEER_HOST}" ]] || return 0
  local began=${EPOCHSECONDS}
  peer_state=unknown peer_seen=0
  until ((peer_seen >= began)) && { [[ "${peer_state}" != unknown ]] || ((EPOCHSECONDS - began >= $1)); }; do
    ((EPOCHSECONDS - began < $1 + 10)) || break
    watch_peer 0
    tick
  done
  log_info "peer ${PEER_NAME}: ${peer_line}${peer_reason}"
}

peer_is_fresh() { ((EPOCHSECONDS - peer_seen <= 3)); }
