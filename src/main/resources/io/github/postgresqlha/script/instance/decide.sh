#!/usr/bin/env bash
# What a member does, as a pure function: facts in, action and reason out. No clock, no file, no server. The supervisor asks it
# at every step; docs/explanation/roles.md argues it, and a test walks every interleaving of two members over this very table.
# Usage: decide.sh --table            the table, as it is read: SITUATION CONDITION… -> ACTION: REASON
#        decide.sh SITUATION FACT=VALUE…   the decision for these facts
#
# Facts. A fact that is not given has the value "none".
#   data    whole, half             half: a pg_rewind began to write and did not end
#   peer    none, down, unknown, foreign, recovery, primary   what the other member said last; down: nothing, and that proves that
#           its server does not run; unknown: nothing; foreign: of another database system
#   order   newer, same, older      this member's timeline against the peer's
#   first   yes, no                 which of two opens: the higher timeline, then the higher LSN, then the one named primary
#   last    primary, standby        the role that this member last had for sure
#   copied  yes, no                 whether another copy of these data was ever made; no: also where the peer lost it and says so
#   made    yes                     this very start made them, so nobody can have others of the same timeline
#   beat    fresh, stale            a heartbeat as primary of this very pod, at most RESTART_IN_PLACE_SECONDS old
#   intent  opening, promoting      what the peer says that it is about to do
#   stream  yes                     it receives WAL, and gets on
#   stuck   yes                     it neither receives nor replays anything, for STUCK_SECONDS
#   twin    yes                     the primary's timeline of the number here is another one than the one here: one of the two took it again
#   wal     there, gone             whether the primary still has the WAL that it needs; none: cannot be known
#   trigger asked, late, force      a person's request; late: PROMOTE_PENDING_SECONDS old
#   look    fresh                   the peer was asked after this member's intention was published; silence is an answer
#   given   promise                 this member promised the other not to be promoted, and the promise has not run out
#   got     promise, ended          the same from the other side
#   why     alone, place, promised, promoted, forced   by which right it opens; until it serves no commit is acknowledged
# Exit status: 0 decided, 64 bad usage
# shellcheck disable=SC2310,SC2312 # the statuses of its questions are their answers
set -Eeuo pipefail

decision_table() {
  cat <<'TABLE'
start data=half -> rejoin: an earlier pg_rewind did not end
start peer=none -> open-alone: this installation has no standby
start peer=primary twin=yes -> wait: the peer is primary, and its timeline of this number is another one
start last=standby -> follow: it was a standby when it stopped
start peer=foreign -> wait: the peer holds another database system
start peer=primary order=older -> rejoin: the peer is primary on a newer timeline
start peer=primary -> wait: the peer is primary, and this member must see that before it does anything
start intent=promoting -> wait: the peer is being promoted
start beat=fresh -> open-place: restart in place of a primary
start copied=no made=yes -> open-alone: these data were just made
start copied=no -> open-newer: there is no other copy of these data, as far as this member knows
start -> wait: it was primary, and needs the other's promise before it opens
recovery peer=foreign -> wait: the peer holds another database system
recovery peer=primary twin=yes -> copy: the peer is primary, and its timeline of this number is another one
recovery peer=primary stream=yes -> stand: it streams from the primary
recovery peer=primary order=newer -> wait: the primary is on an older timeline than the one here
recovery peer=primary order=older stuck=yes -> rejoin: the primary's timeline is newer, and nothing is received
recovery peer=primary stuck=yes wal=gone -> copy: the primary no longer has the WAL that is needed here
recovery peer=primary stuck=yes -> complain: nothing is received, though the data are the primary's
recovery peer=primary -> wait: it may begin to stream
recovery peer=recovery intent=promoting -> wait: the peer is being promoted
recovery peer=recovery intent=opening first=no -> promise: the peer asks, and may open before this member
recovery peer=recovery given=promise -> wait: the other was promised that it may open
recovery peer=recovery first=yes got=promise -> open: both are in recovery, and the other has promised to stay there
recovery peer=recovery first=yes -> ask: both are in recovery, and this member opens first
recovery -> wait: nobody else is known to be primary, and silence is no licence
trigger given=promise -> pend: the other was promised that it may open
trigger trigger=force -> promote: promotion is forced, and the peer is not asked
trigger peer=foreign -> refuse: the peer holds another database system
trigger peer=primary trigger=late -> refuse: the peer is still primary
trigger peer=primary -> pend: the peer is primary
trigger peer=unknown trigger=asked -> pend: the peer is silent, which is no proof that it is down
trigger look=fresh -> promote: the peer is not primary
trigger -> look: the peer is asked once more, now that it can see what is intended here
opening peer=primary order=older -> yield: the peer is primary on a newer timeline
opening peer=primary order=same first=no -> yield-copy: the peer is primary on the same timeline
opening peer=primary order=same -> look: the peer is primary on the same timeline, and gives way by itself
opening peer=primary why=forced trigger=late -> serve: promotion was forced, and the older primary does not give way
opening peer=primary -> oust: the peer is primary on an older timeline, and gives way
opening why=promised got=ended -> back: the promise ended before this member was open
opening why=promised intent=promoting -> back: the peer is being promoted
opening why=place intent=promoting -> back: the peer is being promoted
opening peer=recovery order=older why=place -> back: the peer has a newer timeline
opening look=fresh -> serve: the peer was asked after this member was open, and nothing speaks against it
opening peer=none -> serve: this installation has no standby
opening -> look: the peer is asked, now that it can see this member open
primary peer=primary order=older -> yield: the peer is primary on a newer timeline
primary peer=primary order=same first=no -> yield-copy: the peer is primary on the same timeline
primary peer=primary order=newer -> oust: the peer is primary on an older timeline
primary peer=recovery order=older -> renew: a member in recovery has a newer timeline than the one that serves
primary -> serve: nothing speaks against it
TABLE
}

# Usage: holds CONDITION FACT=VALUE…
holds() {
  local fact value=none
  for fact in "${@:2}"; do [[ "${fact%%=*}" != "${1%%=*}" ]] || value=${fact#*=}; done
  [[ "${value}" == "${1#*=}" ]]
}

# The first line whose conditions all hold: "ACTION: REASON". Usage: decide SITUATION FACT=VALUE…
decide() {
  local line conditions condition
  while IFS= read -r line; do
    [[ "${line%% *}" == "$1" ]] || continue
    read -ra conditions <<<"${line%% -> *}"
    for condition in "${conditions[@]:1}"; do holds "${condition}" "${@:2}" || continue 2; done
    printf '%s\n' "${line#* -> }"
    return
  done < <(decision_table)
  return 64
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
  case ${1:-} in
  --table) decision_table ;;
  start | recovery | trigger | opening | primary) decide "$@" ;;
  *)
    printf 'usage: decide.sh --table | SITUATION FACT=VALUE…; situations: start recovery trigger opening primary\n' >&2
    exit 64
    ;;
  esac
fi
