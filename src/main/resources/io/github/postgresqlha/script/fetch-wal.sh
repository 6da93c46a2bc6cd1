#!/usr/bin/env bash
# Gives a recovering server one file of the WAL archive: its restore_command.
# Usage: fetch-wal.sh FILE PATH
#
# Environment: BACKUP_DIRECTORY   its folder wal/ holds the archive
# Exit status: 0 it is at PATH, 1 the archive does not have it, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib-log.sh"
source "${script_dir}/lib-postgres.sh"
source "${script_dir}/lib-repository.sh"

# What can be read of a segment that was never finished; the rest is zeros, as in a segment that a server just began.
fetch_partial() {
  local partial
  for partial in "${BACKUP_DIRECTORY}"/wal/{,receiving/}"${file}.gz.partial"; do
    [[ -s "${partial}" ]] || continue
    { gzip -dc -- "${partial}" 2>/dev/null || true; } >"${target}.partial"
    [[ -s "${target}.partial" ]] || continue
    truncate -s "%${WAL_SEGMENT_BYTES:-16777216}" -- "${target}.partial"
    mv -f -- "${target}.partial" "${target}"
    return
  done
  rm -f -- "${target}.partial"
  return 1
}

main() {
  local source
  (($# == 2)) && [[ "$1" =~ ^[0-9A-F]{8}([0-9A-F]{16}(\.[0-9A-F]{8}\.backup)?|\.history)$ ]] || die 64 "usage: fetch-wal.sh FILE PATH"
  require_env BACKUP_DIRECTORY
  file=$1 target=$2
  source=$(archived "${file}")
  case ${source} in
  '') fetch_partial ;;
  *.gz) gzip -dc -- "${source}" >"${target}.partial" && mv -f -- "${target}.partial" "${target}" ;;
  *) cp -- "${source}" "${target}.partial" && mv -f -- "${target}.partial" "${target}" ;;
  esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@" || exit 1; fi
