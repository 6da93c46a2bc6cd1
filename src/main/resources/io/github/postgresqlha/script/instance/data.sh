# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The data directory: its generations, its configuration, and how initdb makes the first one. What is there is never removed
# before its replacement is complete. Sourced by the supervisors and by restores.

# Data directories are made under another name and renamed when complete, so PGDATA is there only when it is whole.
has_data() { [[ -s "${PGDATA}/PG_VERSION" ]]; }

# One WAL folder a generation of PGDATA, so that only PGDATA has to be renamed. Until data use it, a note beside them says that it
# is an attempt's: WAL that no data name is not thrown away.
new_wal_folder() {
  local folder
  folder="${WAL_DIRECTORY}/wal-$(date -u +%Y%m%dT%H%M%SZ)-$$"
  write_durably "${STATE_DIRECTORY}/attempt-wal" "${folder}" && printf '%s\n' "${folder}"
}

# PGDATA with its WAL.
is_whole() { has_data && [[ -d "${PGDATA}/pg_wal/." ]]; }

# Usage: holds_wal FOLDER
holds_wal() { compgen -G "$1/[0-9A-F]*" >/dev/null; }

# Drops what an interrupted attempt left, and beside whole data the WAL folders that none of them use. What a recovery kept is not a
# leftover, and without whole data nor is WAL: it may be all that is left of them.
drop_leftovers() {
  local folder used attempts
  used=$(readlink -- "${PGDATA}/pg_wal" "${PGDATA}".before-*/pg_wal "${PGDATA}".abandoned-*/pg_wal 2>/dev/null || true)
  attempts=$(readlink -- "${PGDATA}".{initialising,cloning,restoring}/pg_wal 2>/dev/null || true)
  attempts+=$'\n'$(cat -- "${STATE_DIRECTORY}/attempt-wal" 2>/dev/null || true)
  remove_durably "${STATE_DIRECTORY}/installing" || return 1 # before what it names is another attempt's
  for folder in "${WAL_DIRECTORY}"/wal-*; do
    [[ -d "${folder}" ]] || continue
    if grep -qxF -- "${folder}" <<<"${used}"; then continue; fi
    if is_whole || ! holds_wal "${folder}" || grep -qxF -- "${folder}" <<<"${attempts}"; then
      rm -rf -- "${folder}" || return 1
    else
      keep_lost_wal "${folder}" || return 1
    fi
  done
  rm -rf -- "${PGDATA}.initialising" "${PGDATA}.cloning" "${PGDATA}.restoring" && remove_durably "${STATE_DIRECTORY}/attempt-wal"
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

# Starting without the WAL would be starting on other data; nothing is changed until the volume is back.
require_wal() {
  if is_whole; then return; fi
  die 1 "${PGDATA}/pg_wal leads to $(readlink -- "${PGDATA}/pg_wal" || true), which is not there: the WAL volume is gone or not mounted. Nothing is started or changed. Mount it again; where it is lost, make the other member primary (failover.sh), then rebuild-standby.sh --delete-volumes for this one; where there is no other, restore from a backup"
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

# PGDATA's own configuration, so that a pg_ctl by its full path starts the same server as the supervisor does.
# Usage: own_configuration FOLDER
own_configuration() {
  printf "# Written by instance.sh at every start: change the specification instead.\n"
  printf "include '%s/postgresql.conf'\n" "${CONFIG_DIRECTORY}"
  printf "hba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n" "${CONFIG_DIRECTORY}" "${CONFIG_DIRECTORY}"
  printf "unix_socket_directories = '%s'\nport = %s\ncluster_name = '%s'\n" "${SOCKET_DIRECTORY}" "${PGPORT}" "${INSTANCE_NAME}"
  if [[ -n "${PEER_HOST}" ]]; then
    # What the primary writes on another timeline of this number would take the place of what is here.
    if [[ -z "${twin:-}${twin_doubt:-}" || "$1" != "${PGDATA}" ]]; then printf "primary_conninfo = '%s'\n" "$(peer_connection replicator replication)"; fi
    printf "primary_slot_name = '%s'\n" "${REPLICATION_SLOT}"
    # A server that comes back by itself has looked at nobody. Under Patroni its lock has to be held before anybody serves.
    if [[ -z "${PATRONI_SCOPE:-}" ]]; then printf 'restart_after_crash = off\n'; fi
    if [[ -n "${DATA_DURABILITY}" && "${confirming_timeline:-none}" != "${served_timeline:-}" ]]; then printf "synchronous_standby_names = 'nobody_before_the_standby_is_on_this_timeline'\n"; fi
    if [[ -n "${degraded}" ]]; then printf "synchronous_standby_names = ''\n"; fi
    if [[ -n "${gate:-}" ]]; then printf "synchronous_commit = on\nsynchronous_standby_names = 'nobody_before_this_member_is_open'\n"; fi
  fi
}

# Whole or not at all: a server that finds half of it starts with another configuration. On a full volume one that is there already
# will do. Usage: write_configuration FOLDER
write_configuration() {
  local text
  text=$(own_configuration "$1") || return 1
  if [[ "$(cat -- "$1/postgresql.conf" 2>/dev/null)" == "${text}" ]]; then return; fi
  write_durably "$1/postgresql.conf" "${text}" && return
  log_error "$1/postgresql.conf cannot be written: is the data volume full or read-only? Enlarge the data claim, or make room on it"
  return 1
}

# In recovery a server refuses to start with less of these than its primary had, so a specification that lowers one takes effect
# when the instance opens read-write; the control file knows what is needed.
# Usage: keep_recovery_settings [FOLDER]; of PGDATA where none is named
keep_recovery_settings() {
  local name needed mine folder=${1:-${PGDATA}}
  while read -r name needed; do
    name=${name/xact/transaction}
    mine=$(postgres -D "${folder}" -C "${name}") && is_fact "${fact_number}" "${mine}" && is_fact "${fact_number}" "${needed}" || return 1
    ((mine < needed)) || continue
    printf '%s = %s # as the primary had it\n' "${name}" "${needed}" >>"${folder}/postgresql.conf" || return 1
    log_info "${name} stays ${needed} while in recovery, as the primary had it"
  done < <(LC_ALL=C pg_controldata -D "${folder}" | sed -n 's/^\(max_[a-z_]*\) setting: */\1 /p')
}

# Marks what is here as something that nobody else may have: a copy does not replace it, but stands beside it. Usage: keep_data REASON
keep_data() { [[ -e "${STATE_DIRECTORY}/keep-data" ]] || write_durably "${STATE_DIRECTORY}/keep-data" "$1"; }

# The old data directory gets another name, and is kept until a new one is complete; for good where it has what nobody else may
# have and what could not be kept otherwise.
set_data_aside() {
  local kind=before since
  since=$(date -u +%Y%m%dT%H%M%SZ)
  if [[ ! -d "${PGDATA}" ]]; then
    remove_durably "${STATE_DIRECTORY}/keep-data" # an earlier attempt kept them, and was killed
    return
  fi
  if [[ -e "${STATE_DIRECTORY}/keep-data" ]]; then kind=abandoned; fi
  mv -T -- "${PGDATA}" "${PGDATA}.${kind}-${since}" && sync -- "${PGDATA%/*}" || return 1
  [[ "${kind}" == before ]] || log_error "ABANDONED: the data that were here are kept in ${PGDATA}.${kind}-${since}, with their WAL; remove that folder when you have looked"
  remove_durably "${STATE_DIRECTORY}/keep-data"
}

# The new data directory takes PGDATA's place. Usage: install_data FOLDER
install_data() {
  run_watched sync -f -- "$1" "$1/pg_wal/." && write_durably "${STATE_DIRECTORY}/installing" "${1##*/}" || return 1
  set_data_aside && mv -T -- "$1" "${PGDATA}" && sync -- "${PGDATA%/*}" && end_install || return 1
  # What is in place is whole: that something old could not be removed does not undo it.
  { run_watched drop_replaced && drop_leftovers; } || log_warn "what was there before ${PGDATA} could not be removed"
}

# What was noted of the data that were here is not true of those that took their place.
end_install() {
  local note
  note_data || return 1
  for note in rewind-began rejoin rebuild installing; do remove_durably "${STATE_DIRECTORY}/${note}" || return 1; done
}

# What was here before goes, but data of another database system or of a newer timeline, and those of which that cannot be told:
# nobody else may have them.
drop_replaced() {
  local folder system timeline own mine
  own=$(control_value 'Database system identifier')
  mine=$(control_timeline) || mine=0
  for folder in "${PGDATA}".before-[0-9]*; do
    [[ -d "${folder}" ]] || continue
    system=$(control_value 'Database system identifier' "${folder}")
    timeline=$(PGDATA="${folder}" control_timeline) || timeline=unknown
    if [[ ! -s "${folder}/PG_VERSION" || ("${timeline}" != unknown && "${system}" == "${own}" && "${timeline}" -le "${mine}") ]]; then
      rm -rf -- "${folder}" || return 1
    else
      mv -T -- "${folder}" "${folder/.before-/.abandoned-}" || return 1
      log_error "ABANDONED: data of database system ${system:-unknown}, timeline ${timeline}, are kept in ${folder/.before-/.abandoned-}, with their WAL; remove that folder when you have looked"
    fi
  done
}

# Killed between the two renames: the old data have another name already, and the new ones, which are whole, not yet theirs. Where
# those are gone, the old ones come back, with what was noted of them.
settle_install() {
  local name='' new
  [[ -e "${STATE_DIRECTORY}/installing" ]] || return 0
  read -r name <"${STATE_DIRECTORY}/installing" || true
  is_fact "${PGDATA##*/}\.(initialising|cloning|restoring)" "${name}" || name=none
  new="${PGDATA%/*}/${name}"
  if has_data && [[ "${name}" != none && ! -e "${new}" ]]; then
    end_install
  elif ! has_data && [[ -s "${new}/PG_VERSION" ]]; then
    log_warn "an earlier start ended while ${name} took its place: it does so now"
    mv -T -- "${new}" "${PGDATA}" && sync -- "${PGDATA%/*}" && remove_durably "${STATE_DIRECTORY}/keep-data" && end_install
  else
    { has_data || put_back_replaced; } && remove_durably "${STATE_DIRECTORY}/installing"
  fi
}

put_back_replaced() {
  local folder newest=''
  for folder in "${PGDATA}".before-[0-9]*; do [[ ! -s "${folder}/PG_VERSION" ]] || newest=${folder}; done
  [[ -n "${newest}" ]] || return 0
  log_warn "an earlier start ended while data took the place of those here, and they are gone: ${newest} is ${PGDATA} again"
  mv -T -- "${newest}" "${PGDATA}" && sync -- "${PGDATA%/*}"
}

# Data that have another name, because something took their place or was about to. Attempts are none.
has_kept_data() {
  local version
  for version in "${PGDATA}".*/PG_VERSION; do
    if [[ -s "${version}" ]] && ! is_fact '(initialising|cloning|restoring)/PG_VERSION' "${version#"${PGDATA}".}"; then return; fi
  done
  return 1
}

# Only when the data are in place: a note without data means that data were lost, and forbids to initialise.
note_data() {
  local system
  system=$(control_value 'Database system identifier') && is_fact "${fact_system}" "${system}" && write_durably "${STATE_DIRECTORY}/had-data" "${system}"
}
