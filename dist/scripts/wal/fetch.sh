#!/usr/bin/env bash
# Gives a recovering PostgreSQL a file of the archived write-ahead log: its restore_command.
# Usage: wal/fetch.sh NAME DESTINATION, as restore_command '/scripts/wal/fetch.sh "%f" "%p"'
#
# A whole file comes first. Where a timeline ended inside a segment, or the newest one is still being received, what can be read
# of its .partial is given, filled up with zeros to the size of a segment: PostgreSQL sees the end of the log there.
#
# PostgreSQL looks for timelines one number after the other, and members skip the numbers of others. So for a number that the
# archive has no history of, below one that it has, an empty history is given.
#
# Environment: BACKUP_DIRECTORY   the repository; the files are in its folder wal/
# Exit status: 0 done, 1 there is no such file, 64 bad usage or environment,
#   126 it is there but damaged: PostgreSQL takes 1 for the end of the log, and must not end there
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/wal/files.sh"

usage="usage: wal/fetch.sh NAME DESTINATION"

# The size of a segment is in the header of its first page. Usage: segment_size FILE
segment_size() { od -An -t u4 -j 32 -N 4 -- "$1" | tr -dc '0-9'; }

# Whether the archive has a real history above this one. Usage: is_passed_over NAME
is_passed_over() {
  local path name
  for path in "${BACKUP_DIRECTORY}"/wal/*.history* "${BACKUP_DIRECTORY}"/wal/receiving/*.history*; do
    name=${path##*/}
    if [[ ! "${name}" =~ ^[0-9A-F]{8}\.history(\.gz)?$ ]] || ((16#${name:0:8} <= 16#${1:0:8})); then continue; fi
    if unpacked "${path}" 2>/dev/null | grep -q .; then return; fi
  done
  return 1
}

# There is no such file. What the server has itself is better than an empty history. Usage: give_nothing NAME DESTINATION
give_nothing() {
  [[ "$1" == *.history && ! -s "${2%/*}/$1" ]] && is_passed_over "$1" || exit 1
  : >"$2"
  exit 0
}

main() {
  local found kind path size
  (($# == 2)) || die 64 "${usage}"
  [[ "$1" =~ ^[0-9A-F]{24}$ || "$1" =~ ^[0-9A-F]{8}\.history$ ]] || exit 1
  [[ -d "${BACKUP_DIRECTORY:-}/wal" ]] || die 126 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY:-} has no folder wal; is the backup volume mounted?"
  # The archiver may rename a file at any moment, so a second look is worth it.
  for _ in 1 2; do
    found=$(wal_file "$1")
    [[ -n "${found}" ]] || give_nothing "$1" "$2"
    read -r kind path <<<"${found}"
    if [[ "${kind}" == whole ]]; then
      if unpacked "${path}" >"$2"; then
        [[ -s "$2" ]] || give_nothing "$1" "$2"
        return
      fi
    else
      unpacked "${path}" >"$2" 2>/dev/null || true
      size=$(segment_size "$2")
      if [[ "${size}" =~ ^[1-9][0-9]*$ ]]; then
        truncate -s "${size}" -- "$2"
        log_info "${1}: the log ends in this segment"
        return
      fi
    fi
  done
  [[ "${kind}" == whole ]] || exit 1 # not even its first page was received
  die 126 "WAL segment ${1} is damaged: ${path}; restore a copy of it, or recover to a target before it"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
