# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# What Patroni says of itself, what happens when it falls silent, and when it is woken. Sourced by patroni.sh.

# Asks Patroni's REST API once a second, beside the loop; more often while it starts, which clients wait for. A question that was refused, as
# while it starts, is over; one that hangs is not waited for.
watch_patroni() {
  local file="${RUNTIME_DIRECTORY}/patroni.answer.${patroni_pid}" state patroni_role seen unlocked interval=100
  if [[ -s "${file}" ]]; then
    IFS=/ read -r state patroni_role seen unlocked patroni_timeline receiving excused <"${file}" || true
    rm -f -- "${file}"
    probe_pid='' patroni_answered=${now} last_answer=${patroni_role}
    # Its change is counted, not its age by two clocks: a clock that is set tells nothing.
    if [[ "${seen}" != "${dcs_seen}" ]]; then dcs_seen=${seen} dcs_moved=${now}; fi
    take_role "${state}/${patroni_role}"
    if [[ "${unlocked}" != true ]]; then unlocked_since=${now}; fi
  fi
  [[ -z "${probe_pid}" || ! -d "/proc/${probe_pid}" ]] || ((now_hundredths - probe_began > 500)) || return 0
  if [[ "${role}" == starting ]]; then interval=30; fi
  ((now_hundredths - probe_began >= interval)) || return 0
  probe_began=${now_hundredths}
  (
    answer=$(ask_patroni 127.0.0.1 "${patroni_name}") || exit
    deliver "${file}" "${answer}"
  ) &
  probe_pid=$!
}

# Prints "STATE/ROLE/SECONDS_OF_LAST_CONTACT_WITH_THE_API/NO_MEMBER_HOLDS_THE_LOCK/TIMELINE/RECEIVES_WAL/MAY_KEEP_AN_OLD_LOCK". What
# does not match its pattern is left out. Usage: ask_patroni ADDRESS NAME
ask_patroni() {
  local LC_ALL=C body state='' patroni_role='' seen=0 unlocked=false timeline=0 receiving=false excused=false
  body=$(get_state "$1" "$2") && body=${body//$'\n'/} || return 1
  [[ "${body}" =~ \"state\":\ \"([a-z][a-z ]{1,40})\" ]] && state=${BASH_REMATCH[1]}
  [[ "${body}" =~ \"role\":\ \"([a-z][a-z_]{1,30})\" ]] && patroni_role=${BASH_REMATCH[1]}
  [[ "${body}" =~ \"dcs_last_seen\":\ ([1-9][0-9]{0,17})[,}] ]] && seen=${BASH_REMATCH[1]}
  [[ "${body}" =~ \"cluster_unlocked\":\ true ]] && unlocked=true
  [[ "${body}" =~ \"timeline\":\ ([1-9][0-9]{0,8})[,}] ]] && timeline=${BASH_REMATCH[1]}
  [[ "${body}" =~ \"replication_state\":\ \"streaming\" ]] && receiving=true
  [[ "${body}" =~ \"(pause|failsafe_mode_is_active)\":\ true ]] && excused=true
  [[ -n "${state}" ]] || return 1 # no answer is not an answer
  printf '%s/%s/%s/%s/%s/%s/%s\n' "${state}" "${patroni_role}" "${seen}" "${unlocked}" "${timeline}" "${receiving}" "${excused}"
} 2>/dev/null

# Usage: take_role STATE/ROLE, both in Patroni's words
take_role() {
  case $1 in
  running/primary)
    verified='' # its next time as a standby
    note_role primary
    set_role primary
    ;;
  running/replica) set_role standby ;; # noted when it is on the primary's timeline
  'creating replica'/*) set_role cloning ;;
  *) set_role starting ;;
  esac
}

# Usage: shared_setting NAME; a number of the configuration that all members share
shared_setting() { sed -n "s/^$1: //p" "${CONFIG_DIRECTORY}/patroni-dynamic.yml"; }

# What it was where it cannot be read for a moment: a primary that is well is not fenced for that.
find_lock_seconds() {
  local seconds
  seconds=$(shared_setting ttl) || seconds=''
  if is_fact '[1-9][0-9]{0,4}' "${seconds}"; then lock_seconds=${seconds}; fi
}

# A Patroni that hangs cannot stop its PostgreSQL when the lock runs out, so that is done here, before another member can take the
# lock. Its REST API is a thread of its own and may answer for a loop that hangs, so what counts is when that loop last saw the
# Kubernetes API. While failover is paused, or every member has agreed to a primary whose API is silent, an old lock is none of a
# danger, and a loop that answers says so; it does 13 s after the last contact with the default settings.
fence_without_patroni() {
  local patience=5
  [[ "${last_answer}" == primary ]] || return 0
  if ((now - patroni_answered <= 4)); then
    [[ "${excused}" != true ]] || return 0
    patience=4
  fi
  ((now - dcs_moved > 5)) || return 0
  find_lock_seconds
  ((now - dcs_moved > lock_seconds - patience)) || return 0
  log_error "FENCED: Patroni last saw the Kubernetes API $((now - dcs_moved)) s ago, it last answered $((now - patroni_answered)) s ago, and its lock runs out: stopping PostgreSQL"
  stop_leftover_postgres QUIT
  exit 76
}

# Patroni looks after PostgreSQL once in loop_wait; a crash is worth a look at once.
wake_patroni_after_crash() {
  [[ "${role}" == primary || "${role}" == standby ]] || return 0
  if postmaster_pid=$(running_postmaster); then
    crash_seen=
  elif [[ -z "${crash_seen}" ]]; then
    crash_seen=yes
    log_warn "PostgreSQL is gone: waking Patroni"
    wake_patroni &
  fi
}

# Likewise a lock that may have run out: a standby that nobody sends WAL may have lost its primary.
wake_patroni_of_silent_primary() {
  [[ "${role}" == standby && "${receiving}" == false ]] && every silence 1 || return 0
  wake_patroni &
}

# A change of the shared configuration that changes nothing makes Patroni look at once. It takes changes from members' addresses alone.
wake_patroni() {
  local body credentials
  find_lock_seconds
  body="{\"ttl\": ${lock_seconds}}"
  credentials=$({ printf 'patroni:' && api_password; } | tr -d '\n' | base64 -w 0)
  printf 'PATCH /config HTTP/1.0\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' "${credentials}" "${#body}" "${body}" |
    speak_http "${POD_IP}" "${patroni_name}" change >/dev/null
}
