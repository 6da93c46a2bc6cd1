# shellcheck shell=bash disable=SC2034,SC2154,SC2312
# (variables of pooler/follow.sh, the environment; a member that does not answer is an answer)
# What each member says of itself, twice a second, over a session that stays. Sourced by pooler/follow.sh.

# How old an answer may be, in seconds.
fresh=3

# A standby that streams, one that does not, or the timeline that a primary writes and its database system: of two primaries the one on the higher
# timeline is the newer. Of one whose session has ended: gone where no server takes connections, mute where one does and gives no other.
question="SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '-' || system_identifier
  WHEN EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 'standby' ELSE 'disconnected' END FROM pg_control_system()"
fact_answer='gone|mute|standby|disconnected|[0-9A-F]{8}-[1-9][0-9]{0,19}'

# Beside the loop, each member by itself: one that does not answer keeps nobody waiting.
ask_all() {
  local i
  askers=()
  mkdir -p -- "${PASSFILE_DIRECTORY}/answers"
  for i in "${!hosts[@]}"; do
    keep_asking "host=${hosts[i]} port=${ports[i]:-${ports[0]}}" "${PASSFILE_DIRECTORY}/answers/${i}" &
    askers+=("$!")
  done
}

# Nobody would notice that a member is no longer asked: it would be silent for ever.
check_askers() {
  local asker
  for asker in "${askers[@]}"; do [[ -d "/proc/${asker}" ]] || die 1 "a process that asks a member has ended: starting anew"; done
}

# For ever. Usage: keep_asking SERVER FILE; SERVER as a connection string has it
keep_asking() {
  local asked='' end='' silent='' noted began
  # A loop that waits for its session ends with it.
  trap 'end=yes; [[ -z "${asked}" ]] || kill "${asked}" 2>/dev/null' TERM
  while [[ -z "${end}" ]]; do
    noted='' began=${SECONDS}
    note_answers "$2" < <(session "$1") &
    asked=$!
    wait "${asked}" || true
    # One that is refused, or gets no answer to its login, ends within its deadlines.
    ((SECONDS - began < 5)) || silent=''
    [[ -n "${end}" ]] || note_ending "$1" "$2"
    sleep 1 &
    asked=$!
    wait "${asked}" || true
  done
}

# Usage: asking_connection SERVER; SERVER as a connection string has it
asking_connection() {
  local security
  security=$(connection_security)
  printf '%s dbname=postgres user=%s application_name=pooler connect_timeout=2 %s tcp_user_timeout=3000%s' "$1" "${PGUSER}" "${silence_limits}" "${security}"
}

# One that fails tells nobody: PgBouncer's own log does, and the log names a change.
session() {
  local server
  server=$(asking_connection "$1")
  exec timeout --foreground 3600 psql -XAtqw -d "${server}" 2>/dev/null <<<"${question//$'\n'/ } \\watch 0.5"
}

# Nothing from outside is used before it matched its pattern. Usage: note_answers FILE
note_answers() {
  local answer
  while IFS= read -r answer; do
    if is_fact "${fact_answer}" "${answer}"; then note_answer "${answer}" "$1"; fi
  done
}

# A server that takes connections may serve clients, though it refuses this role. The first session that ends so says nothing: it may have been its
# time, or the server began to take connections just after. Whoever answers there is not verified: it is told no password, and one that is asked for
# is an answer. Usage: note_ending SERVER FILE
note_ending() {
  if ! PGPASSFILE="${PASSFILE_DIRECTORY}/none" timeout 3 pg_isready -q -t 2 -d "$1 dbname=postgres"; then
    silent=''
    note_answer gone "$2"
  elif [[ -n "${silent}" ]]; then
    note_answer mute "$2"
  else
    silent=yes
  fi
}

# What is new is looked at at once. Usage: note_answer ANSWER FILE
note_answer() {
  look_at_clock
  printf '%s %s\n' "$1" "${now}" >"$2"
  [[ "$1" == "${noted:-}" ]] || printf '\n' >&"${clock}"
  noted=$1
}

# Sets answers to what each member said lately; nothing where it did not. A file that is just being written says what it said before.
read_answers() {
  local i answer at
  for i in "${!hosts[@]}"; do
    answer='' at=''
    read -r answer at 2>/dev/null <"${PASSFILE_DIRECTORY}/answers/${i}" || true
    if is_fact "${fact_answer}" "${answer}" && [[ "${at}" =~ ^[0-9]{1,10}$ ]]; then answered[i]=${answer} answered_at[i]=${at}; fi
    answers[i]=''
    if ((now - ${answered_at[i]:--100} <= fresh)); then answers[i]=${answered[i]}; fi
  done
}
