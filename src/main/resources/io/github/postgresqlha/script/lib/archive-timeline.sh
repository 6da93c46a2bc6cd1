# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the supervisors; a question, and a listing that may fail)
# The timelines that the WAL archive has a history of, noted for the next promotion: what a member knows by itself goes back in
# time with its volume. Beside the loop: the backup volume may hang while everything else works. Sourced by the supervisors after
# lib/facts.sh.

archive_timeline_pid='' archive_timeline_began=0

# Once a tick, and at each start.
follow_archive_timeline() {
  [[ -n "${BACKUP_DIRECTORY:-}" ]] && ! lists_archive || return 0
  every archive_timeline 30 || return 0
  note_archive_timeline &
  archive_timeline_pid=$! archive_timeline_began=${now}
}

lists_archive() { [[ -n "${archive_timeline_pid}" && -d "/proc/${archive_timeline_pid}" ]]; }

# An empty history is the placeholder of a number that nobody took.
note_archive_timeline() {
  local name numbers=0
  while IFS= read -r name; do
    if is_fact '[0-9A-F]{8}' "${name:0:8}"; then numbers+=$'\n'$((16#${name:0:8})); fi
  done < <(find "${BACKUP_DIRECTORY}/wal" "${BACKUP_DIRECTORY}/wal/receiving" -maxdepth 1 -type f -size +0 -regextype posix-extended -regex '.*/[0-9A-F]{8}\.history(\.gz)?' -printf '%f\n' 2>/dev/null | sort -u)
  note_archive_ends
  deliver_whole "${RUNTIME_DIRECTORY}/archive-timeline" "${numbers}"
}

# The newest file of each timeline, of whole segments and of others.
note_archive_ends() {
  local names
  names=$(find "${BACKUP_DIRECTORY}/wal" "${BACKUP_DIRECTORY}/wal/receiving" -maxdepth 1 -type f -size +0 -regextype posix-extended -regex '.*/[0-9A-F]{24}(\.gz)?(\.partial)?' -printf '%f\n' 2>/dev/null | LC_ALL=C sort -u |
    awk '{ newest[substr($0, 1, 8) ($0 ~ /partial$/)] = $0 } END { for (key in newest) print newest[key] }') || true
  deliver_whole "${RUNTIME_DIRECTORY}/archive-ends" "${names}"
}

# Whether the first look at the archive has not ended yet; true for three seconds at most, so that no volume holds a promotion up.
awaits_archive_timeline() {
  [[ ! -e "${RUNTIME_DIRECTORY}/archive-timeline" ]] && lists_archive && ((now - archive_timeline_began < 3))
}
