#!/usr/bin/env bash
# Takes a running installation from manual to automatic failover or back, as the manifests in this folder have it, without losing
# a row: every other member is stopped, the primary starts under its new supervisor, then the others follow it. Clients cannot
# write while the primary restarts. Run again after an interruption, it goes on.
#
# Usage: change-failover.sh [OPTIONS]
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a step may take (120)
#   --help
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/procedure.sh"

option() { return 1; }

# Every member of the running installation but the one named primary; the manifests here may name fewer.
others() {
  k get statefulsets -l "app.kubernetes.io/instance=${NAME}" -o name | sed 's/.*\///' | grep -vxF -- "${PRIMARY}" || true
}

stop_others() {
  local member
  for member in $(others); do k scale statefulset "${member}" --replicas=0 >/dev/null || return 1; done
  for member in $(others); do wait_until "${timeout}" pod_is_gone "${member}" || return 1; done
}

apply_manifests() {
  "${folder}/deploy-${NAME}.sh" --change-failover --namespace "${NAMESPACE}" --context "${context}" --timeout "${timeout}" >/dev/null
}

# Nobody else runs now, so the data here is the newest; the new supervisor cannot know that, and is told.
open_primary() { wait_until "${timeout}" is_open; }

is_open() {
  local role
  runs_here || return 1
  role=$(role_of "${PRIMARY}")
  case ${role} in
  primary) return 0 ;;
  starting | undecided) in_member "${PRIMARY}" touch /tmp/promote_trigger || true ;;
  *) ;;
  esac
  return 1
}

# Whether the primary's pod runs what the manifests here have.
runs_here() { [[ "$(failover_of pod "${PRIMARY}-0")" == "${FAILOVER}" ]]; }

# Patroni's state would let its members start without asking, should it come back one day.
forget_patroni() {
  [[ "${FAILOVER}" == automatic ]] || k delete configmaps -l "postgresqlha.github.io/patroni-scope=${NAME}-patroni" >/dev/null
}

start_others() {
  local member
  for member in $(standbys); do k scale statefulset "${member}" --replicas=1 >/dev/null || return 1; done
  for member in $(standbys); do joins "${PRIMARY}" "${member}" || return 1; done
}

main() {
  local now member
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  now=$(failover_of statefulset "${PRIMARY}")
  [[ -n "${now}" ]] || die 1 "there is no ${PRIMARY} in ${NAMESPACE}: ./deploy-${NAME}.sh"
  if [[ "${now}" != "${FAILOVER}" ]]; then
    has_role "${PRIMARY}" primary || die 1 "${PRIMARY} is $(role_of "${PRIMARY}"), it has to be primary for this: ./switchover.sh of the folder that was applied"
    confirm "stop every other member of ${NAME}" "apply the manifests here: ${PRIMARY} restarts with ${FAILOVER} failover, clients wait" "start the others"
    step "stop $(others | tr '\n' ' ')" stop_others
    step "apply the manifests" apply_manifests
  elif [[ "$(replicas_of "${STANDBY}")" != 0 ]] && [[ -n "$(member_with_role primary)" ]]; then
    say "failover is ${FAILOVER} already"
    return
  else
    confirm "go on with an earlier change to ${FAILOVER} failover"
  fi
  step "${PRIMARY} is primary with ${FAILOVER} failover" open_primary
  step "forget what is no longer needed" forget_patroni
  step "the others stream from ${PRIMARY}" start_others
  for member in $(others); do
    [[ ":${MEMBERS}:" == *":${member}:"* ]] || say "${member} is not in the manifests and stays stopped: kubectl delete statefulset ${member} --namespace ${NAMESPACE}"
  done
  say "failover is ${FAILOVER}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
