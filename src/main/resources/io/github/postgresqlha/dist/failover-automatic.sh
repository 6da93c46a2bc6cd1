#!/usr/bin/env bash
# Patroni fails over by itself. This is for when it does not, because no standby is close enough or a member was scaled to 0: it
# has a standby promoted, and the lost member started again. Run again after an interruption, it goes on.
#
# Usage: failover.sh [OPTIONS]
#   --candidate=MEMBER    which standby; without it the one with the most WAL
#   --accept-data-loss=N  go ahead although the standby is known to lack up to N bytes of WAL that the primary had;
#                         "unknown" instead of N: although it cannot be known what it lacks
#   --yes                 do not ask
#   --namespace N         instead of the namespace in the manifests
#   --context C           instead of kubectl's current context
#   --timeout S           seconds that a step may take (120)
#   --help
# Examples:
#   ./failover.sh                                    shows the plan and asks
#   ./failover.sh --yes --accept-data-loss=16384     after a refusal that named 16384 bytes
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/loss.sh"

candidate='' accept_loss=0

option() {
  case $1 in
  --candidate=*)
    candidate=${1#*=}
    require_member --candidate "${candidate}"
    may_be_primary "${candidate}" || die 64 "--candidate: ${candidate} never becomes primary (standby.failoverPriority, standby.applyDelay)"
    ;;
  --accept-data-loss=*) accept_loss=$(accepted_loss "$1") || exit 64 ;;
  *) return 1 ;;
  esac
}

# Starts what was scaled to 0. Usage: take_back PRIMARY
take_back() {
  local member
  for member in ${MEMBERS//:/ }; do
    [[ "$(replicas_of "${member}")" == 0 ]] || continue
    step "start ${member}" scale_to "${member}" 1
    step "${member} streams from $1" joins "$1" "${member}"
  done
  say "$1 is primary"
}

# There is a primary. Usage: go_on PRIMARY
go_on() {
  local member
  for member in ${MEMBERS//:/ }; do
    if [[ "$(replicas_of "${member}")" == 0 ]]; then
      say "$1 is primary, ${member} is scaled to 0"
      confirm "start ${member} as a standby"
      take_back "$1"
      return
    fi
  done
  die 1 "$1 is primary and accepts writes: nothing is to be failed over. Planned: ./switchover.sh"
}

main() {
  local primary missing
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  look_at_members
  primary=$(seen_as primary)
  if [[ -n "${primary}" ]]; then
    go_on "${primary}"
    return
  fi
  candidate=${candidate:-$(most_advanced)}
  [[ -n "${candidate}" ]] || die 1 "$(all_roles): no member serves as standby, so none can be promoted; see replication-status.sh"
  [[ "${roles[${candidate}]}" == standby ]] || die 1 "${candidate} is ${roles[${candidate}]}, not a standby; see replication-status.sh"
  missing=$(loss_under_patroni "${candidate}")
  allow_loss "${candidate}" "the lost primary" "${missing}"
  confirm "have Patroni promote ${candidate}, when the lock of the lost primary has run out" "start what is scaled to 0"
  step "promote ${candidate}" promote "${candidate}"
  take_back "${candidate}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
