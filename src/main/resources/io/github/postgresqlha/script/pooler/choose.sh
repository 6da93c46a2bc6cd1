# shellcheck shell=bash disable=SC2034,SC2154,SC2310
# (variables of pooler/follow.sh; statuses are answers)
# To which member PgBouncer leads. Sourced by pooler/follow.sh.
#
# Only what a member says of itself counts. One that says nothing is not known: then PgBouncer keeps what it has.

answers=() answered=() answered_at=() leader='' led='' mute_since=''
declare -A paused=() paused_at=()

# Sets chosen to the member that accepts writes, on the highest timeline where two say that they do; to nothing where none does. Clients never
# go back to an older timeline of the same database: the member on the newer one may only be silent, and what the other one commits is lost.
choose_primary() {
  local i
  chosen='' chosen_answer='' older=''
  for i in "${!hosts[@]}"; do
    if says_nothing "${answers[i]}" || is_standby "${answers[i]}"; then continue; fi
    if [[ "${answers[i]#*-}" == "${led#*-}" && "${answers[i]}" < "${led}" ]]; then
      older="${hosts[i]} accepts writes on timeline ${answers[i]%-*}, older than ${led%-*}"
    elif [[ -z "${chosen}" || "${answers[i]}" > "${chosen_answer}" ]]; then
      chosen=${hosts[i]} chosen_answer=${answers[i]}
    fi
  done
}

# Usage: says_nothing ANSWER
says_nothing() { [[ -z "$1" || "$1" == gone || "$1" == mute ]]; }

# Usage: is_standby ANSWER
is_standby() { [[ "$1" == standby || "$1" == disconnected ]]; }

# Sets chosen to the standbys that readers are sent to, with commas; to the primary where none answers and streams; to nothing where that does not
# answer either. One that does not stream may show rows of hours ago, or such as nobody has any more.
choose_readers() {
  local i reading=()
  for i in "${!hosts[@]}"; do
    [[ "${answers[i]}" != standby || ",${POOLER_READ_HOSTS}," != *",${hosts[i]},"* ]] || reading+=("${hosts[i]}")
  done
  choose_primary
  ((${#reading[@]} == 0)) || {
    local IFS=,
    chosen="${reading[*]}"
  }
}

# What the member at HOST says. Usage: says HOST
says() {
  local i
  for i in "${!hosts[@]}"; do
    [[ "${hosts[i]}" != "$1" ]] || printf '%s' "${answers[i]}"
  done
}

# PgBouncer has no target_session_attrs. Sessions with a member that was primary end as soon as their transactions do.
follow_primary() {
  local chosen
  choose_primary
  if [[ -z "${chosen}" ]]; then
    if [[ -n "${older}" ]] && every older_primary 30; then log_warn "${older}, which clients were led to: they wait for that one, and are not led back. Where it is gone for good, restart the pods of the pooler"; fi
    hold_writers
    return
  fi
  if [[ "${led}" != "${chosen_answer}" || "${leader}" != "${chosen}" ]]; then
    led=${chosen_answer}
    replace "${PASSFILE_DIRECTORY}/led" <<<"${led} ${chosen}"
  fi
  if [[ "${chosen}" != "${leader}" ]]; then
    log_info "${chosen} accepts writes${leader:+, after ${leader}}: clients are led there"
    if [[ -n "${leader}" ]]; then
      led_since_write=${now}
      if [[ -n "${POOLER_PRIMARY:-}" ]]; then keep_waiting write change; fi
    fi
    leader=${chosen}
    point write "${POOLER_PRIMARY:-${chosen}}"
    owe write RECONNECT
  fi
  mute_since=''
  if [[ -n "${paused[write]:-}" ]] && is_reached; then
    [[ -z "${POOLER_PRIMARY:-}" ]] || owe write RECONNECT
    let_go write
  fi
}

# A Service leads to the new primary a moment after that says that it is one. Until then it refuses, or leads to the former one, which only reads, and
# sessions that are opened there stay. Where it does not in time, clients are led to the member itself, until the next change.
is_reached() {
  local server said
  [[ -n "${POOLER_PRIMARY:-}" ]] || return 0
  server=$(asking_connection "host=${POOLER_PRIMARY} port=${ports[0]}")
  said=$(timeout 3 psql -XAtqw -d "${server}" -c 'SELECT pg_is_in_recovery()' 2>/dev/null) || true
  [[ "${said}" != f ]] || return 0
  ((now - paused_at[write] >= 20)) || return 1
  log_warn "${POOLER_PRIMARY} does not lead to ${leader}, which accepts writes: clients are led to ${leader} itself"
  point write "${leader}"
}

# The member that clients are led to is a standby now, or no server takes connections there, and no other accepts writes yet: clients wait. By
# itself PgBouncer would give them a session that writes in vain, and would refuse all but the first once a connection failed.
hold_writers() {
  local said
  if [[ -n "${leader}" ]]; then said=$(says "${leader}"); else said=$(say_together); fi
  [[ "${said}" == mute ]] || mute_since=''
  if [[ "${said}" == mute ]]; then
    # It may still be the standby that it said to be; but who refuses this role for good holds nobody for good.
    : "${mute_since:=${now}}"
    if [[ "${paused[write]:-}" != @(standby|unknown) ]] || ((now - mute_since >= 60)); then let_go write; fi
  elif is_standby "${said}"; then
    waits write || log_warn "${leader:-a member} is a standby now, and no member accepts writes: clients wait"
    keep_waiting write standby
  elif waits write; then
    keep_waiting write "${paused[write]}"
  elif [[ "${said}" == gone ]]; then
    log_warn "${leader} takes no connections, and no other member accepts writes: clients wait"
    keep_waiting write gone
  fi
}

# Before a member has accepted writes, clients would be led to the first of them: they wait where one is a standby, and each has said what it is.
say_together() {
  local answer together=''
  for answer in "${answers[@]}"; do
    case ${answer} in
    '') return ;;
    mute) together=mute ;;
    *) [[ "${together}" == mute ]] || ! is_standby "${answer}" || together=standby ;;
    esac
  done
  printf '%s' "${together}"
}

# Whether clients were told to wait; an earlier follower may have told them so as well. Usage: waits POOL
waits() { [[ -n "${paused[$1]:-}" && "${paused[$1]}" != unknown ]]; }

# The same of readers. Usage: hold_readers
hold_readers() {
  local host said
  [[ -n "${readers:-}" ]] || return 0
  for host in ${readers//,/ }; do
    said=$(says "${host}")
    if [[ "${said}" == mute || "${said}" == disconnected ]]; then
      let_go read
      return
    fi
    [[ "${said}" == gone || -n "${paused[read]:-}" ]] || return 0
  done
  [[ -n "${paused[read]:-}" ]] || log_warn "${readers} takes no connections, and no other member does: readers wait"
  keep_waiting read gone
}

# Usage: keep_waiting POOL WHY
keep_waiting() {
  [[ "${paused[$1]:-}" == "$2" ]] || paused_at[$1]=${now}
  paused[$1]=$2
  hold "$1"
}

# Usage: let_go POOL
let_go() {
  [[ -n "${paused[$1]:-}" ]] || return 0
  paused[$1]=
  release "$1"
}

follow_standby() {
  local chosen
  choose_readers
  if [[ -z "${chosen}" ]]; then
    hold_readers
    return
  fi
  if [[ "${chosen}" != "${readers:-}" ]]; then
    ! has_just_lost_its_stream || return 0
    lead_readers
  fi
  unstreamed_at=''
  let_go read
}

# A standby loses its stream a moment before anybody knows that the primary is gone: readers are not led to that one then.
has_just_lost_its_stream() {
  local said
  [[ -n "${readers:-}" ]] || return 1
  said=$(says "${readers%%,*}")
  [[ "${said}" == disconnected ]] || {
    unstreamed_at=''
    return 1
  }
  : "${unstreamed_at:=${now}}"
  ((now - unstreamed_at <= fresh))
}

lead_readers() {
  log_info "readers are led to ${chosen}"
  [[ -z "${readers:-}" ]] || led_since_read=${now}
  readers=${chosen}
  point read "${chosen}"
  owe read RECONNECT
}
