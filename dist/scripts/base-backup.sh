#!/usr/bin/env bash
# Takes a base backup of the whole server, proves that it is complete and that the archive has its WAL, gives it its name, and
# then lets retention run. With the archived WAL it can be restored to any later moment.
# Usage: base-backup.sh [--if-needed]; --if-needed only where none leads to what the primary writes, or the chain of WAL broke
#
# Environment:
#   PGHOST, PGPORT, PGCONNECT_TIMEOUT   libpq's own: the members; a standby is preferred
#   SECRET_DIRECTORY           holds replicator-password and backup-password
#   BACKUP_DIRECTORY           its folder base/ takes it; backup/repository.sh describes it
#   BASE_BACKUP_KEEP, BACKUP_RETENTION_DAYS, BACKUP_RETENTION_MINIMUM   see cleanup-backups.sh
#   ARCHIVE_WAIT_SECONDS (300), SENDER_WAIT_SECONDS (1800)   for its WAL in the archive; for a free WAL sender
#   PASSFILE_DIRECTORY (/tmp)  for the passfile
# Examples:
#   kubectl create job --from=cronjob/postgresql-base-backup manual-base -n airflow
#   base-backup.sh --if-needed    as the nightly backup calls it
# Exit status: 0 done or not needed, 1 failed, 2 cannot connect, 64 bad usage or environment, 75 another one is running
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/wal/timeline.sh"
source "${script_dir}/backup/chain.sh"
source "${script_dir}/backup/base.sh"

# Contents are not read for this: verify-backup.sh does that. Where no primary answers, any of this system counts.
is_needed() {
  local name history=''
  [[ ! -e "${BACKUP_DIRECTORY}/wal/chain-broken" ]] || return 0
  primary_history || history=''
  while read -r name; do
    [[ "$(base_fact "${name}" SYSTEM_IDENTIFIER)" == "${system}" && -s "${BACKUP_DIRECTORY}/base/${name}/base.tar.gz" ]] || continue
    if [[ -z "${history}" ]] || leads_on "${name}"; then return 1; fi
  done < <(list_bases)
  return 0
}

# For the packed copy, and for the unpacked one while it is verified. The last one tells best.
require_base_space() {
  local last packed unpacked needed available
  last=$(list_bases | tail -n 1)
  packed=$(base_fact "${last}" COMPRESSED_BYTES)
  unpacked=$(base_fact "${last}" PLAIN_BYTES)
  if [[ -n "${packed}" && -n "${unpacked}" ]]; then
    needed=$(((packed + unpacked) * 12 / 10))
  else
    needed=$(on_primary "SELECT (sum(pg_database_size(oid)) * 1.5)::bigint + 67108864 FROM pg_database WHERE has_database_privilege(oid, 'CONNECT')") ||
      die 2 "cannot ask the primary of ${PGHOST} for its size as backup: ${needed##*$'\n'}"
  fi
  has_backup_room "${needed}" || die 1 "not enough room: about ${needed} bytes needed for a base backup and its verification, ${available} free in ${BACKUP_DIRECTORY}; enlarge backup.storage.size or lower backup.base.keep"
}

# Where what is missing in the archive ends, in bytes; nothing where it is whole, or does not say.
gap_end() {
  local -A broken=()
  read_record "${BACKUP_DIRECTORY}/wal/chain-broken" broken missing_to="${fact_lsn}"
  [[ -z "${broken[missing_to]:-}" ]] || lsn_bytes "${broken[missing_to]}"
}

is_before_gap() {
  local end
  end=$(gap_end)
  [[ -n "${end}" ]] && (($(lsn_bytes "${start_lsn}") < end))
}

# A standby's copy begins at its last restart point, which can be older than the archive, and it may follow a promotion meanwhile: then the
# primary's is taken.
take_base() {
  local attributes status problem
  for attributes in prefer-standby read-write; do
    find_source "${attributes}" || die 2 "no member of ${PGHOST} can be copied as replicator: ${reason}"
    log_info "copying ${source_name} to ${name}"
    tablespaces=0 started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    copy_server || die 1 "copying ${source_name} failed, nothing was kept: ${reason}"
    note_end
    log_info "copied, verifying"
    read_manifest || die 1 "${name}: backup_manifest does not say which WAL the copy needs; nothing was kept"
    problem=$(copy_problem)
    if [[ -n "${problem}" ]]; then
      log_warn "${problem}"
      continue
    fi
    verify_copy || die 1 "the copy of ${source_name} does not match its manifest, nothing was kept: ${reason}"
    log_info "verified, waiting for its WAL in the archive"
    status=0
    await_wal || status=$?
    case ${status} in
    0)
      [[ "${attributes}" == prefer-standby ]] && is_before_gap || return 0
      log_warn "the copy of ${source_name} begins before the end of what is missing in the archive"
      ;;
    3)
      problem="the copy of ${source_name} needs WAL segment ${missing}, which the archive does not have and will not get"
      log_warn "${problem}"
      ;;
    *) die 1 "WAL segment ${missing} did not come into ${BACKUP_DIRECTORY}/wal within ${ARCHIVE_WAIT_SECONDS:-300} s: without it the copy is worthless, nothing was kept. Look at the log of the WAL archiver" ;;
    esac
  done
  die 1 "no copy was kept: ${problem}; look at the log of the WAL archiver, and at which member is primary"
}

# By the clock that the log has its times from; that of this job's node where the primary does not say.
note_end() {
  finished=$(on_primary "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')") || finished=''
  is_fact "${fact_instant}" "${finished}" || finished=$(date -u +%Y-%m-%dT%H:%M:%SZ)
}

publish_base() {
  local compressed
  compressed=$(stat -c %s -- "${partial}"/*.tar.gz | awk '{ bytes += $1 } END { printf "%.0f\n", bytes }')
  printf '%s\n' "NAME=${name}" "SYSTEM_IDENTIFIER=${system}" "SERVER_VERSION=${version}" "TIMELINE=${timeline}" "START_LSN=${start_lsn}" \
    "STOP_LSN=${stop_lsn}" "STARTED=${started}" "FINISHED=${finished}" "SOURCE=${source_name}" "PLAIN_BYTES=${plain_bytes}" \
    "COMPRESSED_BYTES=${compressed}" "SEGMENT_BYTES=${segment_bytes}" "TABLESPACES=${tablespaces}" >"${partial}/base.env"
  (cd -- "${partial}" && sha256sum -- * >.sums && mv -T -- .sums SHA256SUMS)
  sync -- "${partial}"/* "${partial}"
  mv -nT -- "${partial}" "${base}/${name}"
  sync -- "${base}"
}

# What was missing in the archive matters no more for who restores from here on.
heal_chain() {
  local file="${BACKUP_DIRECTORY}/wal/chain-broken"
  [[ -e "${file}" ]] || return 0
  if [[ -z "$(gap_end)" ]] || is_before_gap; then
    log_warn "the chain of WAL is still broken: ${name} begins at ${start_lsn}, and ${file} names WAL that is missing after that, or says nothing that can be"
    return
  fi
  rm -f -- "${file}"
  log_info "the chain of WAL is whole from ${name} on"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  local if_needed=''
  case "$#/${1:-}" in
  0/) ;;
  1/--if-needed) if_needed=yes ;;
  *) die 64 "usage: base-backup.sh [--if-needed]" ;;
  esac
  require_env PGHOST SECRET_DIRECTORY BACKUP_DIRECTORY BASE_BACKUP_KEEP BACKUP_RETENTION_DAYS BACKUP_RETENTION_MINIMUM
  require_backup_directory
  umask 077
  unset PGTARGETSESSIONATTRS # each connection says which server it wants
  base="${BACKUP_DIRECTORY}/base" scratch="${BACKUP_DIRECTORY}/base/.scratch" reason=''
  mkdir -p -- "${base}"
  exec {lock}>"${base}/.lock"
  flock -n "${lock}" || die 75 "another base backup is running on this volume"
  require_passfile "${PGHOST}" "${PGPORT:-5432}" replicator backup
  find_source prefer-standby || die 2 "no member of ${PGHOST} answers as replicator: ${reason}"
  rm -rf -- "${scratch}" "${base}"/.postgresql_base_*.partial
  if [[ -n "${if_needed}" ]] && ! is_needed; then return; fi
  require_base_space
  name="postgresql_base_$(date -u +%Y%m%d_%H%M%S)"
  partial="${base}/.${name}.partial"
  [[ ! -e "${base}/${name}" ]] || die 1 "${name} is there already; nothing is overwritten. Was the clock set back?"
  trap 'rm -rf -- "${partial}" "${scratch}" && drop_passfile' EXIT
  take_base
  log_info "its WAL is archived, publishing"
  publish_base
  heal_chain
  log_info "base backup complete: ${name} of ${source_name}, $(base_fact "${name}" COMPRESSED_BYTES) bytes, ${SECONDS} s, verified, its WAL is archived"
  "${script_dir}/cleanup-backups.sh"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
