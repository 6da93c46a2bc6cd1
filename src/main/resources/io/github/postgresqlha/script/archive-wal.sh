#!/usr/bin/env bash
# Streams the write-ahead log of whichever member is primary to the backup volume, as process 1 of its container.
# Usage: archive-wal.sh; archive-wal.sh probe tells Kubernetes whether it lives
#
# Environment:
#   PGHOST, PGPORT, PGTARGETSESSIONATTRS, PGUSER, PGCONNECT_TIMEOUT   libpq's own: the members, and read-write for the primary
#   SECRET_DIRECTORY           holds PGUSER-password
#   BACKUP_DIRECTORY           its folder wal/ takes the segments
#   REPLICATION_SLOT           the slot that keeps WAL until it is archived
#   RUNTIME_DIRECTORY (/tmp)   for the passfile and the heartbeat
# Exit status: 0 stopped on a signal, 1 the probe finds it dead, 64 bad environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib-log.sh"
source "${script_dir}/lib-postgres.sh"

heartbeat="${RUNTIME_DIRECTORY:-/tmp}/archiver.heartbeat"

probe() {
  local beat=0
  read -r beat <"${heartbeat}" 2>/dev/null || true
  ((EPOCHSECONDS - beat <= 60))
}

receiver_lives() { [[ -n "${receiver}" && -d "/proc/${receiver}" ]]; }

# pg_receivewal continues where the newest file ends. The slot is the primary's: after a failover it is made anew.
receive() {
  local connection="dbname=replication application_name=wal_archiver"
  write_passfile "${PGPASSFILE}" "${PGUSER}"
  pg_receivewal -d "${connection}" --slot="${REPLICATION_SLOT}" --create-slot --if-not-exists --no-password || return 1
  pg_receivewal -d "${connection}" --slot="${REPLICATION_SLOT}" --directory="${BACKUP_DIRECTORY}/wal" --synchronous --no-loop --no-password &
  receiver=$!
  log_info "receiving WAL from the primary of ${PGHOST}"
}

# A pause that a signal ends, with a beat each second. Usage: watch SECONDS
watch() {
  local began=${EPOCHSECONDS}
  while [[ -z "${stopping}" ]] && ((EPOCHSECONDS - began < $1)); do
    printf '%s\n' "${EPOCHSECONDS}" >"${heartbeat}"
    read -rt 1 -u "${clock}" || true
    if [[ -n "${receiver}" ]] && ! receiver_lives; then return; fi
  done
}

explain_end() {
  local free
  free=$(df --output=avail -B1M -- "${BACKUP_DIRECTORY}" | tail -n 1)
  if ((free < 32)); then
    log_error "the backup volume is full (${free} MB free): archiving waits; the database goes on, and gives the slot up when it exceeds max_slot_wal_keep_size. Enlarge backup.storage.size or remove dumps"
  else
    log_warn "the stream of WAL ended; trying again"
  fi
}

main() {
  if [[ "${1:-}" == probe ]]; then
    probe
    return
  fi
  require_env PGHOST PGUSER SECRET_DIRECTORY BACKUP_DIRECTORY REPLICATION_SLOT
  [[ -d "${BACKUP_DIRECTORY}" ]] || die 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no folder; is the backup volume mounted?"
  export PGPASSFILE="${RUNTIME_DIRECTORY:-/tmp}/archiver.passfile"
  umask 077
  stopping='' receiver=''
  trap 'stopping=yes' TERM INT
  exec {clock}<> <(:)
  mkdir -p -- "${BACKUP_DIRECTORY}/wal"
  while [[ -z "${stopping}" ]]; do
    if receive; then
      while [[ -z "${stopping}" ]] && receiver_lives; do watch 10; done
    fi
    if [[ -n "${stopping}" ]]; then break; fi
    receiver=
    explain_end
    watch 3
  done
  if receiver_lives; then kill -INT "${receiver}" && wait "${receiver}" || true; fi
  log_info "stopped"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
