# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# A person's request to open this instance: the trigger file. The intention is published, then the peer is looked at, then
# PostgreSQL is promoted behind a closed gate. Sourced by instance.sh.

promotion_requested() { [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" ]]; }

# A server in recovery beside a transaction of many subtransactions, as of savepoints, takes no connections, for as long as that one
# is open; where its primary is lost, for ever. It can be promoted all the same when it has replayed all that there is: its process
# of recovery has nothing to do for five seconds. PostgreSQL itself refuses to open on less than its data need.
replays_unseen() {
  local children child title ticks fields
  look_at_own_server
  [[ -z "${own_role}" && "${own_reason}" == *'not yet accepting connections'* && "$(control_value 'Database cluster state')" == 'in archive recovery' ]] || return 1
  { read -ra children <"/proc/${postmaster_pid}/task/${postmaster_pid}/children"; } 2>/dev/null || true
  for child in "${children[@]}"; do
    title=$(tr '\0' ' ' 2>/dev/null <"/proc/${child}/cmdline") || true
    [[ "${title}" == *' startup '* ]] || continue
    fields=$(cat -- "/proc/${child}/stat" 2>/dev/null) || return 1
    read -ra fields <<<"${fields##*) }"
    ticks=$((fields[11] + fields[12]))
    if [[ "${child}" != "${idle_process:-}" ]] || ((ticks > idle_ticks + 5)); then idle_process=${child} idle_ticks=${ticks} idle_since=${now}; fi
  done
  [[ -n "${idle_since:-}" ]] && ((now - idle_since >= 5))
}

# The highest timeline that the data here know of. Usage: newest_timeline_here
newest_timeline_here() {
  local timeline file
  timeline=$(control_timeline) || return 1
  for file in "${PGDATA}"/pg_wal/*.history; do
    file=${file##*/} file=${file%.history}
    if is_fact '[0-9A-F]{8}' "${file}" && ((16#${file} > timeline)); then timeline=$((16#${file})); fi
  done
  printf '%s\n' "${timeline}"
}

drop_trigger() {
  rm -rf -- "${RUNTIME_DIRECTORY}/promote_trigger"
  promotion_asked='' promotion_question='' promotion_sent='' renewing=''
}

# A trigger that holds anything but nothing or one of the words force and down is a mistake, and a mistake does not promote.
# Prints asked, force, down, or what is wrong; nothing where the file has just been taken back.
trigger_content() {
  local file="${RUNTIME_DIRECTORY}/promote_trigger" text
  if [[ -e "${file}" && ! -f "${file}" ]]; then
    printf 'not a file'
    return
  fi
  text=$(head -c 64 -- "${file}" 2>/dev/null | tr -d '\0') || {
    ! promotion_requested || printf 'not readable'
    return
  }
  case ${text} in
  '') printf asked ;;
  force | down) printf '%s' "${text}" ;;
  *) printf 'neither empty nor one of the words force and down' ;;
  esac
}

# Once a tick while a trigger is there and this instance is not primary.
handle_promotion() {
  local trigger content decision look=none
  content=$(trigger_content) trigger=asked
  if [[ -z "${content}" ]]; then
    withdraw_promotion
    return
  fi
  if [[ "${content}" == force ]]; then trigger=force; fi
  if ! is_fact 'asked|force|down' "${content}"; then
    log_error "${RUNTIME_DIRECTORY}/promote_trigger is ${content}: ignored and removed"
    forget_promotion
    return
  fi
  if [[ "${renewing}" == unless-answered && "${peer_state}" != unknown ]]; then
    log_info "${PEER_NAME} answers, and has data: this member no longer opens by itself"
    forget_promotion
    return
  fi
  look_at_own_server
  # One of its processes crashed, and it ends.
  [[ "${own_reason}" != *'in recovery mode'* ]] || return 0
  # Who opens by itself is in no hurry: how far its data go is compared with the archive first.
  if [[ "${renewing}" == unless-answered && -z "${own_role}" ]] && ! replays_unseen; then return 0; fi
  # Without a connection, or a WAL sender, for this question: whoever comes first may have taken them all.
  [[ -n "${own_role}" && -n "${own_timeline}" ]] || own_timeline=$(newest_timeline_here) || return 0
  if [[ "${own_role}" == primary ]]; then # an earlier attempt ended late, or somebody promoted it by SQL
    if [[ "${trigger}" == force ]]; then await_opening forced; else await_opening promoted; fi
    return
  fi
  if [[ -z "${promotion_asked}" ]]; then
    log_info "promotion requested${renewing:+ by this member itself}"
    promotion_asked=${now}
  fi
  if [[ "${trigger}" == asked ]] && ((now - promotion_asked >= PROMOTE_PENDING_SECONDS)); then trigger=late; fi
  if [[ -n "${promotion_question}" ]] && ((peer_answered >= promotion_question)) || [[ -z "${PEER_HOST}" ]]; then look=fresh; fi
  # shellcheck disable=SC2046 # facts are words
  decision=$(decide trigger trigger="${trigger}" look="${look}" given="$(promise_given)" $(facts_of_request "${content}"))
  case ${decision%%:*} in
  look) look_before_promotion ;;
  pend) pend "${decision#*: }" ;;
  refuse) refuse_promotion "${decision#*: }" ;;
  promote)
    if [[ "${trigger}" == force ]]; then
      log_warn "promotion is forced: ${PEER_NAME} is not asked"
      intend promoting || log_warn "the intention is not published"
      promote forced
    elif wait_for_last_wal; then
      promote promoted
    fi
    ;;
  *) ;;
  esac
}

# Who looks later sees what is intended here, so the question is asked after it was published. One that is under way is not waited
# for: it may go to a pod that is gone.
look_before_promotion() {
  [[ -z "${promotion_question}" ]] || return 0
  [[ "${intent}" == promoting ]] || intend promoting || return 0
  ask_peer
  promotion_question=${peer_asked}
}

# While the peer says that it is primary: right after it was scaled to 0 it still does for a moment. While it is silent: it may be
# primary behind a network that is cut. Usage: pend REASON
pend() {
  [[ "$(promise_given)" == promise || "${intent}" == promoting ]] || intend promoting || true
  if [[ "${intent}" == promoting ]]; then look_before_promotion; else promotion_question=''; fi
  [[ "$1" == "${pending:-}" ]] || due_at_once promotion_pending
  pending=$1
  if every promotion_pending 10; then
    log_info "promotion pending: $(named "$1")${peer_reason}"
    [[ "${peer_state}" != unknown ]] || log_info "it goes on without ${PEER_NAME} ${PROMOTE_PENDING_SECONDS} s after the request. If you know that ${PEER_NAME} is down, write the word down into the trigger file"
  fi
}

# Usage: refuse_promotion REASON
refuse_promotion() {
  log_error "promotion refused: $(named "$1")${peer_reason}, ${PROMOTE_PENDING_SECONDS} s after the request. Stop it first: kubectl scale statefulset ${PEER_NAME} --replicas=0 -n its namespace, and wait until its pod has ended"
  forget_promotion
}

# The file is gone: whoever asked took it back. The next request counts from its own beginning.
withdraw_promotion() {
  [[ -n "${promotion_asked}" ]] && ! promotion_requested || return 0
  log_info "the request for a promotion was taken back"
  forget_promotion
}

forget_promotion() {
  # What PostgreSQL was told it would still do, after the other one was promised that it does not.
  if [[ -n "${promotion_sent}" ]]; then
    log_warn "PostgreSQL was told to promote itself and has not ended: it is started anew in recovery"
    stop_postgres
    start_in_recovery "${recovery_role}"
  fi
  drop_trigger
  intend_nothing
  # A promotion that did not get further than its preparation left them, and a standby beside them does not find a newer timeline.
  drop_placeholders "${PGDATA}" "$(control_timeline)" || true
}

# A primary that shuts down cleanly sends its last WAL first; the link is down when that is done. A link that died silently
# is not waited for.
wait_for_last_wal() {
  local streaming
  [[ -n "${own_role}" ]] || return 0 # it waits for WAL, and nothing comes
  streaming=$(local_sql <<<"SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')") || return 1
  [[ "${streaming}" == t ]] && ((now - promotion_asked < 3)) && return 1
  return 0
}

# After a look at the own server. Usage: promote promoted|forced|promised
promote() {
  local paused receiver current=${own_timeline}
  [[ "${current}" =~ ^[1-9][0-9]*$ ]] || return 0
  # What the peer has may be newer, and is known by its number only.
  if [[ "${peer_timeline:-}" =~ ^[1-9][0-9]*$ && "${peer_system}" == "${own_system}" ]] && ((peer_timeline > current)); then current=${peer_timeline}; fi
  if awaits_archive_timeline; then return 0; fi
  [[ "${renewing}" != unless-answered ]] || report_archive_beyond
  log_info "promoting"
  IFS='|' read -r paused receiver < <(local_sql <<<'SELECT pg_is_wal_replay_paused(), (SELECT pid FROM pg_stat_wal_receiver)') || true
  [[ "${paused:-}" != t ]] || log_warn "replay is paused: the promotion ends the pause and replays what was received"
  [[ -z "${receiver:-}" ]] || kill -CONT "${receiver}" 2>/dev/null || true # PostgreSQL waits for its end, so it must not be frozen
  close_gate
  { note_role primary && reserve_timelines "${PGDATA}" "${current}" && write_configuration "${PGDATA}" && kill -HUP "${postmaster_pid}"; } || {
    if every promotion_blocked 10; then log_error "${PGDATA%/*} or ${WAL_DIRECTORY}: what must be noted before a promotion cannot be written (full or read-only?): not promoted; give the volume room"; fi
    return 0
  }
  if run_watched promote_now; then
    await_opening "$1"
    settle_opening
    return
  fi
  promotion_sent=yes
  end_hindered_promotion "${own_replayed}"
}

# A query on this member that nothing interrupts holds up the replay of what it reads, and with it the promotion, for as long as whoever
# asked it likes. A start anew ends it. A replay that gets on is left alone. Usage: end_hindered_promotion REPLAYED, before it
end_hindered_promotion() {
  look_at_own_server
  if [[ "${own_role}" != recovery || -z "$1" || "${own_replayed}" != "$1" ]]; then
    log_warn "promotion did not end in time; it goes on, or is tried again"
    return
  fi
  log_warn "promotion did not end in time, and nothing was replayed meanwhile: PostgreSQL is started anew in recovery, and promoted then"
  STOP_SECONDS=10 stop_postgres
  promotion_sent=''
  start_in_recovery "${recovery_role}"
}

# Data that no standby was ever seen of may have been put back in time; then the rows since are in the WAL archive alone.
report_archive_beyond() {
  local name here number text folder
  is_fact "${fact_lsn}" "${own_lsn:-}" && [[ -s "${RUNTIME_DIRECTORY}/archive-ends" ]] || return 0
  here=$(wal_segment "${own_timeline}" "${own_lsn}")
  here=$(wal_segment_number "${here}")
  while IFS= read -r name; do
    if ! is_fact '[0-9A-F]{24}' "${name:0:24}" || ((16#${name:0:8} != own_timeline)); then continue; fi
    number=$(wal_segment_number "${name:0:24}")
    # The one that is being received may hold no more than what is here.
    [[ "${name}" != *.partial ]] || number=$((number - 1))
    ((number >= here)) || continue
    text="the WAL archive has timeline ${own_timeline} up to ${name:0:24}, and the data here end at ${own_lsn}: they were put back in time"
    log_error "ABANDONED: ${text}. What is missing here is in the archive alone: restore-pitr.sh --latest --timeline ${own_timeline} brings it back"
    folder="${WAL_DIRECTORY}/abandoned-${own_timeline}-$(date -u +%Y%m%dT%H%M%SZ)"
    { mkdir -- "${folder}" && write_durably "${folder}/README" "${text}"; } || log_warn "${folder}: the report cannot be kept"
    return
  done <"${RUNTIME_DIRECTORY}/archive-ends"
}

promote_now() {
  local promoted
  if [[ -z "${own_role}" ]]; then
    promote_unseen
    return
  fi
  promoted=$(psql -XAtqw -v ON_ERROR_STOP=1 -h "${SOCKET_DIRECTORY}" -p "${PGPORT}" -U postgres -d postgres -c 'SELECT pg_promote(true, 60)')
  [[ "${promoted}" == t ]]
}

# What pg_promote() does, for a server that takes no connections before.
promote_unseen() {
  local tries
  : >"${PGDATA}/promote" && kill -USR1 "${postmaster_pid}" || return 1
  for ((tries = 0; tries < 600; tries++)); do
    if pg_isready -q -h "${SOCKET_DIRECTORY}" -p "${PGPORT}"; then return; fi
    is_postmaster "${postmaster_pid}" || return 1
    sleep 0.1
  done
  return 1
}
