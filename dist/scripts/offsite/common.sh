# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What offsite.sh and fetch-offsite.sh share, for the plain sh of rclone's image. Sourced by them, never run.
#
# The remote holds what the backup volume holds, under the same names, but unfinished WAL in wal-tail/ and damaged copies,
# which were replaced, in damaged/.

dump_names='^postgresql_backup_[0-9]{8}_[0-9]{6}\.sql\.gz$'
other_dump_names='^databases/postgresql_backup_[0-9]{8}_[0-9]{6}\.[a-z_][a-z0-9_-]{0,62}\.sql\.gz$'
base_names='^base/postgresql_base_[0-9]{8}_[0-9]{6}/[^/]+$'
wal_names='^wal/[0-9A-F]{8}([0-9A-F]{16}|\.history)(\.gz)?$'

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
  for program in rclone flock sha256sum gzip awk; do
    command -v "${program}" >/dev/null || give_up 64 "backup.offsite.image has no ${program}; name an image like rclone/rclone:1.70.3"
  done
  umask 077
  troubles=0
  mkdir -p "${BACKUP_DIRECTORY}/offsite"
  exec 9>"${BACKUP_DIRECTORY}/offsite/.lock"
  flock -n 9 || give_up 75 "another copy to or from ${OFFSITE_REMOTE} is running"
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

# Standard input becomes offsite/NAME on the backup volume, whole or not at all. Usage: keep_file NAME
keep_file() {
  cat >"${BACKUP_DIRECTORY}/offsite/$1.partial"
  sync "${BACKUP_DIRECTORY}/offsite/$1.partial"
  mv -f "${BACKUP_DIRECTORY}/offsite/$1.partial" "${BACKUP_DIRECTORY}/offsite/$1"
  sync "${BACKUP_DIRECTORY}/offsite"
}

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

# Whether a file on the volume is what was written: dumps and base backups have sums, WAL that of its compression. Usage: is_sound ROOT PATH
is_sound() {
  case $2 in
  base/*/SHA256SUMS | *.sha256 | wal/*.history) [ -s "$1/$2" ] ;;
  base/*) (cd "$1/${2%/*}" && grep -F "  ${2##*/}" SHA256SUMS | sha256sum -c >/dev/null 2>&1) ;;
  *.sql.gz) (cd "$1" && grep -F "  $2" "$2.sha256" | sha256sum -c >/dev/null 2>&1) ;;
  wal/*.gz) gzip -t "$1/$2" 2>/dev/null ;;
  *) [ -s "$1/$2" ] ;;
  esac
}

# Two clusters must not share a remote: their WAL has the same names. Sets system.
require_same_system() {
  system=$(cat "${BACKUP_DIRECTORY}/wal/system-identifier" 2>/dev/null || true)
  there=''
  if grep -q ' wal/system-identifier$' "${scratch}/remote"; then there=$(remote cat "${OFFSITE_REMOTE}/wal/system-identifier"); fi
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
