#!/bin/sh
# Copies the backup volume to a place outside of this cluster, proves that it arrived, and lets the retention there run. Before and
# after that it fetches what restore.sh or restore-pitr.sh --from offsite asked for.
# Usage: offsite.sh [--verify]; --verify compares everything, as is done once in OFFSITE_VERIFY_HOURS
#
# Environment:
#   BACKUP_DIRECTORY           what is copied: dumps, base backups, WAL
#   OFFSITE_REMOTE             where to, as rclone writes it: offsite:bucket/postgresql
#   OFFSITE_RETENTION_DAYS     days that dumps and base backups, with the WAL that leads on from them, are kept there
#   OFFSITE_ENCRYPTED (false)  true: the remote is of rclone's type crypt
#   OFFSITE_VERIFY_HOURS (24)  how often everything is compared, not only what is new
#   OFFSITE_TIMEOUT (30s)      how long a connection may take
#   RCLONE_CONFIG_FILE         rclone.conf of the Secret
#   RUNTIME_DIRECTORY (/tmp)   for scratch
# Examples:
#   kubectl create job --from=cronjob/postgresql-offsite manual-offsite -n airflow
#   offsite.sh --verify
# Exit status: 0 all is there, 1 something is not, 2 cannot connect, 64 bad usage or environment, 75 another copy is running
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -eu

script_dir=$(cd -- "$(dirname -- "$0")" && pwd)
. "${script_dir}/lib/help.sh"
. "${script_dir}/offsite/common.sh"
. "${script_dir}/offsite/copy.sh"
. "${script_dir}/offsite/fetch.sh"
. "${script_dir}/offsite/take.sh"
. "${script_dir}/offsite/request.sh"

# The end of the log, which no complete segment holds yet. A shorter one never replaces a longer one, and one goes when its
# complete segment is there.
copy_tails() {
  mkdir "${scratch}/wal-tail"
  for partial in "${BACKUP_DIRECTORY}"/wal/*.gz.partial "${BACKUP_DIRECTORY}"/wal/receiving/*.gz.partial; do
    [ -s "${partial}" ] || continue
    name=${partial##*/}
    # A copy that does not grow while it is sent; the receiver may finish the segment meanwhile.
    cp "${partial}" "${scratch}/tail" 2>/dev/null || continue
    longest=$(size_in "${scratch}/remote" "wal-tail/${name}")
    if [ -e "${scratch}/wal-tail/${name}" ]; then longest=$(stat -c %s "${scratch}/wal-tail/${name}"); fi
    if [ "$(stat -c %s "${scratch}/tail")" -gt "${longest:-0}" ]; then mv "${scratch}/tail" "${scratch}/wal-tail/${name}"; fi
  done
  remote copy "${scratch}/wal-tail" "${OFFSITE_REMOTE}/wal-tail" 2>"${scratch}/errors" ||
    give_up 1 "copying to ${OFFSITE_REMOTE}/wal-tail failed: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  paths "${scratch}/remote" '^wal-tail/' | while read -r path; do
    name=${path#wal-tail/}
    if grep -qE " wal/${name%.partial}\$" "${scratch}/remote"; then printf '%s\n' "${path}"; fi
  done >"${scratch}/superseded"
  delete "${scratch}/superseded"
}

# Usage: delete LIST
delete() {
  [ -s "$1" ] || return 0
  remote delete --files-from "$1" "${OFFSITE_REMOTE}" || trouble "removing $(wc -l <"$1") files from ${OFFSITE_REMOTE} failed; it is tried again at the next run"
}

# What is there and past the retention; never the newest dump of a database, never the newest base backup nor WAL that a kept one needs.
expire() {
  newest_dump=$(dump_stamps "${scratch}/remote" | tail -n 1) newest_base=$(base_stamps "${scratch}/remote" | tail -n 1) oldest=''
  {
    for stamp in $(dump_stamps "${scratch}/remote"); do
      if is_expired "${stamp}" "${newest_dump}"; then printf 'postgresql_backup_%s.sql.gz\npostgresql_backup_%s.sql.gz.sha256\n' "${stamp}" "${stamp}"; fi
    done
    other_dumps "${scratch}/remote" expired | awk '{ print $1; print $1 ".sha256" }'
    for stamp in $(base_stamps "${scratch}/remote"); do
      if is_expired "${stamp}" "${newest_base}"; then
        paths "${scratch}/remote" "^base/postgresql_base_${stamp}/"
      elif [ -z "${oldest}" ]; then
        oldest=$(remote cat "${OFFSITE_REMOTE}/base/postgresql_base_${stamp}/base.env" | start_key) || oldest=0
      fi
    done
    [ -z "${oldest}" ] || paths "${scratch}/remote" '^wal/[0-9A-F]{24}(\.gz)?$' | awk -v oldest="_${oldest}" '"_" substr($1, 13, 16) < oldest'
  } >"${scratch}/expired"
  require_right_clock
  delete "${scratch}/expired"
}

# To a clock that is a year ahead all dumps are past the retention: more than half of them do not go at once.
require_right_clock() {
  gone=$(grep -c '\.sql\.gz$' "${scratch}/expired" || true) all=$({ dump_stamps "${scratch}/remote" && other_dumps "${scratch}/remote" expired && other_dumps "${scratch}/remote" kept; } | wc -l)
  [ "${gone}" -gt 3 ] && [ "$((gone * 2))" -gt "${all}" ] || return 0
  say_error "${gone} of ${all} dumps at ${OFFSITE_REMOTE} are older than ${OFFSITE_RETENTION_DAYS} days at this clock ($(date -u +%Y-%m-%d)): is it right? Nothing there was removed; if it is right, remove some of them by hand"
  : >"${scratch}/expired"
}

# When everything was compared last; the marker of the last complete copy says so.
must_verify() {
  [ "${verify}" = no ] || return 0
  last=$(sed -n 's/^VERIFIED_EPOCH=\([0-9]\{1,12\}\)$/\1/p' "${BACKUP_DIRECTORY}/offsite/last-copy.env" 2>/dev/null || true)
  [ "$(($(date +%s) - ${last:-0}))" -ge "$((${OFFSITE_VERIFY_HOURS:-24} * 3600))" ]
}

write_marker() {
  marker="${BACKUP_DIRECTORY}/offsite/last-copy.env"
  {
    printf 'FINISHED=%s\nFINISHED_EPOCH=%s\nSECONDS=%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(date +%s)" "$(($(date +%s) - began))"
    printf 'REMOTE=%s\nFILES=%s\nBYTES=%s\nCOPIED=%s\nREPLACED=%s\nVERIFIED_EPOCH=%s\n' "${OFFSITE_REMOTE}" "$(wc -l <"${scratch}/wanted")" "${bytes}" "${copied}" "${replaced}" "${verified}"
    printf 'NEWEST_DUMP=%s\nNEWEST_BASE=%s\nNEWEST_WAL=%s\n' "$(grep '^postgresql_backup_.*gz$' "${scratch}/wanted" | tail -n 1)" \
      "$(sed -n 's#^base/\(.*\)/SHA256SUMS$#\1#p' "${scratch}/wanted" | tail -n 1)" "$(sed -n 's#^wal/\([0-9A-F]*\)\.gz$#\1#p' "${scratch}/wanted" | sort | tail -n 1)"
  } >"${marker}.partial"
  remote copyto "${marker}.partial" "${OFFSITE_REMOTE}/last-copy.env" || give_up 1 "writing ${OFFSITE_REMOTE}/last-copy.env failed; it is tried again at the next run"
  sync "${marker}.partial" && mv -f "${marker}.partial" "${marker}" && sync "${BACKUP_DIRECTORY}/offsite"
}

main() {
  offer_help "$0" "$@"
  verify=no began=$(date +%s) now=$(date -u +%Y%m%d_%H%M%S) replaced=0 copied=0
  case ${1:-} in '') ;; --verify) verify=yes ;; *) give_up 64 "usage: offsite.sh [--verify]" ;; esac
  prepare BACKUP_DIRECTORY OFFSITE_REMOTE OFFSITE_RETENTION_DAYS RCLONE_CONFIG_FILE
  case ${OFFSITE_RETENTION_DAYS} in 0 | *[!0-9]*) give_up 64 "OFFSITE_RETENTION_DAYS: must be a whole number of at least 1, got '${OFFSITE_RETENTION_DAYS}'" ;; *) ;; esac
  oldest_kept=$(date -u -d "@$((began - OFFSITE_RETENTION_DAYS * 86400))" +%Y%m%d_%H%M%S)
  answer_request
  list_remote "${scratch}/remote"
  require_same_system
  list_local "${scratch}/local"
  select_files >"${scratch}/wanted"
  copy_new
  verified=$(sed -n 's/^VERIFIED_EPOCH=\([0-9]\{1,12\}\)$/\1/p' "${BACKUP_DIRECTORY}/offsite/last-copy.env" 2>/dev/null || true)
  if must_verify; then
    compare "${scratch}/wanted"
    verified=$(date +%s)
  fi
  list_remote "${scratch}/remote"
  copy_tails
  [ "${troubles}" -eq 0 ] || give_up 1 "the copy at ${OFFSITE_REMOTE} is not complete: ${troubles} problems, see above; nothing there was removed"
  expire
  bytes=$(awk 'FILENAME == ARGV[1] { size[$2] = $1; next } { sum += size[$1] } END { printf "%d", sum }' "${scratch}/local" "${scratch}/wanted")
  write_marker
  say_info "complete at ${OFFSITE_REMOTE}: $(wc -l <"${scratch}/wanted") files, ${copied} new, ${replaced} replaced, $(wc -l <"${scratch}/expired") past the retention, $(($(date +%s) - began)) s"
  answer_request
}

main "$@"
