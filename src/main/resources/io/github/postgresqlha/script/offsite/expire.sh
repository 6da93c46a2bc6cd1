# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# What is no longer kept there. Sourced by offsite.sh, never run. Who can write there may write a base.env there: which WAL a base backup
# needs says the one here, or what was noted of it while it was here. On the backup volume:
#
#   copied-bases   "KEY STAMP": from which WAL on each base backup that was ever here needs it; not in offsite/, where the members write

noted_bases='^[0-9A-F]{16} [0-9]{8}_[0-9]{6}$'

# Usage: note_bases; of those that are here
note_bases() {
  read_plain copied-bases | grep -E "${noted_bases}" >"${scratch}/noted" || true
  for stamp in $(base_stamps "${scratch}/local"); do
    if grep -q " ${stamp}\$" "${scratch}/noted"; then continue; fi
    key=$(start_here "${stamp}") && printf '%s %s\n' "${key}" "${stamp}" >>"${scratch}/noted"
  done
  read_plain copied-bases | cmp -s "${scratch}/noted" - || keep_file copied-bases <"${scratch}/noted"
}

# Usage: start_here STAMP
start_here() {
  is_sound "${BACKUP_DIRECTORY}" "base/postgresql_base_$1/base.env" && read_plain "base/postgresql_base_$1/base.env" | start_key
}

# From where on a base backup needs WAL, by what is known here; 0, all of it, where nothing is. Usage: start_of STAMP
start_of() {
  noted=$(grep -m 1 " $1\$" "${scratch}/noted") && printf '%s\n' "${noted% *}" || printf '0\n'
}

# Usage: lower_start KEY STAMP; KEY is empty at first
lower_start() {
  start=$(start_of "$2")
  if [ -z "$1" ] || expr "_${start}" '<' "_$1" >/dev/null; then printf '%s\n' "${start}"; else printf '%s\n' "$1"; fi
}

# The newest one that is known here; where there is none, the newest one. Usage: newest_known LISTING
newest_known() {
  base_stamps "$1" | awk 'FILENAME == ARGV[1] { noted[$2] = 1; next } { newest = $1 } $1 in noted { known = $1 } END { print known ? known : newest }' "${scratch}/noted" -
}

# What of a listing is past the retention; never the newest dump of a database, never the newest base backup nor WAL that a kept one needs.
# Usage: list_expired LISTING
list_expired() {
  newest_dump=$(dump_stamps "$1" | tail -n 1) newest_base=$(newest_known "$1") oldest=''
  for stamp in $(dump_stamps "$1"); do
    if is_expired "${stamp}" "${newest_dump}"; then printf 'postgresql_backup_%s.sql.gz\npostgresql_backup_%s.sql.gz.sha256\n' "${stamp}" "${stamp}"; fi
  done
  other_dumps "$1" expired | awk '{ print $1; print $1 ".sha256" }'
  for stamp in $(base_stamps "$1"); do
    if is_expired "${stamp}" "${newest_base}"; then
      paths "$1" "^base/postgresql_base_${stamp}/"
    else
      oldest=$(lower_start "${oldest}" "${stamp}")
    fi
  done
  [ -z "${oldest}" ] || paths "$1" '^wal/[0-9A-F]{24}(\.gz)?$' | awk -v oldest="_${oldest}" '"_" substr($1, 13, 16) < oldest'
}

# Removes what is expired, and tails whose complete segment is there. Usage: expire LIST
expire() {
  paths "${scratch}/remote" '^wal-tail/' | while read -r path; do
    name=${path#wal-tail/}
    if grep -qE " wal/${name%.partial}\$" "${scratch}/remote"; then printf '%s\n' "${path}"; fi
  done >"${scratch}/superseded"
  delete "${scratch}/superseded"
  delete "$1"
}

# Usage: delete LIST
delete() {
  [ -s "$1" ] || return 0
  remote delete --files-from "$1" "${OFFSITE_REMOTE}" || trouble "removing $(wc -l <"$1") files from ${OFFSITE_REMOTE} failed; it is tried again at the next run"
}

# A clock that is a year ahead, or names that it gave, leave a hole among the dumps: then more than half of them do not go at once.
require_right_clock() {
  gone=$(grep -c '\.sql\.gz$' "${scratch}/expired" || true) all=$({ dump_stamps "${scratch}/remote" && other_dumps "${scratch}/remote" expired && other_dumps "${scratch}/remote" kept; } | wc -l)
  [ "${gone}" -gt 3 ] && [ "$((gone * 2))" -gt "${all}" ] && has_hole || return 0
  say_error "${gone} of ${all} dumps at ${OFFSITE_REMOTE} are older than ${OFFSITE_RETENTION_DAYS} days at this clock ($(date -u +%Y-%m-%d)): is it right, and were there no backups for so long? Nothing there was removed; if it is, remove the oldest ones with the tools of the provider"
  : >"${scratch}/expired"
}

# Whether two dumps, or the newest one and now, are more than half of the retention apart, and two days at least; a name that is no
# time tells of none that can be trusted.
has_hole() {
  hole=$((OFFSITE_RETENTION_DAYS > 4 ? OFFSITE_RETENTION_DAYS * 43200 : 172800)) next=$(stamp_seconds "${now}")
  for stamp in $(dump_stamps "${scratch}/remote" | sort -r); do
    at=$(stamp_seconds "${stamp}" 2>/dev/null) || return 0
    [ "$((next - at))" -le "${hole}" ] || return 0
    next=${at}
  done
  return 1
}

# Usage: stamp_seconds STAMP
stamp_seconds() { date -u -d "$(printf '%s' "$1" | sed -E 's/(....)(..)(..)_(..)(..)(..)/\1-\2-\3 \4:\5:\6/')" +%s; }
