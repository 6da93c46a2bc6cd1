# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# What is copied. Sourced by offsite.sh, never run.

# Past the retention by its name's date; never the newest one. Usage: is_expired STAMP NEWEST
is_expired() { [ "$1" != "$2" ] && expr "_$1" '<' "_${oldest_kept}" >/dev/null; }

# Stamps of what is complete: a dump with its checksum, a base backup with its sums. Usage: dump_stamps FILE; base_stamps FILE
dump_stamps() {
  paths "$1" "${dump_names}" | while read -r name; do
    if grep -q " ${name}.sha256\$" "$1"; then expr "${name}" : 'postgresql_backup_\(.*\)\.sql\.gz'; fi
  done
}
base_stamps() { paths "$1" '^base/postgresql_base_[0-9]{8}_[0-9]{6}/SHA256SUMS$' | sed -E 's/.*_base_([0-9_]+)\/.*/\1/'; }

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
    oldest=$(lower_start "${oldest}" "${stamp}")
    paths "${scratch}/local" "^base/postgresql_base_${stamp}/${base_files}\$" | sed 's#/SHA256SUMS$#/~#' | sort | sed 's#/~$#/SHA256SUMS#'
  done
  paths "${scratch}/local" "${wal_names}" | awk -v oldest="_${oldest}" '/history/ || "_" substr($1, 13, 16) >= oldest'
  paths "${scratch}/local" '^wal/system-identifier$'
}

# What is not there yet, or has another size. Copied files are proved by what rclone reads back. Usage: copy_new LIST
copy_new() {
  awk 'FILENAME == ARGV[1] { there[$2] = $1; next } FILENAME == ARGV[2] { here[$2] = $1; next }
      !($1 in there) { print "new", $1; next } there[$1] != here[$1] { print "differs", $1 }' "${scratch}/remote" "${scratch}/local" "$1" >"${scratch}/todo"
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
  [ -s "${scratch}/new" ] || return 0
  copied=$((copied + $(wc -l <"${scratch}/new")))
  grep -v '/SHA256SUMS$' "${scratch}/new" >"${scratch}/first" || true
  grep '/SHA256SUMS$' "${scratch}/new" >"${scratch}/last" || true
  for list in first last; do
    [ -s "${scratch}/${list}" ] || continue
    remote copy --immutable --no-traverse --files-from "${scratch}/${list}" "${BACKUP_DIRECTORY}" "${OFFSITE_REMOTE}" 2>"${scratch}/errors" ||
      give_up 1 "copying to ${OFFSITE_REMOTE} failed: $(tail -n 1 "${scratch}/errors"); it is tried again at the next run"
  done
  compare "${scratch}/new"
  awk 'FILENAME == ARGV[1] { size[$2] = $1; next } { print size[$1], $1 }' "${scratch}/local" "${scratch}/new" | know_there
}

# What was sent since the remote was listed: "SIZE PATH" on stdin.
know_there() {
  cat - "${scratch}/remote" | awk '!known[$2]++' | sort -k 2 >"${scratch}/listing"
  mv "${scratch}/listing" "${scratch}/remote"
}
