#!/usr/bin/env bash
# Patroni fails over by itself. This is for when it does not, because no standby is close enough or a member was scaled to 0: it
# has a standby promoted, and the lost member started again. Run again after an interruption, it goes on.
#
# Usage: failover.sh [OPTIONS]
#   --candidate=MEMBER    which standby; without it the one with the most WAL
#   --accept-data-loss=N  go ahead although the standby is known to lack up to N bytes of WAL that the primary had
#   --yes                 do not ask
#   --namespace N         instead of the namespace in the manifests
#   --context C           instead of kubectl's current context
#   --timeout S           seconds that a step may take (120)
#   --help
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/procedure.sh"

candidate='' accept_loss=0

option() {
  case $1 in
  --candidate=*) candidate=${1#*=} ;;
  --accept-data-loss=*) accept_loss=$(bytes_of "$1") || exit 64 ;;
  *) return 1 ;;
  esac
}

received() { sql_of "$1" "SELECT coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn" 2>/dev/null; }

# The standby that has the most WAL.
most_advanced() {
  local member
  for member in ${MEMBERS//:/ }; do
    ! has_role "${member}" standby || printf '%s %s\n' "$(received "${member}")" "${member}"
  done | sort -n | tail -n 1 | cut -d ' ' -f 2
}

# What the lost primary last told Patroni, against what the candidate has. Usage: require_no_loss MEMBER
require_no_loss() {
  local last missing
  last=$(field configmap "${PATRONI_SCOPE}-leader" '{.metadata.annotations.optime}')
  missing=$((${last:-0} - $(received "$1")))
  ((missing > 0)) || missing=0
  allow_loss "$1" "${missing}"
}

# Starts what was scaled to 0. Usage: take_back PRIMARY
take_back() {
  local member
  for member in ${MEMBERS//:/ }; do
    [[ "$(replicas_of "${member}")" == 0 ]] || continue
    step "start ${member}" k scale statefulset "${member}" --replicas=1 >/dev/null
    step "${member} streams from $1" joins "$1" "${member}"
  done
  say "$1 is primary"
}

main() {
  local primary member
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  primary=$(member_with_role primary)
  if [[ -n "${primary}" ]]; then
    for member in ${MEMBERS//:/ }; do
      if [[ "$(replicas_of "${member}")" == 0 ]]; then
        say "${primary} is primary, ${member} is scaled to 0"
        confirm "start ${member} as a standby"
        take_back "${primary}"
        return
      fi
    done
    die 1 "${primary} is primary and accepts writes: nothing is to be failed over. Planned: ./switchover.sh"
  fi
  candidate=${candidate:-$(most_advanced)}
  [[ -n "${candidate}" ]] || die 1 "no member serves as standby: nothing can be promoted; see replication-status.sh"
  has_role "${candidate}" standby || die 1 "${candidate} is $(role_of "${candidate}"), not a standby; see replication-status.sh"
  require_no_loss "${candidate}"
  confirm "have Patroni promote ${candidate}, when the lock of the lost primary has run out" "start what is scaled to 0"
  step "promote ${candidate}" promote "${candidate}"
  take_back "${candidate}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
