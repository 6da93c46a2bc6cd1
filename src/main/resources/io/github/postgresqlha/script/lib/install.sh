# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# How data come to be PGDATA, and how others go for them: a new database, a member's copy, a recovery. Sourced after
# instance/common.sh by the supervisors, by Patroni's programs and by restores, never run.
#
# Beside PGDATA, on its volume; TIME as 20260131T235900Z. Any other name is a person's, and nothing here touches it:
#   .initialising .cloning .restoring    in the making
#   .before-TIME                         what was replaced, until its replacement has proved good
#   .before-pitr-TIME .abandoned-TIME    kept for a person
#   .dropping-TIME-WHAT                  being removed: no data any more, whatever is still in it
# On the WAL volume wal-TIME-PROCESS, one folder a generation, so that only PGDATA has to be renamed; and beside it, while it is in the
# making, wal-TIME-PROCESS.attempt: WAL that no data name is not thrown away.
#
# Notes: installing names complete data that are about to take PGDATA's place, and their inode; replaced names those that made room, until they go.

fact_time='[0-9]{8}T[0-9]{6}Z'

# Data directories are made under another name and renamed when complete, so PGDATA is there only when it is whole.
has_data() { [[ -s "${PGDATA}/PG_VERSION" ]]; }

# PGDATA with its WAL.
is_whole() { has_data && [[ -d "${PGDATA}/pg_wal/." ]]; }

# Usage: holds_anything FOLDER
holds_anything() { [[ -d "$1/." ]] && [[ -n "$(ls -A -- "$1/" 2>&1)" ]]; }

# A file system that was repaired, or a person, took PG_VERSION: what is there may be all of a database.
has_lost_version() { ! has_data && holds_anything "${PGDATA}"; }

# For a message. Usage: lost_version
lost_version() { printf '%s holds files, but no PG_VERSION: nothing is made over them. Where they are the database, give that file back, as by: echo %s >%s/PG_VERSION. Else move them away' "${PGDATA}" "${POSTGRES_MAJOR:-17}" "${PGDATA}"; }

# Data that have another name, because something took their place or was about to, or that have lost their version. Attempts are none.
has_kept_data() {
  local folder
  ! has_lost_version || return 0
  for folder in "${PGDATA}".*; do
    is_fact "initialising|cloning|restoring|dropping-${fact_time}-.*" "${folder#"${PGDATA}".}" || ! holds_anything "${folder}" || return 0
  done
  return 1
}

# One installer a volume, whoever it is. What the installer leaves running must not hold the lock: who gets it knows that nobody else
# is at work, and ends that. 75 where another one is, for longer than INSTALL_PATIENCE. Usage: install_alone COMMAND…
install_alone() {
  local status=75
  { exec {install_lock}>>"${STATE_DIRECTORY}/install.lock"; } 2>/dev/null || {
    log_error "${STATE_DIRECTORY} cannot be written: is the data volume full or read-only?"
    return 1
  }
  if flock -w "${INSTALL_PATIENCE:-0}" "${install_lock}"; then
    status=0
    "$@" || status=$?
    flock -u "${install_lock}"
  elif every installer 30; then
    log_warn "another copy or recovery is being made on ${PGDATA%/*}: waiting for its end"
  fi
  exec {install_lock}>&-
  return "${status}"
}

# Usage: without_install_lock PROGRAM…; in a process of its own
without_install_lock() {
  [[ -z "${install_lock:-}" ]] || exec {install_lock}>&-
  exec "$@"
}

# Whether a primary of this database system answers there, now. Usage: is_primary_of SYSTEM CONNECTION
is_primary_of() {
  local answer
  answer=$(timeout 5 psql -XAtqw "$2 replication=true" -c IDENTIFY_SYSTEM -c 'SHOW in_hot_standby') || return 1
  [[ "${answer}" == "$1|"*$'\n'off ]]
}

# A pg_basebackup that is killed leaves its second process, which receives WAL for ever: it keeps the slot, and one of the primary's
# senders that the next copy needs. Usage: end_orphaned_copy FOLDER, the one that it copies to
end_orphaned_copy() {
  local process
  for process in /proc/[0-9]*; do
    [[ "$(cat -- "${process}/comm" 2>/dev/null)" == pg_basebackup ]] || continue
    tr '\0' '\n' <"${process}/cmdline" 2>/dev/null | grep -qxF -- "$1" || continue
    log_warn "an earlier copy was killed; ending what it left: process ${process#/proc/}"
    kill -KILL "${process#/proc/}" || true
  done
}

# For a message; nothing where there is room. Usage: full_volumes
full_volumes() {
  local volume free
  for volume in "${PGDATA%/*}" "${WAL_DIRECTORY}"; do
    free=$(df --output=avail -B1 -- "${volume}" 2>/dev/null | tail -n 1 | tr -dc '0-9')
    if is_fact "${fact_number}" "${free}" && ((free < 33554432)); then printf '; %s is full: %s bytes are free, enlarge its claim or make room' "${volume}" "${free}"; fi
  done
}

# The WAL folder of an attempt. Its mark is there first.
new_wal_folder() {
  local folder
  folder="${WAL_DIRECTORY}/wal-$(date -u +%Y%m%dT%H%M%SZ)-$$"
  write_durably "${folder}.attempt" "in the making" && printf '%s\n' "${folder}"
}

# Usage: holds_wal FOLDER
holds_wal() { compgen -G "$1/[0-9A-F]*" >/dev/null; }

# Usage: is_own_wal FOLDER; one that was made here, by its name
is_own_wal() { [[ "${1%/*}" == "${WAL_DIRECTORY}" && -d "$1" && ! -L "$1" ]] && is_fact "wal-${fact_time}-[0-9]+" "${1##*/}"; }

# By whichever data on the volume, also where a person moved them or a link leads, and where that cannot be seen. Only what is being
# removed uses none. Usage: is_used_wal FOLDER
is_used_wal() {
  local link links
  [[ ! "${PGDATA}/pg_wal/." -ef "$1" ]] || return 0
  links=$(find -L "${PGDATA%/*}/" -ignore_readdir_race -name lost+found -prune -o \( -path "${PGDATA}" -o -path "${PGDATA}.dropping-*" \) -prune -o -name pg_wal -prune -print 2>/dev/null) || {
    ! every unseen_wal 3600 || log_warn "not everything on ${PGDATA%/*} can be read: it may use WAL in ${WAL_DIRECTORY}, and none is removed there"
    return 0
  }
  while IFS= read -r link; do
    [[ ! "${link}/." -ef "$1" ]] || return 0
  done <<<"${links}"
  return 1
}

# Usage: drop_wal FOLDER; nothing where it is in use or somebody else's
drop_wal() {
  is_own_wal "$1" && ! is_used_wal "$1" || return 0
  rm -rf -- "$1" && rm -f -- "$1.attempt"
}

# A data directory and its WAL. It is no data by its name before the first file of it goes. Usage: drop_data FOLDER
drop_data() {
  local dropping=$1 wal since
  [[ -d "$1" ]] || return 0
  if [[ "$1" != "${PGDATA}.dropping-"* ]]; then
    since=$(date -u +%Y%m%dT%H%M%SZ)
    dropping="${PGDATA}.dropping-${since}-${1#"${PGDATA}".}"
    mv -T -- "$1" "${dropping}" && sync -- "${PGDATA%/*}" || return 1
  fi
  wal=$(readlink -- "${dropping}/pg_wal" || true)
  drop_wal "${wal}" && rm -rf -- "${dropping}"
}

# What interrupted attempts and removals left goes, and beside whole data the WAL folders that no data use. What was replaced or kept
# is not a leftover; and without whole data nor is WAL: it may be all that is left of them.
drop_leftovers() {
  local folder
  remove_durably "${STATE_DIRECTORY}/installing" || return 1 # before what it names is another attempt's
  take_old_mark || return 1
  for folder in "${PGDATA}".{initialising,cloning,restoring}; do
    # The supervisor takes these over.
    [[ "${folder}" == *.restoring && -s "${STATE_DIRECTORY}/restored" ]] || drop_data "${folder}" || return 1
  done
  for folder in "${PGDATA}".dropping-*; do
    ! is_fact "dropping-${fact_time}-.*" "${folder#"${PGDATA}".}" || drop_data "${folder}" || return 1
  done
  for folder in "${WAL_DIRECTORY}"/wal-*; do
    if ! is_own_wal "${folder}" || is_used_wal "${folder}"; then continue; fi
    if is_whole || ! holds_wal "${folder}" || [[ -e "${folder}.attempt" ]]; then
      drop_wal "${folder}" || return 1
    else
      keep_lost_wal "${folder}" || return 1
    fi
  done
  for folder in "${WAL_DIRECTORY}"/wal-*.attempt{,.partial}; do
    [[ ! -f "${folder}" || -d "${folder%.attempt*}" ]] || rm -f -- "${folder}" || return 1
  done
  ! has_data || end_attempt
}

# Earlier versions of the scripts had one mark for all attempts, beside PGDATA.
take_old_mark() {
  local folder
  folder=$(cat -- "${STATE_DIRECTORY}/attempt-wal" 2>/dev/null) || return 0
  { ! is_own_wal "${folder}" || write_durably "${folder}.attempt" "in the making"; } && remove_durably "${STATE_DIRECTORY}/attempt-wal"
}

# WAL whose data are gone: the WAL volume outlived the data volume. Usage: keep_lost_wal FOLDER
keep_lost_wal() {
  local newest kept
  newest=$(compgen -G "$1/[0-9A-F]*" | tail -n 1)
  newest=${newest##*/}
  is_fact '[0-9A-F]{8}' "${newest:0:8}" || newest=00000000
  kept="${WAL_DIRECTORY}/abandoned-$((16#${newest:0:8}))-$(date -u +%Y%m%dT%H%M%SZ)-${1##*/}"
  printf 'WAL of a database whose data directory is gone, up to %s; nothing was counted\n' "${newest}" >"$1/README" &&
    sync -- "$1/README" && mv -T -- "$1" "${kept}" && sync -- "${WAL_DIRECTORY}" || return 1
  log_error "ABANDONED: there are no data in ${PGDATA}, but WAL of a database up to ${newest}. It is kept in ${kept}; pg_waldump shows it"
}

# Marks what is here as something that nobody else may have: a copy does not replace it, but stands beside it. Usage: keep_data REASON
keep_data() { [[ -e "${STATE_DIRECTORY}/keep-data" ]] || write_durably "${STATE_DIRECTORY}/keep-data" "$1"; }

# The old data get another name, and are kept until new ones have proved good; for good where they have what nobody else may have, or
# where nothing tells what they are. What a pg_rewind left half done is no data that may come back.
set_data_aside() {
  local kind=before since kept
  since=$(date -u +%Y%m%dT%H%M%SZ)
  if ! holds_anything "${PGDATA}"; then
    remove_durably "${STATE_DIRECTORY}/keep-data" # an earlier attempt kept them, and was killed
    return
  fi
  if [[ -e "${STATE_DIRECTORY}/keep-data" ]] || ! has_data; then kind=abandoned; fi
  kept="${PGDATA}.${kind}-${since}"
  has_data || log_error "what is in ${PGDATA} has no PG_VERSION: it may be a database, and is not removed"
  # The new name is what counts: where the note cannot be written, or is lost, they stay beside.
  if has_data && [[ ! -e "${STATE_DIRECTORY}/rejoin" ]]; then
    { printf '%s\n' "${kept##*/}" >"${STATE_DIRECTORY}/replaced"; } 2>/dev/null || true
  else
    rm -f -- "${STATE_DIRECTORY}/replaced"
  fi
  mv -T -- "${PGDATA}" "${kept}" && sync -- "${PGDATA%/*}" || return 1
  [[ ! -e "${STATE_DIRECTORY}/replaced" ]] || sync -- "${STATE_DIRECTORY}/replaced" "${STATE_DIRECTORY}" || return 1
  [[ "${kind}" == before ]] || log_error "ABANDONED: the data that were here are kept in ${kept}, with their WAL; remove that folder when you have looked"
  remove_durably "${STATE_DIRECTORY}/keep-data"
}

# The new data directory, which is whole and safely on its volumes, takes PGDATA's place. Usage: put_in_place FOLDER
put_in_place() {
  write_durably "${STATE_DIRECTORY}/installing" "${1##*/} $(stat -c %i -- "$1")" && set_data_aside && mv -T -- "$1" "${PGDATA}" && sync -- "${PGDATA%/*}" && end_install
}

# The same, and what was there before goes. Usage: install_data FOLDER
install_data() {
  run_watched sync -f -- "$1" "$1/pg_wal/." && put_in_place "$1" || return 1
  # What is in place is whole: that something old could not be removed does not undo it.
  { run_watched drop_replaced && drop_leftovers; } || log_warn "what was there before ${PGDATA} could not be removed$(full_volumes)"
}

# What was noted of the data that were here is not true of those that took their place.
end_install() {
  local note
  note_data && end_attempt || return 1
  for note in rewind-began rejoin rebuild installing; do remove_durably "${STATE_DIRECTORY}/${note}" || return 1; done
}

# The WAL of PGDATA is nobody's attempt.
end_attempt() {
  local wal
  wal=$(readlink -- "${PGDATA}/pg_wal") || return 0
  ! is_own_wal "${wal}" || remove_durably "${wal}.attempt"
}

# What was here before goes, but data of another database system or of a newer timeline, and those of which that cannot be told:
# nobody else may have them. PGDATA is whole.
drop_replaced() {
  local folder system timeline own mine
  is_whole && remove_durably "${STATE_DIRECTORY}/replaced" || return 1
  own=$(control_value 'Database system identifier')
  mine=$(control_timeline) || mine=0
  for folder in "${PGDATA}".before-[0-9]*; do
    if [[ ! -d "${folder}" ]] || ! is_fact "before-${fact_time}" "${folder#"${PGDATA}".}"; then continue; fi
    system=$(control_value 'Database system identifier' "${folder}")
    timeline=$(PGDATA="${folder}" control_timeline) || timeline=unknown
    if ! holds_anything "${folder}" || [[ -s "${folder}/PG_VERSION" && "${timeline}" != unknown && "${system}" == "${own}" && "${timeline}" -le "${mine}" ]]; then
      drop_data "${folder}" || return 1
    else
      mv -T -- "${folder}" "${folder/.before-/.abandoned-}" && sync -- "${PGDATA%/*}" || return 1
      log_error "ABANDONED: data of database system ${system:-unknown}, timeline ${timeline}, are kept in ${folder/.before-/.abandoned-}, with their WAL; remove that folder when you have looked"
    fi
  done
}

# Of copies of abandoned WAL that were cut short; at a start, when nobody makes one.
drop_unkept_wal() {
  local folder
  for folder in "${WAL_DIRECTORY}"/abandoned-*.partial; do
    ! is_fact "abandoned-[0-9]+-${fact_time}[.]partial" "${folder##*/}" || rm -rf -- "${folder}" || return 1
  done
}

# At a start, and beside the server: what was cut short is removed. Data that pg_rewind left half done replace nothing.
tidy_up() { { [[ -e "${STATE_DIRECTORY}/rejoin" ]] || { count_replaced && drop_replaced; }; } && drop_leftovers; }

# Usage: is_folder FOLDER INODE; earlier versions noted none
is_folder() { [[ -z "$2" || "$(stat -c %i -- "$1")" == "$2" ]]; }

# Killed between the two renames: the old data have another name already, and the new ones, which are whole, not yet theirs. Where
# those are gone, or were not complete, the old ones come back, with what was noted of them.
settle_install() {
  local name='' inode='' new
  { read -r name inode <"${STATE_DIRECTORY}/installing"; } 2>/dev/null || true
  is_fact "${PGDATA##*/}\.(initialising|cloning|restoring)" "${name}" || name=none
  new="${PGDATA%/*}/${name}"
  if [[ -e "${STATE_DIRECTORY}/installing" ]] && has_data && [[ "${name}" != none && ! -e "${new}" ]] && is_folder "${PGDATA}" "${inode}"; then
    end_install
  elif ! has_data && [[ -s "${new}/PG_VERSION" ]]; then
    log_warn "an earlier start ended while ${name} took its place: it does so now"
    set_data_aside && mv -T -- "${new}" "${PGDATA}" && sync -- "${PGDATA%/*}" && end_install
  else
    # A recovery that was asked for has the next word (settle_swap).
    { holds_anything "${PGDATA}" || [[ -s "${STATE_DIRECTORY}/restored" ]] || put_back_replaced; } && remove_durably "${STATE_DIRECTORY}/installing"
  fi
}

# Usage: put_back_replaced; nothing where no data made room for others
put_back_replaced() {
  local folder name='' newest=''
  { read -r name <"${STATE_DIRECTORY}/replaced"; } 2>/dev/null || true
  if is_fact "${PGDATA##*/}\.(before|abandoned)-${fact_time}" "${name}"; then
    newest="${PGDATA%/*}/${name}"
  elif [[ -e "${STATE_DIRECTORY}/installing" ]]; then
    for folder in "${PGDATA}".before-[0-9]*; do [[ ! -s "${folder}/PG_VERSION" ]] || newest=${folder}; done
  fi
  [[ -n "${newest}" && -s "${newest}/PG_VERSION" ]] || return 0
  log_warn "an earlier start ended while data took the place of those here, and they are gone: ${newest} is ${PGDATA} again"
  [[ "${newest}" != *.abandoned-* ]] || keep_data "they were kept when a copy was to take their place" || return 1
  mv -T -- "${newest}" "${PGDATA}" && sync -- "${PGDATA%/*}" && remove_durably "${STATE_DIRECTORY}/replaced"
}

# Only when the data are in place: a note without data means that data were lost, and forbids to initialise.
note_data() {
  local system
  system=$(control_value 'Database system identifier') && is_fact "${fact_system}" "${system}" && write_durably "${STATE_DIRECTORY}/had-data" "${system}"
}
