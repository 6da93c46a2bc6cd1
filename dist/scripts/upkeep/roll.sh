# shellcheck shell=bash
# A stop that waits for its turn. Whoever applies a change of every StatefulSet at once, as GitOps tools do, ends all members at
# once. A primary that is told to stop while no other member streams from it goes on serving until one does again, within its
# grace period: so the others are replaced first and it is the last. A standby never waits, and whoever streams makes a primary stop
# at once. Sourced by the supervisors.

# How long another member has to stream before it takes over: until Kubernetes has seen that it is ready.
ROLL_STEADY_SECONDS=5
# A member whose pod has no address for so long is not being replaced: it was scaled to 0, or its node is gone.
ROLL_ABSENT_SECONDS=15

roll_signal='' roll_began=0 roll_steady_since='' roll_present=0

# True while the stop of this member waits. Asked at every tick from the signal on; a second signal ends the wait.
stop_waits() {
  [[ "${roll_signal}" != over ]] || return 1
  if [[ "${role:?}" != primary ]]; then
    roll_signal=${roll_signal:-${stop_signal:?}}
    end_roll
  elif [[ -z "${roll_signal}" ]]; then
    begin_roll
  elif [[ "${stop_signal}" != waiting ]]; then
    end_roll "told again"
  elif every roll 1; then
    look_for_successor
  fi
}

# Two seconds are enough to see a standby go that was told to stop at the same time: its connection ends with the first of its steps.
begin_roll() {
  local look number
  roll_signal=${stop_signal} stop_signal=waiting
  if [[ -z "${PEER_NAME:-}" || ! -e "${STATE_DIRECTORY:?}/standby-known" ]] || ((${ROLL_SECONDS:?} == 0)); then
    end_roll
    return
  fi
  # What is written now need not be written while nobody serves.
  (local_sql <<<CHECKPOINT >/dev/null 2>&1) &
  for look in {1..8}; do
    number=$(count_successors) || end_roll || return
    ((number > 0)) || break
    ((look == 8)) || read -rt 0.25 -u "${tick_fd:?}" || true
  done
  ((number == 0)) || end_roll || return
  look_at_clock
  roll_began=${now:?} roll_present=${now}
  log_info "signal ${roll_signal}: no other member streams from here; serving on until one does, for at most ${ROLL_SECONDS} s"
}

look_for_successor() {
  local number
  number=$(count_successors) || number=0
  if ((number == 0)); then
    roll_steady_since=
  elif [[ -z "${roll_steady_since}" ]]; then
    roll_steady_since=${now}
  elif ((now - roll_steady_since >= ROLL_STEADY_SECONDS)); then
    end_roll "another member streams again"
    return
  fi
  if others_have_addresses; then roll_present=${now}; fi
  if ((now - roll_began >= ROLL_SECONDS)); then
    end_roll "no other member streams within ${ROLL_SECONDS} s"
  elif ((now - roll_present >= ROLL_ABSENT_SECONDS)); then
    end_roll "no other member has had a pod for ${ROLL_ABSENT_SECONDS} s"
  fi
}

# Always false: the stop goes on. Usage: end_roll [REASON]
end_roll() {
  [[ -z "${1:-}" ]] || log_info "$1: stopping now"
  stop_signal=${roll_signal} roll_signal=over
  return 1
}

# Members that could go on in this one's place: they stream, and lack less than a segment. In manual mode they go by the name of
# their StatefulSet, under Patroni by that of their pod. Fails where the server does not answer.
count_successors() {
  local host pod names="'${PEER_NAME}'" number
  for host in $(other_members); do
    pod=${host%%.*}
    names+=", '${pod}', '${pod%-0}'"
  done
  number=$(SQL_SECONDS=2 local_sql 2>/dev/null <<<"SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name IN (${names})
    AND pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn) < ${wal_segment_bytes:?}") || return 1
  is_fact "${fact_number:?}" "${number}" && printf '%s\n' "${number}"
}

# Whether a pod of another member exists; a name server that does not answer says neither yes nor no. Usage: others_have_addresses
others_have_addresses() {
  local host status
  for host in $(other_members); do
    status=0
    timeout 1 getent ahosts "${host}" >/dev/null || status=$?
    ((status == 2)) || return 0
  done
  return 1
}
