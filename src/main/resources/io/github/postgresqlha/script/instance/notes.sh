# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# What a member durably knows of itself, outside of PGDATA, so that neither a copy nor pg_rewind brings the peer's. Each note returns
# its failure. Sourced by the supervisors.

# That another copy of this data exists: from then on silence is no licence. Never taken back.
note_peer() { [[ -e "${STATE_DIRECTORY}/standby-known" ]] || write_durably "${STATE_DIRECTORY}/standby-known" "${PEER_NAME}"; }

# What instance/empty.sh notes of a peer without data; the first look at one that has some ends it.
forget_empty_peer() { [[ ! -e "${STATE_DIRECTORY}/peer-empty" ]] || remove_durably "${STATE_DIRECTORY}/peer-empty"; }

# Which role this instance last had for sure.
last_role() {
  local noted=''
  { read -r noted <"${STATE_DIRECTORY}/last-role"; } 2>/dev/null || true
  printf '%s\n' "${noted}"
}
note_role() { [[ "$(last_role)" == "$1" ]] || write_durably "${STATE_DIRECTORY}/last-role" "$1"; }

boot_id() {
  local id
  read -r id </proc/sys/kernel/random/boot_id && printf '%s\n' "${id}"
}

# Of this pod: the folder lives as long as the pod does, and outlives its containers.
pod_nonce() {
  local file="${RUNTIME_DIRECTORY}/pod.nonce" pod
  [[ -s "${file}" ]] || cat /proc/sys/kernel/random/uuid >"${file}" || return 1
  read -r pod <"${file}" && printf '%s\n' "${pod}"
}

# The note that lets a crashed primary restart in place: the same pod, on the same start of the node, within seconds of a clock that
# nobody can set. Only a clean stop removes it, durably. It is not written durably: what a power cut loses, it makes void as well.
beat_as_primary() {
  local pod boot
  pod=$(pod_nonce) && boot=$(boot_id) || return 1
  look_at_clock
  deliver_whole "${STATE_DIRECTORY}/primary-heartbeat" "${pod} ${boot} ${now}"
}

# Usage: beat_fact; fresh or stale
beat_fact() {
  local pod='' boot='' at=''
  { read -r pod boot at _ <"${STATE_DIRECTORY}/primary-heartbeat"; } 2>/dev/null || true
  if [[ "${pod}" == "$(pod_nonce)" ]] && [[ "${boot}" == "$(boot_id)" ]] && is_fact "${fact_number}" "${at}" && ((now >= at && now - at <= RESTART_IN_PLACE_SECONDS)); then
    printf fresh
  else
    printf stale
  fi
}

# None is being written after this.
await_beat() {
  [[ -z "${beat_pid:-}" ]] || wait "${beat_pid}" || true
  beat_pid=
}

stop_beating() {
  await_beat
  remove_durably "${STATE_DIRECTORY}/primary-heartbeat" || log_error "${STATE_DIRECTORY}: the heartbeat cannot be removed"
}

# Of what instance/promise.sh publishes: another number where its words mean something else.
protocol_version=1

# What instance/promise.sh publishes; for write_notes.
protocol_notes() {
  printf 'protocol=%s\n' "${protocol_version}"
  [[ "${intent:-none}" == none ]] || printf 'intent=%s\n' "${intent}"
  [[ "${intent:-none}" != opening ]] || printf 'nonce=%s\n' "${nonce}"
  [[ -z "${given_to:-}" ]] || ((given_until <= now)) || printf 'promise=%s\n' "${given_to}"
}
