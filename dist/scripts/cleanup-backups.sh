#!/usr/bin/env bash
# Removes dumps that are older than the retention, but always keeps the newest good ones of each database, and never the last
# good one; base backups beyond the newest good ones, and the WAL that none of the kept ones needs.
# Usage: cleanup-backups.sh [--dry-run] [--many]
#   --dry-run   what would go
#   --many      also where more than half of all dumps would go
#
# Environment:
#   BACKUP_DIRECTORY           where dumps and archived WAL are kept
#   BACKUP_RETENTION_DAYS      days that a dump is kept, and archived WAL while there is no base backup
#   BACKUP_RETENTION_MINIMUM   good dumps that are kept whatever their age
#   BASE_BACKUP_KEEP           good base backups that are kept; unset: all
# Examples:
#   cleanup-backups.sh --dry-run                                          what would go
#   env BACKUP_RETENTION_DAYS=7 BACKUP_RETENTION_MINIMUM=3 cleanup-backups.sh --dry-run
# Exit status: 0 done, 1 failed, 64 bad usage or environment
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
source "${script_dir}/backup/counted.sh"
source "${script_dir}/backup/retention.sh"

# Usage: remove FILE…
remove() {
  if [[ -n "${dry_run}" ]]; then
    log_info "would remove ${1##*/}"
    return
  fi
  log_info "removing ${1##*/}"
  rm -f -- "$@"
}

# The name tells a dump's age: times of files change when a volume is copied. Usage: is_old NAME
is_old() {
  local stamp
  stamp=$(stamp_of "$1")
  [[ "${stamp}" < "${oldest_kept}" ]]
}

# A clock that is or was wrong makes good dumps old, and leaves a hole between two of them, or between the newest one and now. Whether
# there is one of more than half of the retention, and of two days at least; a name that is no time tells of none that can be trusted.
# Usage: is_clock_odd [DATABASE]
is_clock_odd() {
  local name next hole=$((BACKUP_RETENTION_DAYS > 4 ? BACKUP_RETENTION_DAYS * 43200 : 172800)) at
  next=$(seconds_of "${today}")
  while read -r name; do
    at=$(seconds_of "$(stamp_of "${name}")" 2>/dev/null) || return 0
    ((next - at <= hole)) || return 0
    next=${at}
  done < <(list_backups "$@" | sort -r)
  return 1
}

# Usage: stamp_of NAME; seconds_of STAMP
stamp_of() {
  local stamp=${1#*postgresql_backup_}
  printf '%s\n' "${stamp:0:15}"
}
seconds_of() { date -u -d "${1:0:4}-${1:4:2}-${1:6:2} ${1:9:2}:${1:11:2}:${1:13:2}" +%s; }

# Newest first: the first good ones stay, then whatever is young enough. At an odd clock more than half of them do not go at once. Usage: clean_dumps [DATABASE]; the application's where none is named
clean_dumps() {
  local name good=0 old=() all
  while read -r name; do
    if ((good < BACKUP_RETENTION_MINIMUM)) && [[ -z "$(backup_problem "${name}")" ]]; then
      good=$((good + 1))
      continue
    fi
    if ! is_old "${name}"; then continue; fi
    if ((good == 0)); then
      log_warn "${name} is old and not good, but no newer dump is good: kept"
      continue
    fi
    old+=("${name}")
  done < <(list_backups "$@" | sort -r)
  all=$(list_backups "$@" | wc -l)
  if ((${#old[@]} > 3 && ${#old[@]} * 2 > all)) && [[ -z "${many}" ]] && is_clock_odd "$@"; then
    log_error "${#old[@]} of ${all} dumps${1:+ of database $1} are older than ${BACKUP_RETENTION_DAYS} days at this clock ($(date -u +%Y-%m-%d)): is it right, and were there no backups for so long? Nothing was removed; cleanup-backups.sh --many removes them, in a job: runbooks/storage-full.md"
    return
  fi
  for name in "${old[@]}"; do remove "${BACKUP_DIRECTORY}/${name}" "${BACKUP_DIRECTORY}/${name}.sha256"; done
}

# Leftovers of runs that were killed. Usage: clean_folder FOLDER PATTERN
clean_folder() {
  local file
  while read -r file; do
    [[ -e "${file%.sha256}" ]] || remove "${file}"
  done < <(find "$1" -maxdepth 1 -name "$2.sha256" -mtime +0)
  while read -r file; do remove "${file}"; done < <(find "$1" -maxdepth 1 -name '*.partial' -mtime +0)
}

clean_files() {
  clean_folder "${BACKUP_DIRECTORY}" "${backup_pattern}"
  [[ ! -d "${BACKUP_DIRECTORY}/databases" ]] || clean_folder "${BACKUP_DIRECTORY}/databases" "${backup_pattern%.sql.gz}.*.sql.gz"
  [[ -n "${dry_run}" ]] || rm -rf -- "${BACKUP_DIRECTORY}"/base/.removing.*
}

# Nothing goes while somebody recovers from it; the next run removes it. Since when that is so is noted, for the health check.
skip() {
  log_warn "a recovery reads the backups: nothing is removed now"
  [[ -s "${skipped}" ]] || printf 'SINCE_EPOCH=%s\n' "${EPOCHSECONDS}" >"${skipped}" || log_warn "${skipped} cannot be written"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  local database
  dry_run='' many=''
  while (($# > 0)); do
    case $1 in
    --dry-run) dry_run=yes ;;
    --many) many=yes ;;
    *) die 64 "usage: cleanup-backups.sh [--dry-run] [--many]" ;;
    esac
    shift
  done
  require_env BACKUP_DIRECTORY BACKUP_RETENTION_DAYS BACKUP_RETENTION_MINIMUM
  require_backup_directory
  [[ "${BACKUP_RETENTION_DAYS}" =~ ^[1-9][0-9]*$ && "${BACKUP_RETENTION_MINIMUM}" =~ ^[1-9][0-9]*$ ]] || die 64 "BACKUP_RETENTION_DAYS and BACKUP_RETENTION_MINIMUM must be whole numbers of at least 1"
  BASE_BACKUP_KEEP=${BASE_BACKUP_KEEP:-1000000}
  [[ "${BASE_BACKUP_KEEP}" =~ ^[1-9][0-9]*$ ]] || die 64 "BASE_BACKUP_KEEP must be a whole number of at least 1, got '${BASE_BACKUP_KEEP}'"
  skipped="${BACKUP_DIRECTORY}/retention-skipped"
  if [[ -z "${dry_run}" ]]; then
    exec {reading}>"${BACKUP_DIRECTORY}/.reading"
    flock -n "${reading}" || { skip && return; }
    rm -f -- "${skipped}"
  fi
  today=$(date -u +%Y%m%d_%H%M%S)
  oldest_kept=$(date -u -d "-${BACKUP_RETENTION_DAYS} days" +%Y%m%d_%H%M%S)
  clean_dumps
  while read -r database; do clean_dumps "${database}"; done < <(list_databases)
  choose_bases
  clean_bases
  clean_wal
  clean_files
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
