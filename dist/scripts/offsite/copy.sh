# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# What is copied, how it is proved, and what is no longer kept. Sourced by offsite.sh, never run.

# Past the retention by its name's date; never the newest one. Usage: is_expired STAMP NEWEST
is_expired() { [ "$1" != "$2" ] && expr "_$1" '<' "_${oldest_kept}" >/dev/null; }

# Stamps of what is complete: a dump with its checksum, a base backup with its sums. Usage: dump_stamps FILE; base_stamps FILE
dump_stamps() {
  paths "$1" "${dump_names}" | while read -r name; do
    if grep -q " ${name}.sha256\$" "$1"; then expr "${name}" : 'postgresql_backup_\(.*\)\.sql\.gz'; fi
  done
}
base_stamps() { paths "$1" '^base/postgresql_base_[0-9_]+/SHA256SUMS$' | sed -E 's/.*_base_([0-9_]+)\/.*/\1/'; }

# Dumps of other databases that are complete: those past the retention, or those that are not; the newest of each database never is.
# Usage: other_dumps FILE expired|kept
other_dumps() {
  paths "$1" "${other_dump_names}" | while read -r name; do
    if grep -q " ${name}.sha256\$" "$1"; then printf '%s\n' "${name}"; fi
  done | awk -v oldest="_${oldest_kept}" -v wanted="$2" '{ split($1, part, "."); stamp[NR] = "_" substr(part[1], length(part[1]) - 14); database[NR] = part[2]; name[NR] = $1 }
    stamp[NR] > newest[part[2]] { newest[part[2]] = stamp[NR] }
    END { for (i = 1; i <= NR; i++) if ((stamp[i] < oldest && stamp[i] != newest[database[i]] ? "expired" : "kept") == wanted) print name[i] }'
}

# Paths that belong off-site, in the order in which they are of use: what proves a base backup comes last.
select_files() {
  newest_dump=$(dump_stamps "${scratch}/local" | tail -n 1) newest_base=$(base_stamps "${scratch}/local" | tail -n 1)
  dump_stamps "${scratch}/local" | while read -r stamp; do
    is_expired "${stamp}" "${newest_dump}" || printf 'postgresql_backup_%s.sql.gz.sha256\npostgresql_backup_%s.sql.gz\n' "${stamp}" "${stamp}"
  done
  other_dumps "${scratch}/local" kept | awk '{ print $1 ".sha256"; print $1 }'
  oldest=''
  for stamp in $(base_stamps "${scratch}/local"); do
    if is_expired "${stamp}" "${newest_base}"; then continue; fi
    if [ -z "${oldest}" ]; then oldest=$(start_key <"${BACKUP_DIRECTORY}/base/postgresql_base_${stamp}/base.env") || oldest=0; fi
    paths "${scratch}/local" "^base/postgresql_base_${stamp}/" | sed 's#/SHA256SUMS$#/~#' | sort | sed 's#/~$#/SHA256SUMS#'
  done
  paths "${scratch}/local" "${wal_names}" | awk -v oldest="_${oldest}" '/history/ || "_" substr($1, 13, 16) >= oldest'
  paths "${scratch}/local" '^wal/system-identifier$'
}

# What is not there yet, or has another size. Copied files are proved by what rclone reads back.
copy_new() {
  awk 'FILENAME == ARGV[1] { there[$2] = $1; next } FILENAME == ARGV[2] { here[$2] = $1; next }
      !($1 in there) { print "new", $1; next } there[$1] != here[$1] { print "differs", $1 }' "${scratch}/remote" "${scratch}/local" "${scratch}/wanted" >"${scratch}/todo"
  : >"${scratch}/new"
  while read -r what path; do
    if ! is_sound "${BACKUP_DIRECTORY}" "${path}"; then
      trouble "${path} is damaged on the backup volume and was not copied; what is off-site stays as it is"
    elif [ "${what}" = new ]; then
      printf '%s\n' "${path}" >>"${scratch}/new"
    else
      replace_damaged "${path}"
    fi
  done <"${scratch}/todo"
  copied=$(wc -l <"${scratch}/new")
  [ "${copied}" -gt 0 ] || return 0
  grep -v '/SHA256SUMS$' "${scratch}/new" >"${scratch}/first" || true
  grep '/SHA256SUMS$' "${scratch}/new" >"${scratch}/last" || true
  for list in first last; do
    [ -s "${scratch}/${list}" ] || continue
    remote copy --immutable --no-traverse --files-from "${scratch}/${list}" "${BACKUP_DIRECTORY}" "${OFFSITE_REMOTE}" 2>"${scratch}/errors" ||
      give_up 1 "copying to ${OFFSITE_REMOTE} failed: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  done
  compare "${scratch}/new"
}

# By hashes; an encrypted remote has them of what it encrypted. Usage: compare LIST
compare() {
  check=check
  if [ "${OFFSITE_ENCRYPTED:-false}" = true ]; then check=cryptcheck; fi
  : >"${scratch}/combined"
  remote "${check}" --one-way --files-from "$1" --combined "${scratch}/combined" "${BACKUP_DIRECTORY}" "${OFFSITE_REMOTE}" 2>"${scratch}/errors" || true
  sed -n 's/^\* //p' "${scratch}/combined" >"${scratch}/differing"
  same=$(grep -c '^= ' "${scratch}/combined" || true)
  [ "$((same + $(wc -l <"${scratch}/differing")))" -eq "$(wc -l <"$1")" ] ||
    give_up 1 "comparing with ${OFFSITE_REMOTE} failed: $(grep '^[+!]' "${scratch}/combined" | head -n 1) $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  while read -r path; do replace_damaged "${path}"; done <"${scratch}/differing"
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
  say_error "$1 is damaged off-site: kept as damaged/$1.${now}, and copied anew"
  if ! { remote moveto "${OFFSITE_REMOTE}/$1" "${OFFSITE_REMOTE}/damaged/$1.${now}" && remote copyto "${BACKUP_DIRECTORY}/$1" "${OFFSITE_REMOTE}/$1"; }; then
    trouble "$1 could not be replaced; it is tried again at the next run"
  fi
  replaced=$((replaced + 1))
}

# Streamed: it may be larger than this container. Usage: remote_is_sound PATH
remote_is_sound() {
  case $1 in
  *.sql.gz) sum=$(cut -d ' ' -f 1 "${BACKUP_DIRECTORY}/$1.sha256") ;;
  base/*) sum=$(grep -F "  ${1##*/}" "${BACKUP_DIRECTORY}/${1%/*}/SHA256SUMS" | cut -d ' ' -f 1) ;;
  *)
    remote cat "${OFFSITE_REMOTE}/$1" | gzip -t 2>/dev/null
    return
    ;;
  esac
  [ "$(remote cat "${OFFSITE_REMOTE}/$1" | sha256sum | cut -d ' ' -f 1)" = "${sum}" ]
}
