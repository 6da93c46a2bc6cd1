#!/usr/bin/env bash
# Proves that backups are what was written. A dump: checksum, compression, end of the dump. A base backup: its checksums, and
# that every WAL segment from its start to the archive's end is there and sound.
# Usage: verify-backup.sh [FILE]          a dump; the newest of the application's database where none is named
#        verify-backup.sh --base [NAME]   a base backup and the WAL that leads on from it; the newest where none is named
#        verify-backup.sh --all           everything
#
# Environment: BACKUP_DIRECTORY   where backups are kept
# Examples:
#   verify-backup.sh
#   verify-backup.sh databases/postgresql_backup_20240101_020000.reports.sql.gz
#   verify-backup.sh --base
#   verify-backup.sh --all
# Exit status: 0 good, 1 not good or none there, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/wal/timeline.sh"
source "${script_dir}/backup/chain.sh"

usage="usage: verify-backup.sh [FILE | --base [NAME] | --all]"

# Usage: bad NAME PROBLEM
bad() {
  log_error "$1: $2"
  failed=yes
}

# Usage: verify_dump NAME
verify_dump() {
  local problem
  problem=$(backup_problem "$1")
  if [[ -n "${problem}" ]]; then bad "$1" "${problem}"; else log_info "$1 is good"; fi
}

# Usage: verify_base NAME
verify_base() {
  local problem
  problem=$(base_problem "$1")
  if [[ -n "${problem}" ]]; then
    bad "$1" "${problem}"
    return
  fi
  walk_chain "$1"
  if [[ -n "${chain_problem}" ]]; then
    bad "$1" "${chain_problem}"
  else
    log_info "$1 is good, and so are the ${chain_length} WAL segments from its start to ${chain_end}"
  fi
}

# A base backup of a place behind which a timeline was left leads to nothing that was written since.
verify_lead() {
  local name history serving
  serving_history || return 0
  while read -r name; do
    if leads_on "${name}"; then return; fi
  done < <(list_bases)
  bad wal "no base backup leads to timeline ${serving}, which is the newest: what was written on it can be restored from dumps only; take a base backup at once"
}

# Those of the application's database, then those of each other one.
list_all_backups() {
  local database
  list_backups
  while read -r database; do list_backups "${database}"; done < <(list_databases)
}

verify_all() {
  local name count=0
  while read -r name; do verify_dump "${name}" && count=$((count + 1)); done < <(list_all_backups)
  while read -r name; do verify_base "${name}" && count=$((count + 1)); done < <(list_bases)
  ((count > 0)) || die 1 "there is no backup in ${BACKUP_DIRECTORY}"
  [[ ! -s "${BACKUP_DIRECTORY}/wal/chain-broken" ]] || bad wal "WAL is missing: $(chain_break)"
  [[ -z "$(list_bases)" ]] || verify_lead
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  local name
  declare -gA sound=()
  failed=''
  require_mounted_backups
  require_env BACKUP_DIRECTORY
  require_backup_directory
  case "$#/${1:-}" in
  1/--all) verify_all ;;
  1/--base | 2/--base)
    name=${2:-$(list_bases | tail -n 1)}
    [[ -n "${name}" ]] || die 1 "there is no base backup in ${BACKUP_DIRECTORY}/base"
    # shellcheck disable=SC2053 # a pattern on purpose
    [[ "${name}" == ${base_pattern} ]] || die 64 "'${name}' is no name of a base backup; ls ${BACKUP_DIRECTORY}/base shows them"
    verify_base "${name}"
    [[ -n "${2:-}" ]] || verify_lead
    ;;
  0/ | 1/*)
    name=${1:-$(list_backups | tail -n 1)}
    [[ -n "${name}" ]] || die 1 "there is no dump in ${BACKUP_DIRECTORY}"
    is_dump_name "${name}" || die 64 "'${name}' is no name of a dump; ls ${BACKUP_DIRECTORY} shows them. ${usage}"
    verify_dump "${name}"
    ;;
  *) die 64 "${usage}" ;;
  esac
  [[ -z "${failed}" ]] || exit 1
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
