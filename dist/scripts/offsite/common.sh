# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What offsite.sh and fetch-offsite.sh share, for the plain sh of rclone's image. Sourced by them, never run.
#
# The remote holds what the backup volume holds, under the same names, but unfinished WAL in wal-tail/ and damaged copies,
# which were replaced, in damaged/.

dump_names='^postgresql_backup_[0-9]{8}_[0-9]{6}\.sql\.gz$'
other_dump_names='^databases/postgresql_backup_[0-9]{8}_[0-9]{6}\.[a-z_][a-z0-9_-]{0,62}\.sql\.gz$'
base_files='(base\.env|backup_manifest|SHA256SUMS|(base|[0-9]{1,10})\.tar\.gz)'
base_names="^base/postgresql_base_[0-9]{8}_[0-9]{6}/${base_files}\$"
wal_names='^wal/[0-9A-F]{8}([0-9A-F]{16}|\.history)(\.gz)?$'
identifiers='[1-9][0-9]{0,19}'

say() { printf '%s %s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${0##*/}" "$1" "$2" >&2; }
say_info() { say INFO "$*"; }
say_error() {
  say ERROR "$*"
  # For whoever asked for it from another container.
  if [ -d "${scratch:-}" ]; then printf '%s\n' "$*" >>"${scratch}/said"; fi
}

# Usage: give_up STATUS MESSAGE
give_up() {
  status=$1
  shift
  say_error "$*"
  exit "${status}"
}

# Something is not as it should be; the rest is still done. Usage: trouble MESSAGE
trouble() {
  say_error "$*"
  troubles=$((troubles + 1))
}

# Usage: prepare VARIABLE…; environment, lock, scratch
prepare() {
  for variable in "$@"; do
    eval "[ -n \"\${${variable}:-}\" ]" || give_up 64 "environment: not set: ${variable}; the header of ${0##*/} lists what it needs"
  done
  [ -d "${BACKUP_DIRECTORY}" ] || give_up 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no folder; is the backup volume mounted?"
  if [ -n "${RCLONE_CONFIG_FILE:-}" ]; then
    [ -s "${RCLONE_CONFIG_FILE}" ] || give_up 64 "RCLONE_CONFIG_FILE: ${RCLONE_CONFIG_FILE} is missing or empty; add the key rclone.conf to the Secret"
  else
    env | grep -q '^RCLONE_CONFIG_[A-Z0-9_]*_TYPE=.' || give_up 64 "environment: set neither RCLONE_CONFIG_FILE nor RCLONE_CONFIG_REMOTE_TYPE; the header of ${0##*/} lists what it needs"
  fi
  case ${OFFSITE_REMOTE} in [A-Za-z0-9]*:*) ;; *) give_up 64 "OFFSITE_REMOTE: must be the name of a remote, a colon and a path; write it like offsite:bucket/postgresql" ;; esac
  for program in rclone flock sha256sum gzip awk; do
    command -v "${program}" >/dev/null || give_up 64 "backup.offsite.image has no ${program}; name an image like rclone/rclone:1.70.3"
  done
  umask 077
  troubles=0
  [ ! -L "${BACKUP_DIRECTORY}/offsite" ] || give_up 1 "${BACKUP_DIRECTORY}/offsite is a link: not followed; look who made it, and remove it"
  mkdir -p "${BACKUP_DIRECTORY}/offsite"
  # Not emptied on opening: a link that is put there meanwhile would have its file emptied.
  lock="${BACKUP_DIRECTORY}/offsite/.lock"
  if [ -L "${lock}" ] || [ ! -f "${lock}" ]; then rm -rf "${lock}"; fi
  exec 9>>"${lock}"
  flock -n 9 || give_up 75 "another copy to or from ${OFFSITE_REMOTE} is running"
  rm -rf "${BACKUP_DIRECTORY}"/offsite-*.partial
  scratch=$(mktemp -d "${RUNTIME_DIRECTORY:-/tmp}/offsite.XXXXXX")
  trap 'end_beside; rm -rf "${scratch}"' EXIT
  trap 'exit 1' TERM INT
  # rclone renews tokens in its configuration; the Secret cannot be written.
  cat "${RCLONE_CONFIG_FILE:-/dev/null}" >"${scratch}/rclone.conf"
  export RCLONE_CONFIG="${scratch}/rclone.conf" RCLONE_CACHE_DIR="${scratch}/cache"
}

# What works beside this process ends with it.
end_beside() {
  if [ -n "${beside:-}" ]; then kill "${beside}" 2>/dev/null || true; fi
}

# Standard input becomes a file of the backup volume, whole or not at all. It is written outside of offsite/, where the members write
# as well and could put a link in its place; the rename replaces a link and does not follow it. Usage: keep_file PATH
keep_file() {
  fresh=$(mktemp "${BACKUP_DIRECTORY}/offsite-XXXXXX") && mv "${fresh}" "${fresh}.partial"
  cat >"${fresh}.partial"
  sync "${fresh}.partial"
  if [ -d "${BACKUP_DIRECTORY}/$1" ]; then rm -rf "${BACKUP_DIRECTORY:?}/$1"; fi
  mv -f "${fresh}.partial" "${BACKUP_DIRECTORY}/$1"
  sync "${BACKUP_DIRECTORY}/offsite" "${BACKUP_DIRECTORY}"
}

# A regular file of the backup volume that no link leads to: what a link names may be the credential. Usage: is_plain PATH
is_plain() {
  way=$1
  [ -f "${BACKUP_DIRECTORY}/${way}" ] || return 1
  while [ ! -L "${BACKUP_DIRECTORY}/${way}" ]; do
    case ${way} in */*) way=${way%/*} ;; *) return 0 ;; esac
  done
  return 1
}

# Prints such a file. What was opened is compared with what is there: a link may have been there in between. Usage: read_plain PATH
read_plain() (
  is_plain "$1" || exit 1
  exec 4<"${BACKUP_DIRECTORY}/$1" || exit 1
  opened=$(stat -L -c %d:%i /proc/self/fd/4)
  is_plain "$1" && [ "$(stat -c %d:%i "${BACKUP_DIRECTORY}/$1")" = "${opened}" ] || exit 1
  cat <&4
)

remote() { rclone --contimeout "${OFFSITE_TIMEOUT:-30s}" --retries 3 --low-level-retries 5 -q "$@"; }

# Whether anything there may be removed, moved or written over.
may_delete() { [ "${OFFSITE_DELETES:-true}" != false ]; }

# "SIZE PATH" of every file there, sorted by path; an empty remote is none. Usage: list_remote FILE
list_remote() {
  if ! rclone --contimeout "${OFFSITE_TIMEOUT:-30s}" --low-level-retries 2 -q lsf -R --files-only --format sp --separator ' ' "${OFFSITE_REMOTE}" >"$1.raw" 2>"${scratch}/errors"; then
    if [ -s "$1.raw" ] || ! grep -qi 'directory not found' "${scratch}/errors"; then
      give_up 2 "${OFFSITE_REMOTE} cannot be read: $(tail -n 1 "${scratch}/errors"); check network, rclone.conf and backup.offsite.egressCidrs"
    fi
  fi
  sort -k 2 "$1.raw" >"$1"
}

# "SIZE PATH" of everything complete on the volume. Usage: list_local FILE
list_local() {
  (cd "${BACKUP_DIRECTORY}" && find . -type f ! -name '*.partial' ! -path './*.partial/*' -exec stat -c '%s %n' {} +) | sed 's# \./# #' | sort -k 2 >"$1"
}

# Usage: paths FILE PATTERN
paths() { cut -d ' ' -f 2- "$1" | grep -E "$2" || true; }

# Usage: size_in FILE PATH
size_in() { awk -v path="$2" '$2 == path { print $1 }' "$1"; }

# How much of the log a tail on stdin holds. Its packed size does not say: what is flushed at each commit packs badly. The end of the
# compression, which a tail lacks, lets every gzip give all that it read; what no gzip reads is nothing, and its sender does not fail.
unpacked_bytes() {
  { cat && printf '\001\000\000\377\377'; } | {
    gzip -dc 2>/dev/null || true
    cat >/dev/null
  } | wc -c
}

# The same of one there; fails where it cannot be read. Usage: remote_bytes PATH
remote_bytes() {
  rm -f "${scratch}/unread"
  { remote cat "${OFFSITE_REMOTE}/$1" 2>"${scratch}/errors" </dev/null || : >"${scratch}/unread"; } | unpacked_bytes
  [ ! -e "${scratch}/unread" ]
}

# Whether a file of this folder, the volume or what came from outside, is what was written: dumps and base backups have sums, WAL that of
# its compression. Usage: is_sound ROOT PATH
is_sound() {
  if [ "$1" = "${BACKUP_DIRECTORY}" ]; then
    is_plain "$2" || return 1
    case $2 in *.sql.gz) is_plain "$2.sha256" ;; base/*) is_plain "${2%/*}/SHA256SUMS" ;; *) ;; esac || return 1
  fi
  case $2 in
  wal/system-identifier) grep -qxE "${identifiers}" "$1/$2" ;;
  base/*/SHA256SUMS | *.sha256 | wal/*.history) [ -s "$1/$2" ] ;;
  base/*) (cd "$1/${2%/*}" && grep -F "  ${2##*/}" SHA256SUMS | sha256sum -c >/dev/null 2>&1) ;;
  *.sql.gz) (cd "$1" && grep -F "  $2" "$2.sha256" | sha256sum -c >/dev/null 2>&1) ;;
  wal/*.gz) gzip -t "$1/$2" 2>/dev/null ;;
  *) [ -s "$1/$2" ] ;;
  esac
}

# Whether a base backup is what its own sums say, and they are those of one. Usage: is_proved_base ROOT PATH
is_proved_base() (
  [ "$1" != "${BACKUP_DIRECTORY}" ] || is_plain "$2/SHA256SUMS" || exit 1
  cd "$1/$2" 2>/dev/null || exit 1
  [ "$(grep -cE '^[0-9a-f]{64}  (base\.env|backup_manifest|base\.tar\.gz)$' SHA256SUMS)" -eq 3 ] || exit 1
  if grep -qvE '^[0-9a-f]{64}  (base\.env|backup_manifest|(base|[0-9]{1,10})\.tar\.gz)$' SHA256SUMS; then exit 1; fi
  [ -z "$(find . ! -type f ! -name .)" ] && sha256sum -c SHA256SUMS >/dev/null 2>&1
)

# What no identifier is stays unsaid: it may be anything. Usage: require_identifier WHERE, on stdin
require_identifier() {
  head -c 64 | grep -xE "${identifiers}" || give_up 1 "wal/system-identifier $1 is no database system's identifier; nothing was touched: look who wrote it"
}

# Two clusters must not share a remote: their WAL has the same names. Sets system.
require_same_system() {
  system='' there=''
  if [ -e "${BACKUP_DIRECTORY}/wal/system-identifier" ] || [ -L "${BACKUP_DIRECTORY}/wal/system-identifier" ]; then
    system=$(read_plain wal/system-identifier | require_identifier "on the backup volume") || exit 1
  fi
  if grep -q ' wal/system-identifier$' "${scratch}/remote"; then
    remote cat --count 64 "${OFFSITE_REMOTE}/wal/system-identifier" >"${scratch}/identifier" || give_up 2 "${OFFSITE_REMOTE}/wal/system-identifier cannot be read; it is tried again at the next run"
    there=$(require_identifier "at ${OFFSITE_REMOTE}" <"${scratch}/identifier") || exit 1
  fi
  [ -z "${system}" ] || [ -z "${there}" ] || [ "${system}" = "${there}" ] ||
    give_up 1 "${OFFSITE_REMOTE} holds the backups of database system ${there}, here is ${system}; nothing was touched: give backup.offsite.remote another path"
}

# The first segment that a base backup needs, from its base.env on stdin: log and segment, which sort as WAL does whatever the timeline.
start_key() {
  sed -nE 's/^(START_LSN=[0-9A-F]{1,8}\/[0-9A-F]{1,8}|SEGMENT_BYTES=[1-9][0-9]{0,9})$/\1/p' |
    awk -F = '$1 == "START_LSN" { lsn = $2 } $1 == "SEGMENT_BYTES" { size = $2 } END { if (lsn && size) print lsn, size }' | {
    read -r lsn size || return 1
    printf '%08X%08X\n' "0x${lsn%/*}" "$((0x${lsn#*/} / size))"
  }
}
