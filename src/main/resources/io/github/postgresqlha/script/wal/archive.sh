#!/usr/bin/env bash
# Streams the write-ahead log of whichever member is primary to the backup volume, as process 1 of its container.
# It follows each failover: on the new primary it goes on where the archive leaves the new primary's history.
# Usage: wal/archive.sh; wal/archive.sh probe tells Kubernetes whether it lives
#
# Environment:
#   PGHOST, PGPORT, PGTARGETSESSIONATTRS, PGUSER, PGCONNECT_TIMEOUT   libpq's own: the members, and read-write for the primary
#   SECRET_DIRECTORY           holds PGUSER-password
#   BACKUP_DIRECTORY           its folder wal/ takes the segments; backup/repository.sh describes it
#   REPLICATION_SLOT           the slot that keeps WAL until it is archived
#   RUNTIME_DIRECTORY (/tmp)   for the heartbeat and what pg_receivewal says; PASSFILE_DIRECTORY (the same) for the passfile
# Exit status: 0 stopped on a signal, 1 the probe finds it dead, 64 bad environment
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/wal/timeline.sh"
source "${script_dir}/wal/slot.sh"
source "${script_dir}/wal/spool.sh"

heartbeat="${RUNTIME_DIRECTORY:-/tmp}/archiver.heartbeat"

probe() {
  local beat=0
  read -r beat <"${heartbeat}" 2>/dev/null || true
  ((EPOCHSECONDS - beat <= 60 && beat - EPOCHSECONDS <= 60))
}

receiver_lives() { [[ -n "${receiver}" && -d "/proc/${receiver}" ]]; }

# What it does, for the supervisor's notes. On a full volume only what is there can be written over. Usage: note STATE
note() {
  local file="${archive}/archiver.state" text
  if [[ "$1" != "${state}" ]] || ((EPOCHSECONDS - noted >= 10 || EPOCHSECONDS < noted)); then
    state=$1 noted=${EPOCHSECONDS}
    find_lead
    text=$(printf 'STATE=%s\nSEGMENT=%s\nUPDATED=%s\nBASE_LEADS=%s\n%40s' "$1" "$(list_segments | head -n 1)" "${EPOCHSECONDS}" "${leads}" '')
    { printf '%s\n' "${text}" >"${file}.partial" && mv -fT -- "${file}.partial" "${file}"; } 2>/dev/null || printf '%s\n' "${text}" 2>/dev/null 1<>"${file}" || true
  fi
}

# Each reason why nothing is received, in the log once a minute. Usage: complain STATE MESSAGE
complain() {
  if [[ "$1" != "${state}" ]] || ((EPOCHSECONDS - complained >= 60 || EPOCHSECONDS < complained)); then
    complained=${EPOCHSECONDS}
    log_error "$2"
  fi
  note "$1"
  return 1
}

# Two would spoil each other's folder: one whose pod was forgotten on a lost node may come back.
hold_archive() {
  mkdir -p -- "${archive}" && { [[ -n "${lock}" ]] || exec {lock}>"${archive}/.lock"; } && flock -n "${lock}"
}

receive() {
  hold_archive || complain volume "${archive} cannot be written, or another archiver works in it: archiving waits, the database goes on" || return 1
  has_room || complain full "the backup volume is full (less than 32 MB free): archiving waits; the database goes on, and gives the slot up when it exceeds max_slot_wal_keep_size. Enlarge backup.storage.size or remove dumps" || return 1
  read_server || complain unreachable "no member of ${PGHOST} accepts writes: ${reason##*$'\n'}" || return 1
  is_own_system ||
    complain refused "${archive} holds the WAL of database system $(own_system_there) while the primary is system ${server_system}: nothing is mixed. If the new system is the right one, move wal/ and base/ to another folder" || return 1
  ensure_slot "${renew}" || complain slot "replication slot ${REPLICATION_SLOT}: ${reason##*$'\n'}" || return 1
  choose_start || return 1
  ((archived_to <= $(lsn_bytes "${server_lsn}"))) ||
    complain ahead "the archive has WAL up to $(bytes_lsn "${archived_to}") of timeline ${server_timeline}, the primary only up to ${server_lsn}: its data were put back in time. Move wal/ and base/ to another folder and take a new base backup" || return 1
  prepare_spool "${from}" || complain volume "${spool} cannot be prepared; archiving waits, the database goes on" || return 1
  pg_receivewal -d "dbname=replication application_name=wal_archiver connect_timeout=5 ${silence_limits}" --slot="${REPLICATION_SLOT}" --directory="${spool}" \
    --compress=gzip:1 --synchronous --no-loop --no-password 2>"${said}" &
  receiver=$!
  log_info "receiving WAL from the primary of ${PGHOST}: timeline ${server_timeline}, from $(bytes_lsn "${from}")"
}

# A pause that a signal ends, with a beat each second. It counts its own steps: a clock that is set back must not stop it.
# Usage: watch SECONDS
watch() {
  local left
  for ((left = $1; left > 0; left--)); do
    [[ -z "${stopping}" ]] || return 0
    printf '%s\n' "${EPOCHSECONDS}" >"${heartbeat}"
    read -rt 1 -u "${clock}" || true
  done
}

has_room() { (($(df --output=avail -B1M -- "${BACKUP_DIRECTORY}" | tail -n 1) >= 32)); }

explain_end() {
  local text
  text=$(cat -- "${said}" 2>/dev/null) || true
  case ${text} in
  *'has already been removed'*) gone=yes ;;
  *'replication slot'*invalidated* | *'can no longer'*'replication slot'*) gone=yes renew=yes ;;
  *) ;;
  esac
  log_warn "the stream of WAL ended; trying again: ${text//$'\n'/; }"
}

main() {
  if [[ "${1:-}" == probe ]]; then
    probe
    return
  fi
  require_env PGHOST PGUSER SECRET_DIRECTORY BACKUP_DIRECTORY REPLICATION_SLOT
  [[ -d "${BACKUP_DIRECTORY}" ]] || die 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no folder; is the backup volume mounted?"
  PGPASSFILE=$(passfile_directory)/archiver.passfile
  export PGPASSFILE
  umask 077
  archive="${BACKUP_DIRECTORY}/wal" spool="${BACKUP_DIRECTORY}/wal/receiving" said="${RUNTIME_DIRECTORY:-/tmp}/archiver.said"
  stopping='' receiver='' seed='' state='' attempted='' from='' gone='' renew='' slot='' reason='' lock='' history='' server_system='' server_timeline='' led='' leads='' noted=0 complained=0
  trap 'stopping=yes' TERM INT
  exec {clock}<> <(:)
  while [[ -z "${stopping}" ]]; do
    watch 1
    if write_passfile "${PGPASSFILE}" "${PGHOST}" "${PGPORT:-5432}" "${PGUSER}" && receive; then
      while [[ -z "${stopping}" ]] && receiver_lives; do
        collect || log_warn "what was received could not be moved into ${archive}"
        note streaming
        watch 1
      done
      [[ -n "${stopping}" ]] || explain_end
    fi
    receiver_lives || receiver=
    watch 2
  done
  if receiver_lives; then kill -INT "${receiver}" && wait "${receiver}" || true; fi
  collect || true
  note stopped
  log_info "stopped"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
