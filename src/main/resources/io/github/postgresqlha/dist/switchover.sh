#!/usr/bin/env bash
# Planned: hands the role of primary to the standby, whichever member that is. The primary is stopped cleanly, the standby has to
# have all of it, then it is promoted, and the former primary joins as a standby. Killed between any two steps, it goes on when it
# is run again.
#
# Usage: switchover.sh [OPTIONS]
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a step may take (120)
#   --help
# Examples:
#   ./switchover.sh                  shows the plan and asks
#   ./switchover.sh --yes            there; once more, and it is back
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"

data=/var/lib/postgresql/data/pgdata

option() { return 1; }

# pg_ctl returns before the supervisor has noticed; the next step asks for its word.
stop_cleanly() {
  in_member "$1" pg_ctl stop -D "${data}" -m fast -t "${timeout}" >/dev/null && wait_until 10 has_role "$1" maintenance
}

start_again() { in_member "$1" pg_ctl start -D "${data}" -t "${timeout}" >/dev/null; }

# The shutdown checkpoint is the last record that the old primary wrote: who has replayed it has everything.
has_everything() {
  local last replayed
  last=$(in_member "$1" pg_controldata -D "${data}" | sed -n 's/^Latest checkpoint location: *//p')
  replayed=$(sql_of "$2" 'SELECT pg_last_wal_replay_lsn()')
  is_fact "${fact_lsn}" "${last}" && is_fact "${fact_lsn}" "${replayed}" && (($(lsn_bytes "${replayed}") > $(lsn_bytes "${last}")))
}

# Usage: receive_everything OLD NEW; where it does not arrive the old primary goes on, and nothing is lost
receive_everything() {
  wait_until 10 has_everything "$1" "$2" && return
  say "  ${2} lacks the last of ${1}: starting ${1} again"
  start_again "$1" || true
  return 1
}

require_standby_is_close() {
  local lag
  wait_until 10 streams_from "$1" "$2" || die 1 "$2 is not streaming from $1; repair that first"
  lag=$(sql_of "$1" "SELECT greatest(0, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::bigint FROM pg_stat_replication WHERE application_name = '$2'")
  is_fact "${fact_number}" "${lag}" || die 1 "it cannot be seen how far $2 is behind; look at replication-status.sh"
  ((lag <= 16777216)) || die 1 "$2 is ${lag} bytes behind; wait until it is within one segment (16777216 bytes)"
  say "  $2 is ${lag} bytes behind"
}

# From here on the old primary is stopped. Usage: finish OLD NEW
finish() {
  if has_role "$1" maintenance && ! has_role "$2" primary; then
    step "$2 has everything" receive_everything "$1" "$2"
    step "promote $2" promote "$2"
  fi
  if has_role "$1" maintenance; then step "start $1 as a standby" start_again "$1"; fi
  step "$1 streams from $2" joins "$2" "$1"
  say "$2 is primary, $1 is its standby"
}

main() {
  local old new
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  look_at_members
  for old in "${PRIMARY}" "${STANDBY}"; do
    new=$(other_than "${old}")
    case "${roles[${old}]} ${roles[${new}]}" in
    "primary standby")
      require_standby_is_close "${old}" "${new}"
      confirm "stop PostgreSQL on ${old}; clients cannot write from here on" "promote ${new}; clients that list both members find it" "start ${old} as a standby"
      step "checkpoint, so that the stop is short" sql_of "${old}" CHECKPOINT
      step "stop ${old}" stop_cleanly "${old}"
      finish "${old}" "${new}"
      return
      ;;
    "maintenance standby" | "maintenance primary")
      say "${old} is stopped: going on with an earlier switchover"
      confirm "promote ${new}, unless it is primary already" "start ${old} as a standby"
      finish "${old}" "${new}"
      return
      ;;
    *) ;;
    esac
  done
  die 1 "$(all_roles): a switchover needs a primary and a standby that streams; without a primary: ./failover.sh"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
