#!/bin/sh
# Copies the backup volume to a place outside of this cluster, WAL first, proves that it arrived, names what is gone there, and lets the
# retention there run. Meanwhile it fetches what restore.sh or restore-pitr.sh --from offsite asked for.
# Usage: offsite.sh [--verify]; --verify compares everything in this run, not a part of it
#
# Environment:
#   BACKUP_DIRECTORY           what is copied: dumps, base backups, WAL
#   OFFSITE_REMOTE             where to, as rclone writes it: offsite:bucket/postgresql
#   OFFSITE_RETENTION_DAYS     days that dumps and base backups, with the WAL that leads on from them, are kept there
#   OFFSITE_DELETES (true)     false: nothing there is removed, moved or written over; the retention is that of the bucket's lifecycle
#   OFFSITE_ENCRYPTED (false)  true: the remote is of rclone's type crypt
#   OFFSITE_VERIFY_HOURS (24)  how often each file is compared, not only when it is new
#   OFFSITE_SLICE_SECONDS (1200), OFFSITE_SLICE_FILES (200)   for how long a run compares, and how many files before it looks at the clock
#   OFFSITE_WAL_SECONDS (300)  how often WAL is sent while dumps and base backups are sent or compared
#   OFFSITE_INVENTORY_FILES (1000000)   how many files there are watched; more are a problem that is named
#   OFFSITE_TIMEOUT (30s)      how long a connection may take
#   RCLONE_CONFIG_FILE         rclone.conf of the Secret; unset: RCLONE_CONFIG_REMOTE_TYPE and the like define the remote, by the pod's identity
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
. "${script_dir}/offsite/compare.sh"
. "${script_dir}/offsite/wal.sh"
. "${script_dir}/offsite/expire.sh"
. "${script_dir}/offsite/vanished.sh"
. "${script_dir}/offsite/fetch.sh"
. "${script_dir}/offsite/take.sh"
. "${script_dir}/offsite/request.sh"

# Dumps and base backups, then a part of all that is there. WAL goes on beside it.
copy_and_compare() {
  copy_new "${scratch}/backups"
  compare_slice
}

# Of what is complete there; whoever looks at either end finds the same.
write_marker() {
  bytes=$(awk 'FILENAME == ARGV[1] { size[$2] = $1; next } { sum += size[$1] } END { printf "%d", sum }' "${scratch}/local" "${scratch}/wanted")
  gone=$(vanished_fact FILES '[0-9]{1,9}')
  {
    printf 'FINISHED=%s\nFINISHED_EPOCH=%s\nSECONDS=%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(date +%s)" "$(($(date +%s) - began))"
    printf 'REMOTE=%s\nFILES=%s\nBYTES=%s\nCOPIED=%s\nREPLACED=%s\nVERIFIED_EPOCH=%s\n' "${OFFSITE_REMOTE}" "$(wc -l <"${scratch}/wanted")" "${bytes}" "${copied}" "${replaced}" "${verified}"
    printf 'VANISHED=%s\nVANISHED_SINCE=%s\n' "${gone:-0}" "$(vanished_fact SINCE '[0-9-]{10}T[0-9:]{8}Z')"
    printf 'NEWEST_DUMP=%s\nNEWEST_BASE=%s\nNEWEST_WAL=%s\n' "$(grep '^postgresql_backup_.*gz$' "${scratch}/wanted" | tail -n 1)" \
      "$(sed -n 's#^base/\(.*\)/SHA256SUMS$#\1#p' "${scratch}/wanted" | tail -n 1)" "$(sed -n 's#^wal/\([0-9A-F]*\)\.gz$#\1#p' "${scratch}/wanted" | sort | tail -n 1)"
  } >"${scratch}/marker"
  there=last-copy.env
  may_delete || there="last-copy/${now}.env"
  remote copyto "${scratch}/marker" "${OFFSITE_REMOTE}/${there}" || give_up 1 "writing ${OFFSITE_REMOTE}/${there} failed; it is tried again at the next run"
  keep_file offsite/last-copy.env <"${scratch}/marker"
}

main() {
  offer_help "$0" "$@"
  verify=no began=$(date +%s) now=$(date -u +%Y%m%d_%H%M%S) replaced=0 copied=0
  case ${1:-} in '') ;; --verify) verify=yes ;; *) give_up 64 "usage: offsite.sh [--verify]" ;; esac
  prepare BACKUP_DIRECTORY OFFSITE_REMOTE OFFSITE_RETENTION_DAYS
  case ${OFFSITE_RETENTION_DAYS} in 0 | *[!0-9]*) give_up 64 "OFFSITE_RETENTION_DAYS: must be a whole number of at least 1, got '${OFFSITE_RETENTION_DAYS}'" ;; *) ;; esac
  oldest_kept=$(date -u -d "@$((began - OFFSITE_RETENTION_DAYS * 86400))" +%Y%m%d_%H%M%S)
  answer_request
  : >"${scratch}/settled"
  list_remote "${scratch}/remote"
  require_same_system
  list_local "${scratch}/local"
  note_bases
  note_vanished
  send_wal
  beside_wal copy_and_compare
  keep_compared
  list_remote "${scratch}/remote"
  list_expired "${scratch}/remote" >"${scratch}/expired"
  if may_delete; then require_right_clock; fi
  keep_inventory
  [ "${unlisted}" -le 0 ] || trouble "${OFFSITE_REMOTE} holds ${unlisted} files more than OFFSITE_INVENTORY_FILES (${inventory_limit}): that they are there is not watched; look who wrote them"
  [ "${troubles}" -eq 0 ] || give_up 1 "the copy at ${OFFSITE_REMOTE} is not complete: ${troubles} problems, see above; nothing there was removed"
  if may_delete; then expire "${scratch}/expired"; fi
  write_marker
  say_info "complete at ${OFFSITE_REMOTE}: $(wc -l <"${scratch}/wanted") files, ${copied} new, ${replaced} replaced, $(wc -l <"${scratch}/expired") past the retention, $(($(date +%s) - began)) s"
  answer_request
}

main "$@"
