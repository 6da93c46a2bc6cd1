# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (names from NAME.env, patterns of facts.sh; statuses of the questions are their answers)
# What a promotion would lose: a number only where it can be known, else why not. Sourced by failover.sh after lib/members.sh.

# The answer to --accept-data-loss=N|unknown. Usage: accepted_loss ARGUMENT
accepted_loss() {
  [[ "${1#*=}" == unknown ]] || is_fact "${fact_number}" "${1#*=}" ||
    die 64 "--accept-data-loss: bytes of WAL as a whole number, or unknown, got '${1#*=}'; without the option a refusal names it"
  printf '%s\n' "${1#*=}"
}

# Refuses to lose more than a person has named. Usage: allow_loss NEW LOST BYTES|"unknown REASON"
allow_loss() {
  if [[ "$3" == unknown* ]]; then
    [[ "${accept_loss}" == unknown ]] || die 1 "it is unknown what $1 lacks of $2: ${3#unknown }. Bring $2 back, or lose what cannot be known with --accept-data-loss=unknown"
    say "  unknown what $1 lacks of $2: ${3#unknown }"
    return
  fi
  [[ "${accept_loss}" != unknown || "$3" == 0 ]] || die 1 "$1 lacks $3 bytes of WAL that $2 had: this is known, so say --accept-data-loss=$3"
  [[ "${accept_loss}" == unknown ]] || (($3 <= accept_loss)) || die 1 "$1 lacks $3 bytes of WAL that $2 had: bring that one back, or lose them with --accept-data-loss=$3"
  say "  $1 lacks $3 bytes of what was seen of $2"
}

# Where a standby's WAL ends, as "SYSTEM TIMELINE LSN"; of the timeline that it follows, not of the control file, which is late.
# Usage: position_of STATEFULSET
position_of() {
  local system timeline lsn
  read -r system timeline lsn _ < <(in_member "$1" psql -XAtqw -F ' ' 'user=postgres dbname=postgres replication=database' -c IDENTIFY_SYSTEM 2>/dev/null) || return 1
  is_fact "${fact_system}" "${system}" && is_fact "${fact_timeline}" "${timeline}" && is_fact "${fact_lsn}" "${lsn}" && printf '%s %s %s\n' "${system}" "${timeline}" "${lsn}"
}

# What a member's supervisor noted of the other one, into note[]; the notes are written each ten seconds. Times become ages, by the
# one clock that wrote them: noted_ago, seen_ago (the last answer of the other member), lost_ago (LOST_AT, where Kubernetes knows it).
# Notes without a timeline are of an older version, whose peer_seen was something else. Usage: read_notes STATEFULSET LOST_AT
read_notes() {
  local text
  note=()
  text=$(sql_of "$1" "SELECT E'noted_ago=' || clock - substring(notes FROM 'updated=([0-9]{1,17})')::bigint
      || E'\nseen_ago=' || coalesce(CASE WHEN notes ~ 'peer_timeline=' THEN clock - substring(notes FROM 'peer_seen=([0-9]{1,17})')::bigint END::text, '')
      || E'\nlost_ago=' || coalesce(clock - extract(epoch FROM nullif('$2', '')::timestamptz)::bigint, 0) || E'\n' || notes
    FROM postgresql_ha.instance_state() AS notes, CAST(extract(epoch FROM clock_timestamp()) AS bigint) AS clock" 2>/dev/null) || return 1
  read_facts note "noted_ago=-?(${fact_number})" "seen_ago=-?(${fact_number})" "lost_ago=-?(${fact_number})" "peer_lsn=${fact_lsn}" \
    "peer_timeline=${fact_timeline}" 'peer_state=primary|recovery|unknown' "peer_system=${fact_system}" <<<"${text}"
}

# Written in the last seconds, and after the loss: only then they hold the last that was seen. Usage: notes_are_fresh STATEFULSET LOST_AT
notes_are_fresh() { read_notes "$1" "$2" && are_recent && [[ "${note[peer_state]:-}" != primary ]]; }
are_recent() { [[ -n "${note[noted_ago]:-}" ]] && ((note[noted_ago] >= -15 && note[noted_ago] <= 15)); }

# When a lost member can last have written, as far as Kubernetes knows, and by how many seconds that is late: its container ended,
# its node fell silent, or it was scaled to 0. Nothing where that cannot be told. Usage: lost_at STATEFULSET
lost_at() {
  local waiting ended before node at='' late=0
  IFS='|' read -r waiting ended before node < <(field pod "$1-0" '{.status.containerStatuses[?(@.name=="postgresql")].state.waiting.reason}|{.status.containerStatuses[?(@.name=="postgresql")].state.terminated.finishedAt}|{.status.containerStatuses[?(@.name=="postgresql")].lastState.terminated.finishedAt}|{.spec.nodeName}' 2>/dev/null) || true
  if [[ -n "${ended:-}" ]]; then
    at=${ended}
  elif [[ -n "${waiting:-}" ]]; then
    at=${before}
  elif [[ -n "${node:-}" ]]; then
    # Kubernetes waits for most of a minute before it says so.
    at=$(kubectl --context "${context}" get node "${node}" --ignore-not-found -o 'jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status}{.lastTransitionTime}{end}' 2>/dev/null) || true
    [[ "${at}" == Unknown* ]] && at=${at#Unknown} late=60 || at=
  elif [[ "$(replicas_of "$1" 2>/dev/null)" == 0 ]]; then
    at=$(k get statefulset "$1" --show-managed-fields -o 'jsonpath={.metadata.managedFields[?(@.subresource=="scale")].time}' 2>/dev/null) || true
    at=${at##* }
  fi
  ! is_fact '20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z' "${at}" || printf '%s %s\n' "${at}" "${late}"
}

# Bytes of WAL that LOST was seen to have and NEW has not, or "unknown REASON". What LOST wrote after the last look, a second or two
# before it was lost, nobody can know. Usage: loss NEW LOST
loss() {
  local -A note=()
  local at='' late=0 system timeline lsn bytes unseen
  read -r at late < <(lost_at "$2") || true
  wait_until 12 notes_are_fresh "$1" "${at}" || true
  are_recent || { printf 'unknown %s has written no notes for more than 15 s\n' "$1" && return; }
  read -r system timeline lsn < <(position_of "$1") || { printf 'unknown the end of the WAL of %s cannot be read\n' "$1" && return; }
  ((note[lost_ago] >= 0)) || note[lost_ago]=0
  unseen=$((${note[seen_ago]:-0} - note[lost_ago]))
  bytes=$(($(lsn_bytes "${note[peer_lsn]:-0/0}") - $(lsn_bytes "${lsn}")))
  if [[ "${note[peer_state]:-}" == primary ]]; then
    printf 'unknown %s still sees %s as primary, which may go on writing\n' "$1" "$2"
  elif [[ -z "${note[peer_lsn]:-}" ]]; then
    printf 'unknown %s has not seen %s as primary since it started\n' "$1" "$2"
  elif [[ "${note[peer_system]:-${system}}" != "${system}" ]]; then
    printf 'unknown %s holds another database system than %s\n' "$2" "$1"
  elif [[ "${note[peer_timeline]:-${timeline}}" != "${timeline}" ]]; then
    printf 'unknown %s was on timeline %s, %s is on %s\n' "$2" "${note[peer_timeline]}" "$1" "${timeline}"
  elif [[ -n "${at}" && -n "${note[seen_ago]:-}" ]] && ((unseen > 15 + late)); then
    printf 'unknown %s last saw %s %s s before that was lost\n' "$1" "$2" "${unseen}"
  elif [[ -z "${at}" && -n "${note[seen_ago]:-}" ]] && ((note[seen_ago] > 75)); then
    printf 'unknown %s last saw %s %s s ago, and nothing says when that was lost\n' "$1" "$2" "${note[seen_ago]}"
  else
    printf '%s\n' "$((bytes > 0 ? bytes : 0))"
  fi
}

# The standby that has the most WAL: on the newest timeline, then the furthest there.
most_advanced() {
  local member timeline lsn
  for member in ${MEMBERS//:/ }; do
    if [[ "${roles[${member}]}" != standby ]] || ! may_be_primary "${member}" || ! read -r _ timeline lsn < <(position_of "${member}"); then continue; fi
    printf '%s %s %s\n' "${timeline}" "$(lsn_bytes "${lsn}")" "${member}"
  done | sort -k 1,1n -k 2,2n | tail -n 1 | cut -d ' ' -f 3
}

# What the lost primary last told Patroni, against what the candidate has: bytes, or "unknown REASON". Usage: loss_under_patroni MEMBER
loss_under_patroni() {
  local last ended timeline lsn bytes
  read -r _ timeline lsn < <(position_of "$1") || { printf 'unknown the end of the WAL of %s cannot be read\n' "$1" && return; }
  last=$(field configmap "${PATRONI_SCOPE}-leader" '{.metadata.annotations.optime}') || last=
  # [[TIMELINE, LSN, REASON, TIME], …]: the timelines that ended.
  ended=$(field configmap "${PATRONI_SCOPE}-config" '{.metadata.annotations.history}' | grep -oE '\[[0-9]+,' | tail -n 1 | tr -d '[,') || ended=
  if ! is_fact "${fact_number}" "${last}" || [[ "${last}" == 0 ]]; then
    printf 'unknown the lost primary left no position in ConfigMap %s-leader\n' "${PATRONI_SCOPE}"
  elif is_fact "${fact_timeline}" "${ended}" && ((timeline <= ended)); then
    printf 'unknown %s is on timeline %s, which ended: the lost primary was on a newer one\n' "$1" "${timeline}"
  else
    bytes=$((last - $(lsn_bytes "${lsn}")))
    printf '%s\n' "$((bytes > 0 ? bytes : 0))"
  fi
}
