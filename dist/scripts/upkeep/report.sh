# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# What only this container can see, noted for postgresql_ha.instance_state() and the health check. Sourced by the supervisors after
# lib/facts.sh.

# What matches, as "PREFIXkey=VALUE" lines, and the keys of what does not in PREFIXrefused. Usage: note_record PREFIX FILE key=PATTERN…
note_record() {
  local prefix=$1 key
  local -A record=()
  read_record "$2" record "${@:3}"
  for key in "${!record[@]}"; do printf '%s%s=%s\n' "${prefix}" "${key}" "${record[${key}]}"; done
  [[ -z "${facts_refused}" ]] || printf '%srefused=%s\n' "${prefix}" "${facts_refused}"
}

# What a shown text may hold.
note_text='[^[:cntrl:]]*'

# Usage: note_chain_break FILE
note_chain_break() {
  local -A broken=()
  read_record "$1" broken missing_from="${fact_lsn}" missing_to="${fact_lsn}" since="${fact_instant}"
  printf 'chain_broken=MISSING_FROM %s MISSING_TO %s SINCE %s\n' "${broken[missing_from]:-unknown}" "${broken[missing_to]:-unknown}" "${broken[since]:-unknown}"
}

# What is gone from outside of the cluster. Usage: note_vanished_copies FILE
note_vanished_copies() {
  local -A gone=()
  read_record "$1" gone since="${fact_instant}" files="${fact_number}" lost="${fact_number}"
  printf 'offsite_vanished=%s files since %s, %s of them not here either\n' "${gone[files]:-unknown}" "${gone[since]:-unknown}" "${gone[lost]:-unknown}"
}

# The newest base backup, what the WAL archiver does, and WAL that is missing.
note_repository() {
  local newest wal="${BACKUP_DIRECTORY}/wal"
  local -A base_record=()
  newest=$(compgen -G "${BACKUP_DIRECTORY}/base/postgresql_base_*/base.env" | tail -n 1) || true
  if [[ -n "${newest}" ]]; then
    read_record "${newest}" base_record name='postgresql_base_[0-9]{8}_[0-9]{6}' finished='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'
    [[ -z "${base_record[name]:-}" ]] || printf 'newest_base=%s\n' "${base_record[name]}"
    [[ -z "${base_record[finished]:-}" ]] || printf 'newest_base_epoch=%s\n' "$(date -u -d "${base_record[finished]}" +%s 2>/dev/null || true)"
    [[ -z "${facts_refused}" ]] || printf 'newest_base_refused=%s\n' "${facts_refused}"
  fi
  note_record archiver_ "${wal}/archiver.state" state="${fact_word}" segment='([0-9A-F]{24})?' updated="${fact_number}" base_leads='(yes|no)?'
  note_record restore_test_ "${BACKUP_DIRECTORY}/proof/restore-test.env" result='good|failed|running' ends_by_epoch="(${fact_number})?" reason="${note_text}" last_good_epoch="(${fact_number})?" |
    sed 's/^restore_test_last_good_epoch=/restore_test_good_epoch=/'
  note_record retention_ "${BACKUP_DIRECTORY}/retention-skipped" since_epoch="${fact_number}"
  note_record offsite_ "${BACKUP_DIRECTORY}/offsite/last-copy.env" finished_epoch="${fact_number}" | sed 's/^offsite_finished_epoch=/offsite_epoch=/'
  [[ ! -s "${BACKUP_DIRECTORY}/offsite/vanished" ]] || note_vanished_copies "${BACKUP_DIRECTORY}/offsite/vanished"
  [[ ! -s "${wal}/chain-broken" ]] || note_chain_break "${wal}/chain-broken"
}

# Sets used to a volume's percent and free to its bytes, or to nothing where it does not say. Usage: look_at_volume FOLDER
look_at_volume() {
  local text
  text=$(df --output=pcent,avail -B1 -- "$1" 2>/dev/null) || text=''
  used='' free=''
  if [[ "${text##*$'\n'}" =~ ^\ *([0-9]+)%\ +([0-9]+)$ ]]; then used=${BASH_REMATCH[1]} free=${BASH_REMATCH[2]}; fi
}

# Usage: list_volume NAME FOLDER
list_volume() {
  local used free
  look_at_volume "$2"
  printf '%s_used_percent=%s\n%s_free_bytes=%s\n' "$1" "${used}" "$1" "${free}"
}

# Folders of WAL, and of data that could not be kept otherwise.
count_abandoned() {
  local folder count=0
  for folder in "${WAL_DIRECTORY}"/abandoned-* "${PGDATA}".abandoned-*; do
    if [[ -d "${folder}" && "${folder}" != *.partial ]]; then ((++count)); fi
  done
  printf '%s\n' "${count}"
}

# When the certificate ends that the server uses; nothing where there is none.
note_certificate() {
  local folder end
  [[ -n "${TLS_DIRECTORY:-}" ]] || return 0
  folder=$(tls_copies)
  end=$(end_of_certificate "${folder}") && [[ -n "${end}" ]] || return 0
  end=$(date -u -d "${end}" +%s 2>/dev/null) || return 0
  printf 'certificate_end_epoch=%s\n' "${end}"
}

# What the volumes and the repository hold. It costs many processes, so it is measured now and then and kept.
list_figures() {
  local newest
  printf 'abandoned=%s\n' "$(count_abandoned)"
  list_volume data "${PGDATA}"
  list_volume wal "${WAL_DIRECTORY}"
  list_measures
  note_certificate
  [[ -n "${BACKUP_DIRECTORY:-}" && -d "${BACKUP_DIRECTORY:-}" ]] || return 0
  list_volume backup "${BACKUP_DIRECTORY}"
  newest=$(compgen -G "${BACKUP_DIRECTORY}/postgresql_backup_*.sql.gz" | tail -n 1) || true
  if [[ -n "${newest}" ]]; then
    printf 'newest_backup=%s\n' "${newest##*/}"
    stat -c $'newest_backup_epoch=%Y\nnewest_backup_bytes=%s' -- "${newest}" || true
  fi
  note_repository
}

# Usage: measure; with the time, by which they are known to be old
measure() {
  local text
  text=$(list_figures)
  deliver_whole "${RUNTIME_DIRECTORY}/figures" "${now}"$'\n'"${text}"
}

# Prints the figures; fails where they are older than two minutes, as on a volume that hangs, or not there.
recent_figures() {
  local at='' text=''
  { IFS= read -r at && IFS= read -rd '' text; } 2>/dev/null <"${RUNTIME_DIRECTORY}/figures" || true
  is_fact "${fact_number}" "${at}" && ((now >= at && now - at <= 120)) && printf '%s' "${text}"
}

# Usage: list_notes
list_notes() {
  printf 'instance=%s\nsupervisor_role=%s\nrole_since=%s\nupdated=%s\n' "${INSTANCE_NAME}" "${role}" "${role_since}" "${EPOCHSECONDS}"
  protocol_notes
  printf 'peer_state=%s\npeer_system=%s\npeer_timeline=%s\npeer_lsn=%s\n' "${peer_state}" "${seen_system}" "${seen_timeline}" "${primary_lsn}"
  [[ -z "${last_seen}" ]] || printf 'peer_seen=%s\n' "$((EPOCHSECONDS - now + last_seen))"
  if [[ "${role}" == primary && -n "${DATA_DURABILITY}" ]]; then printf 'durability=%s\n' "${degraded:+degraded}"; fi
  recent_figures || true
}

# For postgresql_ha.instance_state(). The text is padded to one size: on a full volume only what is there can be written over, and
# notes that grow would need room. Where that fails too, the old ones stay, and the health check sees their age.
write_notes() {
  local text bytes=8192 file="${STATE_DIRECTORY}/instance.state" LC_ALL=C
  text=$(list_notes)
  printf -v text "%-$((bytes - 1))s" "${text:0:bytes-2}"$'\n'
  { printf '%s\n' "${text}" >"${file}.partial" && mv -fT -- "${file}.partial" "${file}"; } 2>/dev/null ||
    { rm -f -- "${file}.partial" && [[ -s "${file}" ]] && dd of="${file}" bs="${bytes}" iflag=fullblock conv=notrunc status=none <<<"${text}"; } 2>/dev/null || return 1
}

# Usage: volume_problem FOLDER; what keeps PostgreSQL from writing there, nothing where nothing does
volume_problem() {
  local used free
  if [[ ! -d "$1/." ]]; then
    printf 'is gone or not mounted'
  elif [[ ! -w "$1/." ]]; then
    printf 'is read-only'
  else
    look_at_volume "$1"
    ((10#0${used} < 98)) || printf 'is full (%s %%)' "${used}"
  fi
}

# Names the volume that stops writing, and what to do. Nothing is removed, and no role changes for it.
name_volume_problems() {
  local problem
  problem=$(volume_problem "${STATE_DIRECTORY}")
  [[ -z "${problem}" ]] || log_error "the data volume of ${PGDATA} ${problem}: enlarge the data claim or make room on it, or see to its storage; nothing is removed here"
  problem=$(volume_problem "${PGDATA}/pg_wal")
  [[ -z "${problem}" ]] || log_error "the WAL volume ${WAL_DIRECTORY} ${problem}: enlarge the WAL claim, see to its storage, and look at the slots of readers that are away; never remove files of pg_wal by hand"
}

# Once a tick. Beside the loop, and nobody waits for it: the backup volume may hang while everything else works.
follow_figures() {
  if [[ -n "${figures_pid:-}" ]]; then
    [[ ! -d "/proc/${figures_pid}" ]] || return 0
    figures_pid=''
    due_at_once notes
  fi
  every figures 30 || return 0
  measure &
  figures_pid=$!
}

# Beside the loop: a volume that hangs must not stop it.
follow_notes() {
  if [[ -n "${notes_pid:-}" && -d "/proc/${notes_pid}" ]]; then
    due_at_once notes
    return
  fi
  { write_notes || log_error "${STATE_DIRECTORY}/instance.state cannot be written: is the data volume full or read-only?"; } &
  notes_pid=$!
}

follow_volumes() {
  if [[ -n "${volumes_pid:-}" && -d "/proc/${volumes_pid}" ]]; then return; fi
  name_volume_problems &
  volumes_pid=$!
}
