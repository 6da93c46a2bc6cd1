# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of failover-test.sh; statuses of the checks are their answers)
# The members of a failover drill: who is here, who takes over, what they are asked. Sourced by failover-test.sh.

# Usage: wait_until COMMAND…; until it succeeds or STEP_SECONDS have passed
wait_until() {
  local deadline=$((EPOCHSECONDS + STEP_SECONDS))
  until "$@"; do
    ((EPOCHSECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# Right after a member's return its name is not known everywhere yet.
names_are_known() {
  local i
  fact=() failure=()
  for i in "${!hosts[@]}"; do read_member "${i}"; done
  [[ "${failure[*]:-}" != *'could not translate host name'* ]]
}

instance_of() { printf '%s\n' "${fact[$1_instance]}"; }

# Refuses where the drill would be an outage. A standby that lags little has everything when the primary stops cleanly. Sets here,
# others, and there: the first standby that streams.
require_healthy() {
  local i primary=''
  wait_until names_are_known || die 2 "a member's name is not known after ${STEP_SECONDS} s: ${failure[*]}"
  here='' there='' others=()
  for i in "${!hosts[@]}"; do
    [[ -z "${failure[${i}]:-}" ]] || continue
    [[ "${fact[${i}_role]}" != primary ]] || primary=${i}
    if [[ "${fact[${i}_instance]}" == "${INSTANCE_NAME}" ]]; then here=${i}; else others+=("${i}"); fi
  done
  [[ -n "${here}" ]] || die 1 "${INSTANCE_NAME} does not answer (${failure[*]:-no reason given}); see replication-status.sh"
  [[ "${fact[${here}_role]}" == primary ]] || die 1 "this is not the primary; run it there: ${primary:+kubectl exec ${fact[${primary}_instance]}-0 -n ${POD_NAMESPACE:-NAMESPACE} -- ${BASH_SOURCE[-1]}}"
  for i in "${others[@]}"; do
    [[ "${fact[${i}_role]}" == standby ]] || die 1 "${fact[${i}_instance]} is primary, too; repair that first"
    if [[ -z "${there}" ]] && grep -q "^${fact[${i}_instance]} streaming" <<<"${fact[${here}_senders]:-}"; then there=${i}; fi
  done
  [[ -n "${there}" ]] || die 1 "no standby streams from here (${failure[*]:-all answer}); see replication-status.sh"
}

# Usage: accepts_writes NUMBER
accepts_writes() { [[ "$(timeout 3 psql -XAtqw "$(status_connection "$1" monitor postgres)" -c 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" == t ]]; }

# Usage: streams_from NUMBER STANDBY
streams_from() {
  [[ "$(timeout 3 psql -XAtqw -v name="$2" "$(status_connection "$1" monitor postgres)" 2>/dev/null <<<"SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name IN (:'name', :'name' || '-0') AND state = 'streaming')")" == t ]]
}

# Under Patroni any of the others may be promoted: the one that was is there from then on.
took_over() {
  local i
  for i in "${others[@]}"; do
    if accepts_writes "${i}"; then
      there=${i}
      return
    fi
  done
  return 1
}

# Where Patroni runs it promotes by itself; else the standby is asked to.
have_promoted() {
  [[ -n "${PATRONI_SCOPE:-}" ]] || ask_there promote
  wait_until took_over
}

# A request to the other member's supervisor; it goes through the same guards as one by hand. Usage: ask_there promote|restart
ask_there() { wait_until send_request "$1" || die 2 "$(instance_of "${there}") does not take the request to $1"; }

send_request() {
  timeout 5 psql -XAtqw -v ON_ERROR_STOP=1 "$(status_connection "${there}" rewinder postgres)" -c "SELECT postgresql_ha.request('$1')" >/dev/null
}

# The role of primary back to this member: by its trigger. Under Patroni that is all. Else it stays pending until the primary is
# gone, which therefore restarts cleanly: it comes back in recovery, does not open beside a trigger that is pending, and joins.
ask_back() {
  : >"${runtime}/promote_trigger"
  [[ -n "${PATRONI_SCOPE:-}" ]] || ask_there restart
}
