# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What two members tell each other before one of them opens: an intention, which is published before the last look at the other;
# and a promise not to be promoted, which is noted durably, bounded in time, and counted by a clock that nobody can set.
# docs/explanation/roles.md argues it. Sourced by instance.sh.
#
# Both stand in the notes that the peer reads by postgresql_ha.instance_state(): intent=opening nonce=…, intent=promoting,
# promise=… with the nonce of whom it was given.

# Whoever was promised counts from when it asked, and must be open in half of the time; so its right always ends before the promise.
: "${PROMISE_SECONDS:=30}"

# A promise outlives the container. After a restart of the node nobody knows how long it still holds: its whole time.
recall_promise() {
  local nonce boot until
  given_to='' given_until=0
  [[ -e "${STATE_DIRECTORY}/promise" ]] || return 0
  read -r nonce boot until _ <"${STATE_DIRECTORY}/promise" || true
  given_until=$((now + PROMISE_SECONDS))
  if is_fact "${fact_nonce}" "${nonce:-}"; then given_to=${nonce}; fi
  if is_fact "${fact_number}" "${until:-}" && [[ "${boot:-}" == "$(boot_id)" ]] && ((until < given_until)); then given_until=${until}; fi
}

# Usage: give_promise NONCE
give_promise() {
  [[ "${given_to}" != "$1" ]] || ((given_until <= now)) || return 0
  write_durably "${STATE_DIRECTORY}/promise" "$1 $(boot_id) $((now + PROMISE_SECONDS))" || return 1
  given_to=$1 given_until=$((now + PROMISE_SECONDS))
  publish && log_info "${PEER_NAME} may open: this member promises not to be promoted for ${PROMISE_SECONDS} s"
}

# The other is primary: what was promised is fulfilled.
end_promise() {
  [[ -n "${given_to}" ]] || return 0
  remove_durably "${STATE_DIRECTORY}/promise" && given_to='' given_until=0
}

promise_given() { if ((given_until > now)); then printf promise; else printf none; fi; }

# Published anew with another nonce when the time for an answer is over.
ask_for_promise() {
  if [[ "${intent}" == opening ]] && ((now - intent_since < PROMISE_SECONDS / 3)); then return 0; fi
  nonce=$(</proc/sys/kernel/random/uuid)
  log_info "asking ${PEER_NAME} for its promise to stay in recovery"
  intend opening || return 0
  # Where this pod is new, the peer may not find it by its name for a while. Where it does, nothing is lost.
  (timeout 5 psql -XAtqw "$(peer_connection rewinder)" -c "SELECT postgresql_ha.request('meet')" >/dev/null 2>&1) &
}

# Usage: promise_got; counted from before it was asked for
promise_got() {
  if [[ -z "${promised}" && ("${intent}" != opening || "${peer_promise}" != "${nonce}") ]]; then
    printf none
  elif ((now - intent_since < PROMISE_SECONDS / 2)); then
    printf promise
  else
    printf ended
  fi
}

# Usage: intend opening|promoting; published when this returns
intend() {
  intent=$1 intent_since=${now} promised=''
  publish && return
  intent=none
  log_error "what this member intends cannot be published (is ${STATE_DIRECTORY} full or read-only?): it goes no further"
  return 1
}

intend_nothing() {
  [[ "${intent}" != none ]] || return 0
  intent=none promised='' nonce=''
  publish || log_warn "the notes cannot be written"
}

# The notes at once, and none that were begun before.
publish() {
  [[ -z "${notes_pid:-}" ]] || wait "${notes_pid}" 2>/dev/null || true
  notes_pid=
  write_notes
}
