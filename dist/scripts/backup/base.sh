# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of base-backup.sh; statuses of the checks are their answers)
# How a base backup is taken, and how it is proved to be complete. Sourced by base-backup.sh.

# Usage: on_primary SQL; as backup, whose rights these statements need
on_primary() { timeout 30 psql -XAtqw -v ON_ERROR_STOP=1 "user=backup dbname=postgres target_session_attrs=read-write" -c "$1" 2>&1; }

# Usage: replication_at CONNECTION COMMAND…; each answer is a line
replication_at() {
  local command commands=()
  for command in "${@:2}"; do commands+=(-c "${command}"); done
  timeout 10 psql -XAtqw -v ON_ERROR_STOP=1 "$1 user=replicator dbname=replication replication=true application_name=pg_basebackup" "${commands[@]}" 2>&1
}

# Which server: a standby where there is one, so that the primary has no work. Usage: find_source prefer-standby|read-write
find_source() {
  local answer host port
  answer=$(psql -XAtqw "user=replicator dbname=replication replication=true target_session_attrs=$1" <<<'\echo :HOST :PORT' 2>&1) || {
    reason=${answer##*$'\n'}
    return 1
  }
  read -r host port <<<"${answer}"
  server="host=${host} port=${port}"
  source_name=${host}
  reason=$(replication_at "${server}" IDENTIFY_SYSTEM 'SHOW server_version' 'SHOW wal_segment_size') || return 1
  { IFS='|' read -r system _ && read -r version _ && read -r segment_bytes; } <<<"${reason}"
  segment_bytes=$(numfmt --from=iec "${segment_bytes%B}")
}

# A clone of a standby takes two of the senders of max_wal_senders, and has precedence: this waits until they are free.
copy_server() {
  local deadline=$((SECONDS + ${SENDER_WAIT_SECONDS:-1800})) said
  while true; do
    rm -rf -- "${partial}"
    reason="${partial##*/} cannot be made"
    mkdir -- "${partial}" || return 1
    if said=$(pg_basebackup -d "${server} user=replicator dbname=replication application_name=pg_basebackup ${silence_limits}" -D "${partial}" \
      --format=tar --compress=client-gzip:1 --wal-method=none --checkpoint=fast --manifest-checksums=SHA256 --no-password 2>&1); then return; fi
    if [[ "${said}" != *max_wal_senders* ]] || ((SECONDS >= deadline)); then
      reason=${said}
      return 1
    fi
    log_warn "${source_name} has no WAL sender free, a standby is being copied: waiting"
    sleep "${SENDER_RETRY_SECONDS:-30}"
  done
}

# What the manifest says of the WAL that the copy needs.
read_manifest() {
  local ranges
  ranges=$(wal_ranges "${partial}/backup_manifest")
  [[ -n "${ranges}" ]] || return 1
  read -r timeline start_lsn _ <<<"${ranges}"
  read -r last_timeline _ stop_lsn <<<"${ranges##*$'\n'}"
}

# The timelines of whichever member accepts writes, in history; fails where none answers. Usage: primary_history
primary_history() {
  local answer serving text=''
  answer=$(replication_at target_session_attrs=read-write IDENTIFY_SYSTEM) || return 1
  IFS='|' read -r _ serving _ <<<"${answer}"
  is_fact "${fact_timeline}" "${serving}" || return 1
  if ((serving > 1)); then text=$(replication_at target_session_attrs=read-write "TIMELINE_HISTORY ${serving}") || return 1; fi
  history=$(history_of "${serving}" <<<"${text#*|}")
}

# Why recovery cannot go on from the copy to what the primary writes; nothing where it can, or where no primary answers.
copy_problem() {
  local history
  if [[ "${last_timeline}" != "${timeline}" ]]; then
    printf '%s went from timeline %s to %s meanwhile: no recovery can use its copy' "${source_name}" "${timeline}" "${last_timeline}"
  elif primary_history && ! spans "${timeline}" "$(lsn_bytes "${start_lsn}")" "$(lsn_bytes "${stop_lsn}")"; then
    printf 'the copy of %s ends at %s of timeline %s, which the primary left before that' "${source_name}" "${stop_lsn}" "${timeline}"
  fi
}

# PostgreSQL 17 compares a manifest with an unpacked copy only. Usage: verify_copy
verify_copy() {
  local tablespace folder
  rm -rf -- "${scratch}"
  mkdir -- "${scratch}" || return 1
  tar -xzf "${partial}/base.tar.gz" -C "${scratch}" || return 1
  for tablespace in "${partial}"/[0-9]*.tar.gz; do
    [[ -f "${tablespace}" ]] || continue
    tablespaces=$((tablespaces + 1))
    folder="${scratch}/pg_tblspc/$(basename -- "${tablespace}" .tar.gz)"
    rm -f -- "${folder}"
    mkdir -p -- "${folder}" || return 1
    tar -xzf "${tablespace}" -C "${folder}" || return 1
  done
  reason=$(pg_verifybackup --no-parse-wal --quiet --manifest-path="${partial}/backup_manifest" "${scratch}" 2>&1) || return 1
  plain_bytes=$(du -sb -- "${scratch}" | cut -f 1) || return 1
  rm -rf -- "${scratch}"
}

# A copy is of use only with the WAL between its start and its end. The archive takes segments in order, so one that is missing
# before its newest never comes: 3 then. Usage: await_wal
await_wal() {
  local deadline=$((SECONDS + ${ARCHIVE_WAIT_SECONDS:-300})) asked='' newest
  while true; do
    missing="${last_timeline}.history"
    if archived_history "${last_timeline}"; then
      missing=$(first_missing "$(lsn_bytes "${start_lsn}")" "$(lsn_bytes "${stop_lsn}")" "${segment_bytes}")
      [[ -n "${missing}" ]] || return 0
      newest=$(frontier "${segment_bytes}")
      if [[ -n "${newest}" ]] && (($(segment_number "${newest}" "${segment_bytes}") > $(segment_number "${missing}" "${segment_bytes}"))); then return 3; fi
    fi
    if [[ -z "${asked}" ]]; then
      asked=yes
      reason=$(on_primary 'SELECT pg_switch_wal()') || log_warn "the primary cannot be asked to end its WAL segment (${reason##*$'\n'}): waiting until it is full"
    fi
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}
