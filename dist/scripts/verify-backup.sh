#!/usr/bin/env bash
# Proves that a dump is what was written: checksum, compression, end of the dump.
# Usage: verify-backup.sh [FILE]; the newest dump where no file is named
#
# Environment: BACKUP_DIRECTORY   where dumps are kept
# Exit status: 0 good, 1 not good or none there, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib-log.sh"
source "${script_dir}/lib-postgres.sh"
source "${script_dir}/lib-backup.sh"

main() {
  local name problem
  (($# <= 1)) || die 64 "usage: verify-backup.sh [FILE]"
  require_env BACKUP_DIRECTORY
  require_backup_directory
  name=${1:-$(list_backups | tail -n 1)}
  [[ -n "${name}" ]] || die 1 "there is no dump in ${BACKUP_DIRECTORY}"
  # shellcheck disable=SC2053 # a pattern on purpose
  [[ "${name}" == ${backup_pattern} ]] || die 64 "'${name}' is no name of a dump; ls ${BACKUP_DIRECTORY} shows them"
  problem=$(backup_problem "${name}")
  [[ -z "${problem}" ]] || die 1 "${name}: ${problem}"
  log_info "${name} is good"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
