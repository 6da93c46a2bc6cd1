# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# WAL goes first, and goes on while large files are sent or compared. Sourced by offsite.sh, never run.

# Sets wanted: WAL as it is now, and else what belonged off-site when this run began.
send_wal() {
  list_local "${scratch}/local"
  note_bases
  select_files >"${scratch}/selected"
  grep '^wal/' "${scratch}/selected" >"${scratch}/wal" || true
  [ -e "${scratch}/backups" ] || grep -v '^wal/' "${scratch}/selected" >"${scratch}/backups" || true
  cat "${scratch}/backups" "${scratch}/wal" >"${scratch}/wanted"
  copy_new "${scratch}/wal"
  copy_tails
}

# The end of the log, which no complete segment holds yet. One that holds less never replaces one that holds more. Where nothing may be
# written over, each has in its name how much it holds.
copy_tails() {
  rm -rf "${scratch}/wal-tail"
  mkdir "${scratch}/wal-tail"
  note_tails
  for partial in "${BACKUP_DIRECTORY}"/wal/*.gz.partial "${BACKUP_DIRECTORY}"/wal/receiving/*.gz.partial; do
    name=${partial##*/}
    expr "${name}" : '[0-9A-F]\{24\}\.gz\.partial$' >/dev/null || continue
    # A copy that does not grow while it is sent; the receiver may finish the segment meanwhile.
    read_plain "${partial#"${BACKUP_DIRECTORY}/"}" >"${scratch}/tail" && [ -s "${scratch}/tail" ] || continue
    bytes=$(unpacked_bytes <"${scratch}/tail")
    if ! may_delete; then
      name="${name}.${bytes}"
      [ -z "$(size_in "${scratch}/remote" "wal-tail/${name}")" ] || continue
    fi
    if [ -e "${scratch}/wal-tail/${name}" ]; then
      most=$(unpacked_bytes <"${scratch}/wal-tail/${name}")
    else
      most=$(tail_there "wal-tail/${name}") || give_up 2 "${OFFSITE_REMOTE}/wal-tail/${name} cannot be read: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
    fi
    [ "${bytes}" -gt "${most}" ] || continue
    printf '%s %s wal-tail/%s\n' "${bytes}" "$(stat -c %s "${scratch}/tail")" "${name}" >>"${scratch}/tail-lengths"
    mv "${scratch}/tail" "${scratch}/wal-tail/${name}"
  done
  remote copy "${scratch}/wal-tail" "${OFFSITE_REMOTE}/wal-tail" 2>"${scratch}/errors" ||
    give_up 1 "copying to ${OFFSITE_REMOTE}/wal-tail failed: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  (cd "${scratch}" && find wal-tail -type f -exec stat -c '%s %n' {} +) | know_there
  if may_delete; then keep_tail_lengths; fi
}

# How much the tails there hold is asked once, and then known until another one is there. On the backup volume, not in offsite/, where the
# members write:
#
#   copied-tails   "UNPACKED SIZE PATH"
note_tails() {
  [ -e "${scratch}/tail-lengths" ] || read_plain copied-tails | grep -E '^[0-9]{1,15} [0-9]{1,15} wal-tail/[0-9A-F]{24}\.gz\.partial$' >"${scratch}/tail-lengths" || true
}

keep_tail_lengths() {
  awk 'FILENAME == ARGV[1] { there[$0] = 1; next } { bytes[$2 " " $3] = $1 } END { for (tail in bytes) if (tail in there) print bytes[tail], tail }' \
    "${scratch}/remote" "${scratch}/tail-lengths" | sort -k 3 >"${scratch}/lengths"
  mv "${scratch}/lengths" "${scratch}/tail-lengths"
  read_plain copied-tails | cmp -s "${scratch}/tail-lengths" - || keep_file copied-tails <"${scratch}/tail-lengths"
}

# How much of the log the tail there holds; 0 where there is none. Usage: tail_there PATH
tail_there() {
  size=$(size_in "${scratch}/remote" "$1")
  held=$(awk -v tail="${size} $1" '$2 " " $3 == tail { bytes = $1 } END { print bytes }' "${scratch}/tail-lengths")
  if [ -z "${size}" ]; then
    held=0
  elif [ -z "${held}" ]; then
    held=$(remote_bytes "$1") || return 1
    printf '%s %s %s\n' "${held}" "${size}" "$1" >>"${scratch}/tail-lengths"
  fi
  printf '%s\n' "${held}"
}

# Usage: work_beside COMMAND; in a process of its own, with scratch of its own
work_beside() {
  trap - EXIT
  counts="${scratch}/counts" scratch="${scratch}/beside" troubles=0 copied=0 replaced=0 beside=''
  "$1"
  printf '%s %s %s\n' "${troubles}" "${copied}" "${replaced}" >"${counts}"
}

# Usage: beside_wal COMMAND; it runs in a process of its own. WAL is sent, and requests are answered, until it is done.
beside_wal() {
  mkdir "${scratch}/beside"
  cp "${scratch}/remote" "${scratch}/local" "${scratch}/wanted" "${scratch}/backups" "${scratch}/settled" "${scratch}/beside/"
  printf '0 0 0\n' >"${scratch}/counts"
  (work_beside "$1") &
  beside=$!
  turn=0
  while kill -0 "${beside}" 2>/dev/null; do
    sleep 1
    turn=$((turn + 1))
    [ "$((turn % ${OFFSITE_WAL_SECONDS:-300}))" -eq 0 ] || continue
    answer_request
    send_wal
  done
  status=0
  wait "${beside}" || status=$?
  beside=''
  [ "${status}" -eq 0 ] || exit "${status}"
  read -r more_troubles more_copied more_replaced <"${scratch}/counts"
  troubles=$((troubles + more_troubles)) copied=$((copied + more_copied)) replaced=$((replaced + more_replaced))
  cat "${scratch}/beside/settled" >>"${scratch}/settled"
}
