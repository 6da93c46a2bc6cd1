# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# What is no longer kept there. Sourced by offsite.sh, never run.

# What of a listing is past the retention; never the newest dump of a database, never the newest base backup nor WAL that a kept one needs.
# Usage: list_expired LISTING
list_expired() {
  newest_dump=$(dump_stamps "$1" | tail -n 1) newest_base=$(base_stamps "$1" | tail -n 1) oldest=''
  for stamp in $(dump_stamps "$1"); do
    if is_expired "${stamp}" "${newest_dump}"; then printf 'postgresql_backup_%s.sql.gz\npostgresql_backup_%s.sql.gz.sha256\n' "${stamp}" "${stamp}"; fi
  done
  other_dumps "$1" expired | awk '{ print $1; print $1 ".sha256" }'
  for stamp in $(base_stamps "$1"); do
    if is_expired "${stamp}" "${newest_base}"; then
      paths "$1" "^base/postgresql_base_${stamp}/"
    elif [ -z "${oldest}" ]; then
      oldest=$(base_facts "base/postgresql_base_${stamp}/base.env" | start_key) || oldest=0
    fi
  done
  [ -z "${oldest}" ] || paths "$1" '^wal/[0-9A-F]{24}(\.gz)?$' | awk -v oldest="_${oldest}" '"_" substr($1, 13, 16) < oldest'
}

# Usage: base_facts PATH
base_facts() {
  if [ -s "${BACKUP_DIRECTORY}/$1" ]; then cat "${BACKUP_DIRECTORY}/$1"; else remote cat "${OFFSITE_REMOTE}/$1" 2>/dev/null || true; fi
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

# To a clock that is a year ahead all dumps are past the retention: more than half of them do not go at once.
require_right_clock() {
  gone=$(grep -c '\.sql\.gz$' "${scratch}/expired" || true) all=$({ dump_stamps "${scratch}/remote" && other_dumps "${scratch}/remote" expired && other_dumps "${scratch}/remote" kept; } | wc -l)
  [ "${gone}" -gt 3 ] && [ "$((gone * 2))" -gt "${all}" ] || return 0
  say_error "${gone} of ${all} dumps at ${OFFSITE_REMOTE} are older than ${OFFSITE_RETENTION_DAYS} days at this clock ($(date -u +%Y-%m-%d)): is it right? Nothing there was removed; if it is right, remove some of them by hand"
  : >"${scratch}/expired"
}
