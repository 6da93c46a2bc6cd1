# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of change-failover.sh, names from NAME.env; statuses of the questions are their answers)
# What a change of failover finds: which member keeps the data, and how far an earlier change came. Sourced by change-failover.sh.

# Every member of the running installation; the manifests here may name fewer.
running() { k get statefulsets -l "app.kubernetes.io/instance=${NAME}" -o name | sed 's/.*\///'; }

# The member that keeps the data of this change: the primary; after an interruption the only one that was not stopped. Both are
# looked for among all, so that none of them is a primary unseen. Usage: find_keeper
find_keeper() {
  local member role up=()
  keeper='' others=() seen=''
  for member in $(running); do
    role=$(role_of "${member}")
    [[ "${role}" != unknown* ]] || die "$(status_of_unknown "${role}")" "cannot tell what ${member} is: ${role#unknown }. Nothing was done"
    seen+="${seen:+, }${member} is ${role}"
    if [[ "${role}" == primary ]]; then
      [[ -z "${keeper}" ]] || die 1 "${keeper} and ${member} are primary, both: nothing was done; runbooks/split-brain.md first"
      keeper=${member}
    fi
    [[ "$(replicas_of "${member}")" == 0 ]] || up+=("${member}")
  done
  if [[ -z "${keeper}" ]] && ((${#up[@]} == 1)); then keeper=${up[0]}; fi
  for member in $(running); do [[ "${member}" == "${keeper}" ]] || others+=("${member}"); done
}

# Whether a member runs by another kind of failover than the manifests here have.
is_to_be_applied() {
  local member kind
  for member in ${MEMBERS//:/ }; do
    kind=$(failover_of statefulset "${member}")
    [[ -z "${kind}" || "${kind}" == "${FAILOVER}" ]] || return 0
  done
  return 1
}

# Whether one of them is stopped: an earlier change did not end. Usage: is_interrupted
is_interrupted() {
  local member
  for member in ${MEMBERS//:/ }; do [[ "$(replicas_of "${member}")" != 0 ]] || return 0; done
  return 1
}
