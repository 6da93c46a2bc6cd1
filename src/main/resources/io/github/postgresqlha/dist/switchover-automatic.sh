#!/usr/bin/env bash
# Planned: has Patroni hand the role of primary to a standby, which needs all of the old primary's WAL for that.
#
# Usage: switchover.sh [OPTIONS]
#   --candidate=MEMBER    which standby; without it the first that streams
#   --yes                 do not ask
#   --namespace N         instead of the namespace in the manifests
#   --context C           instead of kubectl's current context
#   --timeout S           seconds that a step may take (120)
#   --help
# Examples:
#   ./switchover.sh                                        shows the plan and asks
#   ./switchover.sh --yes --candidate=postgresql-primary   to one of several standbys
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"

candidate=''

option() {
  case $1 in
  --candidate=*)
    candidate=${1#*=}
    require_member --candidate "${candidate}"
    may_be_primary "${candidate}" || die 64 "--candidate: ${candidate} never becomes primary (standby.failoverPriority, standby.applyDelay)"
    ;;
  *) return 1 ;;
  esac
}

# Usage: first_that_streams PRIMARY
first_that_streams() {
  local member
  for member in ${MEMBERS//:/ }; do
    if [[ "${member}" != "$1" ]] && may_be_primary "${member}" && streams_from "$1" "${member}"; then
      printf '%s\n' "${member}"
      return
    fi
  done
}

main() {
  local primary
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  look_at_members
  primary=$(seen_as primary)
  [[ -n "${primary}" ]] || die 1 "$(all_roles): there is nothing to hand over; ./failover.sh"
  candidate=${candidate:-$(first_that_streams "${primary}")}
  [[ -n "${candidate}" ]] || die 1 "no standby streams from ${primary}; repair that first"
  [[ "${candidate}" != "${primary}" ]] || die 1 "${candidate} is primary already"
  wait_until 10 streams_from "${primary}" "${candidate}" || die 1 "${candidate} is not streaming from ${primary}; repair that first"
  confirm "have Patroni stop ${primary} and promote ${candidate}" "wait until ${primary} streams from it"
  step "promote ${candidate}" promote "${candidate}"
  step "${primary} streams from ${candidate}" joins "${candidate}" "${primary}"
  say "${candidate} is primary, ${primary} is its standby"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
