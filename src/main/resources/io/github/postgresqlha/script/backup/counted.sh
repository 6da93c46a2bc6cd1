# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of cleanup-backups.sh; statuses of the checks are their answers)
# Which base backups count for retention: those of the system whose log is archived, at a place that the archive has. Any other one came from elsewhere,
# and what its base.env says of its place would make all others look old. Sourced after backup/repository.sh, never run.

# Sets own_system, archived_segments and archived_timelines.
read_archive() {
  local name
  declare -gA archived_segments=()
  own_system=$(head -c 32 -- "${BACKUP_DIRECTORY}/wal/system-identifier" 2>/dev/null | tr -d '\0') || own_system=''
  while read -r name; do archived_segments[${name}]=yes; done < <(find "${BACKUP_DIRECTORY}/wal" "${BACKUP_DIRECTORY}/wal/receiving" -maxdepth 1 -type f -size +0 \
    -regextype posix-extended -regex '.*/[0-9A-F]{24}(\.gz)?(\.partial)?' -printf '%f\n' 2>/dev/null | cut -c 1-24 | sort -u)
  mapfile -t archived_timelines < <(printf '%s\n' "${!archived_segments[@]}" | grep . | cut -c 1-8 | sort -u)
}

# The segment of a place on this timeline or on a later one; nothing where the archive has none. Usage: segment_since TIMELINE BYTES SEGMENT_BYTES
segment_since() {
  local timeline name
  for timeline in "${archived_timelines[@]}"; do
    ((16#${timeline} >= $1)) || continue
    name=$(segment_at "$((16#${timeline}))" "$2" "$3")
    [[ -z "${archived_segments[${name}]:-}" ]] || { printf '%s\n' "${name}" && return; }
  done
}

# Whether the first page of a segment says this system, this place and this size. Usage: is_own_segment NAME BYTES SEGMENT_BYTES
is_own_segment() {
  local path place system size
  for path in "${BACKUP_DIRECTORY}"/wal/{,receiving/}"$1"{.gz,,.gz.partial,.partial}; do
    [[ -s "${path}" ]] || continue
    read -r _ place _ system size < <({ gzip -dcf -- "${path}" 2>/dev/null || true; } | od -An -v -w40 -N 40 -t u8) || true
    [[ "${place:-}" == "$2" && "${system:-}" == "${own_system}" && "$((${size:-0} & 16#FFFFFFFF))" == "$3" ]] && return
  done
  return 1
}

# Prints why a base backup does not count; nothing where it does. Usage: stranger NAME
stranger() {
  local problem timeline size first last bytes segment
  problem=$(facts_problem "$1")
  [[ -z "${problem}" ]] || { printf '%s' "${problem}" && return; }
  is_fact "${fact_system}" "${own_system}" || { printf 'wal/system-identifier does not say whose log is archived' && return; }
  [[ "$(base_fact "$1" SYSTEM_IDENTIFIER)" == "${own_system}" ]] || { printf 'it is of another database, system %s' "$(base_fact "$1" SYSTEM_IDENTIFIER)" && return; }
  timeline=$(base_fact "$1" TIMELINE) size=$(base_fact "$1" SEGMENT_BYTES)
  first=$(lsn_bytes "$(base_fact "$1" START_LSN)") last=$(($(lsn_bytes "$(base_fact "$1" STOP_LSN)") - 1))
  first=$((first - first % size))
  for ((bytes = first; bytes <= last; bytes += size)); do
    segment=$(segment_since "${timeline}" "${bytes}" "${size}")
    [[ -n "${segment}" ]] || { printf 'the archive has no WAL of its place, timeline %s, %s' "${timeline}" "$(bytes_lsn "${bytes}")" && return; }
    ((bytes > first)) || is_own_segment "${segment}" "${bytes}" "${size}" || { printf 'segment %s, with which it begins, is not of this database' "${segment}" && return; }
  done
}
