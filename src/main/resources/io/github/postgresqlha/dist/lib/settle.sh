# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (names from NAME.env, roles[] of lib/members.sh; statuses of the questions are their answers)
# Two members in recovery that wait for each other: which of the two goes further. Sourced by failover.sh after lib/loss.sh, never run.

# Two members that see each other settle it within seconds. Where they cannot ask each other, as after the Secret was exchanged while neither was
# primary, they wait for ever; then the one that goes further is promoted.
settle_two() {
  local new lost before
  local -A place=()
  say "$(all_roles): waiting whether they settle it by themselves"
  if wait_until "$((timeout < 30 ? timeout : 30))" one_is_primary; then
    look_at_members
    say "they did: $(all_roles)"
    return
  fi
  look_at_places
  before="${place[*]}"
  new=$(further_of_two)
  lost=$(other_than "${new}")
  say "  ${PRIMARY} goes to $(shown_place "${PRIMARY}"), ${STANDBY} to $(shown_place "${STANDBY}")"
  confirm "keep ${lost} away (scale to 0)" "promote ${new}" "start ${lost} as a standby; what it alone has on an older timeline it keeps and reports"
  look_at_places
  [[ "${place[*]}" == "${before}" ]] || die 1 "what the members have has changed meanwhile: nothing was done, run this again"
  promote_alone "${new}" "${lost}"
}

# Where the WAL of both ends, as SYSTEM TIMELINE LSN, into place[]. A server that still replays does not say what it has.
look_at_places() {
  local member
  require_recovery
  for member in "${PRIMARY}" "${STANDBY}"; do
    wait_until "$((timeout < 15 ? timeout : 15))" has_replayed "${member}" ||
      die 1 "${member} has not replayed all that it has, or its replay is paused (SELECT pg_wal_replay_resume()): run this again when it has"
    place[${member}]=$(position_of "${member}") || die 1 "${member} does not say where its WAL ends: kubectl logs of it says what it waits for"
  done
  [[ "${place[${PRIMARY}]%% *}" == "${place[${STANDBY}]%% *}" ]] ||
    die 1 "${PRIMARY} and ${STANDBY} hold different database systems, ${place[${PRIMARY}]%% *} and ${place[${STANDBY}]%% *}: this cannot choose"
}

has_replayed() {
  [[ "$(sql_of "$1" "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'startup' AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream')" 2>/dev/null)" == 1 ]]
}

# Prints the one on the newer timeline, or the further there; where both have the same, the one that is named primary.
further_of_two() {
  local timeline lsn other_timeline other_lsn
  read -r _ timeline lsn <<<"${place[${PRIMARY}]}"
  read -r _ other_timeline other_lsn <<<"${place[${STANDBY}]}"
  lsn=$(lsn_bytes "${lsn}") other_lsn=$(lsn_bytes "${other_lsn}")
  if ((other_timeline > timeline || (other_timeline == timeline && other_lsn > lsn))); then printf '%s\n' "${STANDBY}"; else printf '%s\n' "${PRIMARY}"; fi
}

shown_place() {
  local timeline lsn
  read -r _ timeline lsn <<<"${place[$1]}"
  printf '%s on timeline %s' "${lsn}" "${timeline}"
}

# While a person reads a plan the members go on.
require_recovery() {
  look_at_members
  both_in_recovery || die 1 "$(all_roles) now: nothing was done, run this again"
}

one_is_primary() { has_role "${PRIMARY}" primary || has_role "${STANDBY}" primary; }

both_in_recovery() {
  local member
  for member in "${PRIMARY}" "${STANDBY}"; do
    [[ "${roles[${member}]}" == standby || "${roles[${member}]}" == undecided ]] || return 1
  done
}
