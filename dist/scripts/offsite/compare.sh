# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# How a copy is proved, and what becomes of one that is not what is here. Sourced by offsite.sh, never run.
#
#   offsite/compared   "EPOCH PATH" on the backup volume: when each file was compared last

compared_lines='^[0-9]{1,12} ((databases/)?postgresql_backup_|base/postgresql_base_|wal/)[A-Za-z0-9_./-]+$'

# What was compared longest ago comes first, a few files at a time, until it is time to end: the next run goes on from there.
compare_slice() {
  due_files >"${scratch}/due"
  until=$(($(date +%s) + ${OFFSITE_SLICE_SECONDS:-1200})) from=1 step=${OFFSITE_SLICE_FILES:-200}
  while sed -n "${from},$((from + step - 1))p" "${scratch}/due" >"${scratch}/slice" && [ -s "${scratch}/slice" ]; do
    compare "${scratch}/slice"
    from=$((from + step))
    [ "${verify}" = yes ] || [ "$(date +%s)" -lt "${until}" ] || break
  done
}

known_compared() { read_plain offsite/compared | grep -E "${compared_lines}" || true; }

# What was not compared for OFFSITE_VERIFY_HOURS; what was just copied was.
due_files() {
  limit=$((began - ${OFFSITE_VERIFY_HOURS:-24} * 3600))
  if [ "${verify}" = yes ]; then limit=999999999999; fi
  known_compared | cat "${scratch}/settled" - >"${scratch}/compared"
  awk -v limit="${limit}" 'FILENAME == ARGV[1] { if (!($2 in at)) at[$2] = $1; next }
    at[$1] + 0 <= limit { print at[$1] + 0, $1 }' "${scratch}/compared" "${scratch}/wanted" | sort -s -n -k 1,1 | cut -d ' ' -f 2-
}

# Notes what was settled in this run. Sets verified: since when all that is wanted was compared, 0 where some of it never was.
keep_compared() {
  known_compared | cat "${scratch}/settled" - |
    awk 'FILENAME == ARGV[1] { wanted[$1] = 1; next } $2 in wanted && !known[$2]++' "${scratch}/wanted" - >"${scratch}/compared"
  keep_file offsite/compared <"${scratch}/compared"
  verified=$(awk 'FILENAME == ARGV[1] { at[$2] = $1; next } { if (FNR == 1 || at[$1] + 0 < oldest) oldest = at[$1] + 0 } END { print oldest + 0 }' "${scratch}/compared" "${scratch}/wanted")
  [ "${verified}" -eq 0 ] || [ "$((began - verified))" -lt "$((2 * ${OFFSITE_VERIFY_HOURS:-24} * 3600 + 3600))" ] ||
    say_error "some files at ${OFFSITE_REMOTE} were not compared for $(((began - verified) / 3600)) hours: it takes longer than it has time; raise backup.offsite.resources"
}

# By hashes; an encrypted remote has them of what it encrypted. Usage: compare LIST
compare() {
  check=check
  if [ "${OFFSITE_ENCRYPTED:-false}" = true ]; then check=cryptcheck; fi
  : >"${scratch}/combined"
  remote "${check}" --one-way --files-from "$1" --combined "${scratch}/combined" "${BACKUP_DIRECTORY}" "${OFFSITE_REMOTE}" 2>"${scratch}/errors" || true
  sed -n 's/^\* //p' "${scratch}/combined" >"${scratch}/differing"
  sed -n "s/^= /$(date +%s) /p" "${scratch}/combined" >"${scratch}/same"
  cat "${scratch}/same" >>"${scratch}/settled"
  [ "$(cat "${scratch}/same" "${scratch}/differing" | wc -l)" -eq "$(still_here "$1" | wc -l)" ] ||
    give_up 1 "comparing with ${OFFSITE_REMOTE} failed: $(grep '^[+!]' "${scratch}/combined" | head -n 1) $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  while read -r path; do replace_damaged "${path}"; done <"${scratch}/differing"
}

# The retention of the backup volume may have removed some meanwhile. Usage: still_here LIST
still_here() {
  while read -r path; do
    if is_plain "${path}"; then printf '%s\n' "${path}"; fi
  done <"$1"
}

# A copy that is not what is here is replaced only where the one here is proved and the one there is proved bad; it is kept aside.
# Usage: replace_damaged PATH
replace_damaged() {
  if ! is_sound "${BACKUP_DIRECTORY}" "$1"; then
    trouble "$1 differs off-site, and the one on the backup volume is damaged: neither was touched; fetch the one off-site and compare"
    return
  fi
  case $1 in
  *.sha256 | */SHA256SUMS | wal/*.history | wal/system-identifier)
    trouble "$1 differs off-site: it names other content and is not overwritten; look at both, and move the one off-site away"
    return
    ;;
  *) ;;
  esac
  if remote_is_sound "$1"; then
    trouble "$1 is sound off-site, but other content than here: not overwritten; do two installations write to ${OFFSITE_REMOTE}?"
    return
  fi
  if ! may_delete; then
    trouble "$1 is damaged off-site, and nothing is replaced there (offsite.deletes: false): look who changed it, and bring it back from the versions of the bucket, or remove it there with a credential that may; then it is copied anew"
    return
  fi
  say_error "$1 is damaged off-site: kept as damaged/$1.${now}, and copied anew"
  # It is not gone while the new one is on its way.
  forget "$1"
  if ! { remote moveto "${OFFSITE_REMOTE}/$1" "${OFFSITE_REMOTE}/damaged/$1.${now}" && remote copyto "${BACKUP_DIRECTORY}/$1" "${OFFSITE_REMOTE}/$1"; }; then
    trouble "$1 could not be replaced; it is tried again at the next run"
  fi
  replaced=$((replaced + 1))
}

# Streamed: it may be larger than this container. Usage: remote_is_sound PATH
remote_is_sound() {
  case $1 in
  *.sql.gz) sum=$(read_plain "$1.sha256" | cut -d ' ' -f 1) ;;
  base/*) sum=$(read_plain "${1%/*}/SHA256SUMS" | grep -F "  ${1##*/}" | cut -d ' ' -f 1) ;;
  *)
    remote cat "${OFFSITE_REMOTE}/$1" | gzip -t 2>/dev/null
    return
    ;;
  esac
  [ "$(remote cat "${OFFSITE_REMOTE}/$1" | sha256sum | cut -d ' ' -f 1)" = "${sum}" ]
}
