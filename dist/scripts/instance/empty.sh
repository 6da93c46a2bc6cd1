# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; questions whose answer is their text)
# A member without data says so at its port. Nothing else tells another one that it may make a new database: a server that does not
# answer, or a pod that is not there, can have data. Sourced by instance.sh with
# instance/silence.sh.

# A volume that ever had data says nothing, though they are gone.
say_empty() {
  local addresses copies
  [[ -n "${PEER_HOST}" && ! -e "${STATE_DIRECTORY}/had-data" ]] && ! has_kept_data || return 0
  if [[ -n "${empty_pid:-}" && -d "/proc/${empty_pid}" ]]; then return; fi
  addresses=$(sed -n "s/^listen_addresses *= *'\([^']*\)'.*/\1/p" "${CONFIG_DIRECTORY}"/*.conf | tail -n 1)
  copies=${TLS_DIRECTORY:+$(tls_copies)}
  perl "${script_dir}/lib/no-data.pl" "${addresses:-*}" "${PGPORT}" "$(name_volume)" ${copies:+"${copies}"} &
  empty_pid=$!
}

# The name that this volume gave itself while it was empty. Another one in its place has another.
name_volume() {
  local file="${STATE_DIRECTORY}/volume" name
  [[ -s "${file}" ]] || write_durably "${file}" "$(</proc/sys/kernel/random/uuid)" || return 0
  read -r name <"${file}" && printf '%s' "${name}"
}

says_no_data() { [[ "${peer_state}" == unknown && "${peer_reason}" == *"${no_data_answer}"* ]] && peer_is_fresh; }

# The volume that the peer says has no data, by its name.
empty_volume() { says_no_data && [[ "${peer_reason}" =~ "${no_data_answer}, volume "([0-9a-f-]{36}) ]] && printf '%s' "${BASH_REMATCH[1]}"; }

# Nobody has newer data than a primary whose peer has none, and it need not ask anybody before it opens again. The note is of one
# volume: a peer that had data since, unseen, and lost them, has another. It goes when the peer is first seen with data.
note_empty_peer() {
  local volume
  volume=$(empty_volume) && [[ "$(cat -- "${STATE_DIRECTORY}/peer-empty" 2>/dev/null)" != "${volume}" ]] || return 0
  write_durably "${STATE_DIRECTORY}/peer-empty" "${volume}" || log_warn "that ${PEER_NAME} has no data could not be noted"
}

# The archive says whether the peer had data since, and was primary, where its volume was put back in time.
is_only_copy() {
  local mine timeline volume
  [[ -e "${STATE_DIRECTORY}/peer-empty" ]] && volume=$(empty_volume) && [[ "$(<"${STATE_DIRECTORY}/peer-empty")" == "${volume}" ]] && mine=$(control_timeline) || return 1
  ! lists_archive || ((now - archive_timeline_began >= 3)) || return 1
  for timeline in $(archive_timelines_noted); do ((timeline <= mine)) || return 1; done
}

# Before the port is the server's.
fall_silent() {
  [[ -n "${empty_pid:-}" ]] || return 0
  kill "${empty_pid}" 2>/dev/null || true
  wait "${empty_pid}" 2>/dev/null || true
  empty_pid=''
}

# What a person wrote for a member without data says nothing about the time when it has some.
drop_early_request() {
  promotion_requested || return 0
  log_warn "the trigger was written while there were no data here, and is removed: it is no request for a promotion"
  drop_trigger
}

# Whether nobody else can have the data: no peer, one that says so, or a person does.
peer_has_no_data() {
  if [[ -z "${PEER_HOST}" || "${peer_reason}" == *"${no_data_answer}"* ]] || { promotion_requested && [[ "$(trigger_content)" == down ]]; }; then return; fi
  if every silent_before_data 30; then log_warn "no data here, and ${PEER_NAME} has not said that it has none${peer_reason}: waiting until it answers. If you know that it has none, write the word down into ${RUNTIME_DIRECTORY}/promote_trigger"; fi
  return 1
}
