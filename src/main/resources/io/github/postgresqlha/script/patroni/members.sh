# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# What a member does about the others: a tie that Patroni does not break, and lost members that Services still know. Sourced by
# patroni.sh.

# What another member's Patroni says. Usage: ask_member HOST SECONDS
ask_member() { timeout "$2" bash -c "PATRONI_PORT=${PATRONI_PORT}; $(declare -f speak_http speak_unverified get_state ask_patroni); ask_patroni $1 $1"; }

# Two members can wait for each other for ever, measured with Patroni 4.0: one on an older timeline that is ahead in WAL, one on
# the newest that was primary for a moment. The newest timeline is the one on which commits were acknowledged last.
break_tie() {
  local host state timeline
  [[ "${role}" == standby && "${FAILOVER_PRIORITY}" != 0 ]] && ((now - unlocked_since > TIE_SECONDS)) && every tie 10 || return 0
  ! patronictl_runs || return 0
  for host in $(other_members); do
    IFS=/ read -r state _ _ _ timeline _ < <(ask_member "${host}" 4) || return 0 # silence is no licence
    [[ "${state}" != running ]] || ((timeline < patroni_timeline)) || return 0
  done
  log_warn "no member has been primary for $((now - unlocked_since)) s, and timeline ${patroni_timeline} here is the newest: asking Patroni to fail over to this member"
  run_patronictl failover "${PATRONI_SCOPE}" --candidate "${INSTANCE_NAME}-0" --force
}

# The pod of a lost node keeps its role label until Kubernetes gives the node up, and meanwhile every other new connection of a
# client would go there and hang. A member that comes back labels its pod anew.
hide_lost_members() {
  local host
  [[ "${role}" == primary ]] && every hiding 5 || return 0
  for host in $(other_members); do hide_if_lost "${host}" & done
}

# Usage: hide_if_lost HOST
hide_if_lost() {
  local pod=${1%%.*} hidden="${RUNTIME_DIRECTORY}/hidden.${1%%.*}"
  if ask_member "$1" 2 >/dev/null || ask_member "$1" 2 >/dev/null; then
    rm -f -- "${hidden}"
  elif [[ ! -e "${hidden}" ]]; then
    "${script_dir}/patroni/ask-api.py" hide "${pod}" || return 0
    : >"${hidden}"
    log_warn "${pod} does not answer: no Service sends clients to it until it does"
  fi
}
