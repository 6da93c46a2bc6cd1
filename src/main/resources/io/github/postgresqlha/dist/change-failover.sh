#!/usr/bin/env bash
# Takes a running installation from manual to automatic failover or back, as the manifests in this folder have it, without losing
# a row: every other member is stopped, the primary, whichever member that is, starts under its new supervisor, then the others
# follow it. Clients cannot write while the primary restarts. Run again after an interruption, it goes on.
#
# Usage: change-failover.sh [OPTIONS]
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a step may take (120)
#   --help
# Examples:
#   ./change-failover.sh          shows the plan and asks
#   ./change-failover.sh --yes    in the folder that was synthesized with the other kind of failover
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/change.sh"

option() { return 1; }

stop_others() {
  local member
  for member in "${others[@]}"; do scale_to "${member}" 0 || return 1; done
  for member in "${others[@]}"; do wait_until "${timeout}" pod_is_gone "${member}" || return 1; done
}

# What runs by the new kind already may be restarting for it. Patroni may have elected another one since the plan was shown, and while the others ended:
# the rows of that one would be left behind.
still_keeps() { [[ "$(failover_of statefulset "${keeper}")" == "${FAILOVER}" ]] || has_role "${keeper}" primary; }

apply_manifests() {
  "${folder}/deploy-${NAME}.sh" --change-failover --namespace "${NAMESPACE}" --context "${context}" --timeout "${timeout}" >/dev/null
}

# Kubernetes replaces no pod that is not ready, and this one is that for good where it lost its lock or was restarted in the moment
# in which the new manifests took Patroni's rights and configuration away.
replace_keeper() {
  local seen
  seen=$(field pod "${keeper}-0" '{.metadata.uid}/{.metadata.labels.controller-revision-hash}/{.metadata.deletionTimestamp}/{.status.conditions[?(@.type=="Ready")].status}')
  [[ "${seen}" == */*//False && "${seen}" != */"$(field statefulset "${keeper}" '{.status.updateRevision}')"/* ]] || return 0
  say "       ${keeper}-0 is not ready, and Kubernetes waits for that: replaced by one of the new specification"
  delete_seen_pod "${keeper}-0" "${seen%%/*}" || true
}

# Nobody else runs now, so the data here is the newest; the new supervisor cannot know that, and is told.
is_open() {
  if [[ "$(failover_of pod "${keeper}-0")" != "${FAILOVER}" ]]; then
    replace_keeper
    return 1
  fi
  case $(role_of "${keeper}") in
  primary) return 0 ;;
  # Manual: silence is no proof that the others are down, and it is known here that they are.
  starting | undecided) in_member "${keeper}" bash -c "printf '$([[ "${FAILOVER}" == automatic ]] || printf down)' >/tmp/promote_trigger" || true ;;
  *) ;;
  esac
  return 1
}

# Patroni's state would let its members start without asking, should it come back one day.
forget_patroni() {
  [[ "${FAILOVER}" == automatic ]] || k delete configmaps -l "postgresqlha.github.io/patroni-scope=${NAME}-patroni" >/dev/null
}

start_others() {
  local member
  for member in ${MEMBERS//:/ }; do [[ "${member}" == "${keeper}" ]] || scale_to "${member}" 1 || return 1; done
  for member in ${MEMBERS//:/ }; do [[ "${member}" == "${keeper}" ]] || joins "${keeper}" "${member}" || return 1; done
}

main() {
  local member
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  find_keeper
  [[ -n "${seen}" ]] || die 1 "nothing of ${NAME} runs in ${NAMESPACE}: ./deploy-${NAME}.sh"
  [[ -n "${keeper}" ]] || die 1 "${seen}: one has to be primary for this; ./failover.sh or ./switchover.sh of the folder that was applied"
  [[ ":${MEMBERS}:" == *":${keeper}:"* ]] || die 1 "${keeper} is primary, and is not in the manifests here: ./switchover.sh --candidate=MEMBER of the folder that was applied first"
  if is_to_be_applied; then
    # Nobody else is opened by a trigger.
    still_keeps || die 1 "${seen}: ${keeper} has to be primary for this"
    confirm "stop every other member of ${NAME}" "apply the manifests here: ${keeper} restarts with ${FAILOVER} failover, clients wait" "start the others"
    still_keeps || die 1 "${keeper} is primary no more: nothing was done, run this again"
    step "stop ${others[*]}" stop_others
    wait_until "${timeout}" still_keeps || die 1 "${keeper} is primary no more, and may lack rows of another one; nothing was applied: kubectl scale statefulset ${others[*]} --replicas=1 --namespace ${NAMESPACE}, and run this again when one is primary"
    step "apply the manifests" apply_manifests
  elif ! is_interrupted && [[ -n "$(member_with_role primary)" ]]; then
    say "failover is ${FAILOVER} already"
    return
  else
    confirm "go on with an earlier change to ${FAILOVER} failover"
  fi
  step "${keeper} is primary with ${FAILOVER} failover" wait_until "${timeout}" is_open
  step "forget what is no longer needed" forget_patroni
  step "the others stream from ${keeper}" start_others
  for member in "${others[@]}"; do
    [[ ":${MEMBERS}:" == *":${member}:"* ]] || say "${member} is not in the manifests and stays stopped: kubectl delete statefulset ${member} --namespace ${NAMESPACE}"
  done
  say "failover is ${FAILOVER}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
