#!/usr/bin/env bash
# Unplanned: the primary is gone, the standby takes over. The lost member is kept from coming back until that is done, and then
# joins as a standby. Which of the two is lost is seen, not named. Killed between any two steps, it goes on when it is run again.
# Two members that wait for each other for ever, as with passwords that the roles do not have, are settled as well.
#
# Usage: failover.sh [OPTIONS]
#   --yes                 do not ask
#   --accept-data-loss=N  go ahead although the standby is known to lack up to N bytes of WAL that the primary had;
#                         "unknown" instead of N: although it cannot be known what it lacks
#   --node-is-off         go ahead although the lost member's node does not answer: you know that it is switched off
#   --namespace N         instead of the namespace in the manifests
#   --context C           instead of kubectl's current context
#   --timeout S           seconds that a step may take (120)
#   --help
# Examples:
#   ./failover.sh                                    shows the plan and asks
#   ./failover.sh --yes --accept-data-loss=16384     after a refusal that named 16384 bytes
#   ./failover.sh --yes --node-is-off                the node of the lost member has no power
# Exit status: 0 done, 1 failed or refused, or the lost member does not join, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/loss.sh"
source "${folder}/lib/settle.sh"

accept_loss=0 node_is_off='' unseen_node=''

option() {
  case $1 in
  --accept-data-loss=*) accept_loss=$(accepted_loss "$1") || exit 64 ;;
  --node-is-off) node_is_off=yes ;;
  *) return 1 ;;
  esac
}

# A pod on a node that does not answer may still run. Who may not read nodes cannot see that; its pod then has to end. Usage: require_node LOST
require_node() {
  local node ready
  node=$(field pod "$1-0" '{.spec.nodeName}')
  [[ -n "${node}" && -z "${node_is_off}" ]] || return 0
  if ! ready=$(kubectl --context "${context}" get node "${node}" --ignore-not-found -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>&1); then
    unseen_node=${node}
    say "  note: it cannot be seen whether node ${node} of $1 is off: $(last_line "${ready}")"
  elif [[ "${ready}" != True ]]; then
    die 1 "node ${node} of $1 does not answer: its PostgreSQL may still accept writes. Switch it off, then --node-is-off"
  fi
}

keep_away() {
  scale_to "$1" 0 || return 1
  [[ -z "${node_is_off}" ]] || return 0
  wait_until "${timeout}" pod_is_gone "$1" && return
  [[ -z "${unseen_node}" ]] || say "pod $1-0 has not ended within ${timeout} s. Ask who may read nodes whether ${unseen_node} is on: if it is, wait for the pod to end; if you know that it is off, --node-is-off" >&2
  return 1
}

# Usage: take_back LOST NEW
take_back() {
  step "start $1" scale_to "$1" 1
  if [[ -n "${node_is_off}" ]]; then
    say "$2 is primary; $1 joins as its standby when its node is back"
    return
  fi
  step "$1 streams from $2" join "$1" "$2"
  say "$2 is primary, $1 is its standby"
}

# The failover is done, whatever becomes of the lost member. Usage: join LOST NEW
join() {
  joins "$2" "$1" && return
  roles[$1]=$(role_of "$1")
  die 1 "$2 is primary; $1 does not join it within ${timeout} s. $(remedy "$1")"
}

# For a member that does not join, by its role. Usage: remedy LOST
remedy() {
  case ${roles[$1]} in
  silent | gone) printf '%s is %s: if its volumes are lost, ./rebuild-standby.sh --delete-volumes; else kubectl describe pod %s-0 -n %s\n' "$1" "${roles[$1]}" "$1" "${NAMESPACE}" ;;
  cloning | rejoining | starting) printf '%s is %s: its log says how far; it joins when that is done\n' "$1" "${roles[$1]}" ;;
  unknown*) printf 'it cannot be seen what %s is: %s\n' "$1" "${roles[$1]#unknown }" ;;
  *) printf '%s is %s: its log says why; a new copy: ./rebuild-standby.sh\n' "$1" "${roles[$1]}" ;;
  esac
}

# Usage: go_on LOST NEW
go_on() {
  if [[ "$(replicas_of "$1")" != 0 ]]; then
    [[ "${roles[$1]}" == standby ]] || die 1 "$2 is primary and accepts writes: nothing is to be failed over. $(remedy "$1")"
    die 1 "$2 is primary and accepts writes: nothing is to be failed over. Planned: ./switchover.sh"
  fi
  say "$2 is primary, $1 is kept away: going on with an earlier failover"
  confirm "start $1 as a standby"
  take_back "$1" "$2"
}

# A member that was just scaled to 0 serves until its pod ends: up to a minute while no standby follows, and then it shuts down.
await_stopping() {
  local member
  for member in "${PRIMARY}" "${STANDBY}"; do
    case ${roles[${member}]} in
    primary | stopping) ;;
    *) continue ;;
    esac
    [[ "$(replicas_of "${member}")" == 0 ]] || continue
    say "${member} is ${roles[${member}]} and scaled to 0: waiting until its pod has ended"
    wait_until "$((2 * timeout))" pod_is_gone "${member}" || die 1 "pod ${member}-0 is being stopped and has not ended within $((2 * timeout)) s: wait until it has, and run this again"
    look_at_members
  done
}

# Usage: promote_alone NEW LOST
promote_alone() {
  step "keep $2 away" keep_away "$2"
  step "promote $1" promote "$1" down
  take_back "$2" "$1"
}

main() {
  local new='' lost member missing
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  look_at_members
  await_stopping
  for member in "${PRIMARY}" "${STANDBY}"; do
    lost=$(other_than "${member}")
    case "${roles[${member}]} ${roles[${lost}]}" in
    primary\ *)
      go_on "${lost}" "${member}"
      return
      ;;
    "standby silent" | "standby gone" | "undecided silent" | "undecided gone" | "standby maintenance") new=${member} ;;
    *) ;;
    esac
  done
  if [[ -z "${new}" ]] && both_in_recovery; then
    settle_two
    return
  fi
  [[ -n "${new}" ]] || die 1 "$(all_roles): no standby waits for a lost primary. A member that cannot start is made to go with kubectl scale statefulset NAME --replicas=0; one that is cloning or rejoining has no complete copy"
  lost=$(other_than "${new}")
  require_node "${lost}"
  missing=$(loss "${new}" "${lost}")
  allow_loss "${new}" "${lost}" "${missing}"
  confirm "keep ${lost} away (scale to 0), so that it cannot come back meanwhile" "promote ${new}" "start ${lost} as a standby"
  if [[ -z "${yes}" ]]; then
    look_at_members
    [[ -z "$(seen_as primary)" ]] || die 1 "$(all_roles) now: nothing was done, run this again"
  fi
  promote_alone "${new}" "${lost}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
