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

# The end of the log, which no complete segment holds yet. A shorter one never replaces a longer one. Where nothing may be written over,
# each has its size in its name.
copy_tails() {
  rm -rf "${scratch}/wal-tail"
  mkdir "${scratch}/wal-tail"
  for partial in "${BACKUP_DIRECTORY}"/wal/*.gz.partial "${BACKUP_DIRECTORY}"/wal/receiving/*.gz.partial; do
    name=${partial##*/}
    expr "${name}" : '[0-9A-F]\{24\}\.gz\.partial$' >/dev/null || continue
    # A copy that does not grow while it is sent; the receiver may finish the segment meanwhile.
    read_plain "${partial#"${BACKUP_DIRECTORY}/"}" >"${scratch}/tail" && [ -s "${scratch}/tail" ] || continue
    longest=$(size_in "${scratch}/remote" "wal-tail/${name}")
    if [ -e "${scratch}/wal-tail/${name}" ]; then longest=$(stat -c %s "${scratch}/wal-tail/${name}"); fi
    size=$(stat -c %s "${scratch}/tail")
    if ! may_delete; then
      name="${name}.${size}"
      longest=$(size_in "${scratch}/remote" "wal-tail/${name}")
    fi
    if [ "${size}" -gt "${longest:-0}" ]; then mv "${scratch}/tail" "${scratch}/wal-tail/${name}"; fi
  done
  remote copy "${scratch}/wal-tail" "${OFFSITE_REMOTE}/wal-tail" 2>"${scratch}/errors" ||
    give_up 1 "copying to ${OFFSITE_REMOTE}/wal-tail failed: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  (cd "${scratch}" && find wal-tail -type f -exec stat -c '%s %n' {} +) | know_there
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
