#!/bin/sh
# Brings back what the copy outside of this cluster has and the backup volume lacks, proved before it gets its name. Nothing that
# is there is overwritten. Restore from the backup volume afterwards as usual.
# Usage: fetch-offsite.sh [DUMP]; everything, or one dump by its name
#
# Environment:
#   BACKUP_DIRECTORY, OFFSITE_REMOTE, OFFSITE_ENCRYPTED, OFFSITE_TIMEOUT, RCLONE_CONFIG_FILE, RUNTIME_DIRECTORY   see offsite.sh
# Exit status: 0 all is here, 1 something is not, 2 cannot connect, 64 bad usage or environment, 75 another copy is running
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -eu

script_dir=$(cd -- "$(dirname -- "$0")" && pwd)
. "${script_dir}/lib-offsite.sh"

# What is to be fetched, as paths of the remote.
select_files() {
  if [ -n "${dump}" ]; then
    paths "${scratch}/remote" "^${dump}(\.sha256)?\$"
  else
    # A base backup is complete when its sums are there.
    paths "${scratch}/remote" '^base/postgresql_base_[0-9_]+/SHA256SUMS$' | while read -r sums; do paths "${scratch}/remote" "^${sums%SHA256SUMS}"; done
    paths "${scratch}/remote" "${dump_names}"
    paths "${scratch}/remote" "${dump_names%\$}\.sha256\$"
    paths "${scratch}/remote" "${wal_names}"
    paths "${scratch}/remote" '^wal/system-identifier$'
  fi
}

# By name and size; content is proved of what comes. Sets missing, a list, and names what differs.
find_missing() {
  awk 'FILENAME == ARGV[1] { there[$2] = $1; next } FILENAME == ARGV[2] { here[$2] = $1; next }
    !($1 in here) { print "missing", $1, there[$1]; next } here[$1] != there[$1] { print "differs", $1, there[$1] }' \
    "${scratch}/remote" "${scratch}/local" "${scratch}/wanted" >"${scratch}/todo"
  while read -r what path _; do
    [ "${what}" = missing ] || trouble "${path} is here with another size than off-site: kept as it is; move it away and fetch again, if the one off-site is the right one"
  done <"${scratch}/todo"
  sed -n 's/^missing \([^ ]*\) .*/\1/p' "${scratch}/todo" >"${scratch}/missing"
  needed=$(awk '$1 == "missing" { sum += $3 } END { printf "%d", sum / 1024 + 65536 }' "${scratch}/todo")
  available=$(df -Pk "${BACKUP_DIRECTORY}" | awk 'NR == 2 { print $4 }')
  [ "${available}" -gt "${needed}" ] || die 1 "not enough room: ${needed} kB needed, ${available} kB free in ${BACKUP_DIRECTORY}; enlarge backup.storage.size, or fetch one dump: fetch-offsite.sh NAME"
}

# Into a folder of the volume that nobody looks into, so that the last step is a rename.
download() {
  rm -rf "${incoming}"
  mkdir -p "${incoming}"
  [ -s "${scratch}/missing" ] || return 0
  remote copy --no-traverse --files-from "${scratch}/missing" "${OFFSITE_REMOTE}" "${incoming}" 2>"${scratch}/errors" ||
    die 1 "fetching from ${OFFSITE_REMOTE} failed: $(tail -n 1 "${scratch}/errors"); nothing was taken over, start it again"
}

# Usage: take PATH; never over something that is there
take() {
  mkdir -p "${BACKUP_DIRECTORY}/$(dirname "$1")"
  [ ! -e "${BACKUP_DIRECTORY}/$1" ] || return 0
  sync "${incoming}/$1"
  mv "${incoming}/$1" "${BACKUP_DIRECTORY}/$1"
  taken=$((taken + 1))
}

# A dump after its checksum; a base backup as a whole folder; WAL one by one.
take_proved() {
  sed -n 's#^\(base/[^/]*\)/SHA256SUMS$#\1#p' "${scratch}/missing" >"${scratch}/bases"
  while read -r base; do
    if (cd "${incoming}/${base}" && sha256sum -c SHA256SUMS >/dev/null 2>&1) && [ -s "${incoming}/${base}/base.tar.gz" ]; then
      sync "${incoming}/${base}"/*
      take "${base}"
    else
      trouble "${base} off-site is not what its SHA256SUMS says: not taken; use another base backup"
    fi
  done <"${scratch}/bases"
  grep -v '^base/' "${scratch}/missing" | LC_ALL=C sort >"${scratch}/files" || true
  while read -r path; do
    case ${path} in
    *.sql.gz.sha256) continue ;;
    *.sql.gz) if [ ! -e "${incoming}/${path}.sha256" ]; then cp "${BACKUP_DIRECTORY}/${path}.sha256" "${incoming}/" 2>/dev/null || true; fi ;;
    *) ;;
    esac
    if ! is_sound "${incoming}" "${path}"; then
      trouble "${path} off-site is damaged: not taken; there may be an older one, and damaged/ may hold another copy"
      continue
    fi
    case ${path} in *.sql.gz) take "${path}.sha256" ;; *) ;; esac
    take "${path}"
  done <"${scratch}/files"
  sync "${BACKUP_DIRECTORY}"
}

# The end of the log, where no complete segment and no longer beginning of it is here.
take_tails() {
  paths "${scratch}/remote" '^wal-tail/[0-9A-F]{24}\.gz\.partial$' >"${scratch}/tails"
  while read -r path; do
    name=${path#wal-tail/}
    [ ! -e "${BACKUP_DIRECTORY}/wal/${name%.partial}" ] && [ ! -e "${BACKUP_DIRECTORY}/wal/${name}" ] && [ ! -e "${BACKUP_DIRECTORY}/wal/receiving/${name}" ] || continue
    remote copyto "${OFFSITE_REMOTE}/${path}" "${incoming}/wal/${name}" || die 1 "fetching ${path} failed; start it again"
    take "wal/${name}"
  done <"${scratch}/tails"
}

main() {
  dump=${1:-} taken=0
  [ "$#" -le 1 ] || die 64 "usage: fetch-offsite.sh [DUMP]"
  [ -z "${dump}" ] || printf '%s\n' "${dump}" | grep -qE "${dump_names}" || die 64 "'${dump}' is no name of a dump, as postgresql_backup_20240101_020000.sql.gz; give the bare file name"
  prepare BACKUP_DIRECTORY OFFSITE_REMOTE RCLONE_CONFIG_FILE
  incoming="${BACKUP_DIRECTORY}/offsite/incoming"
  list_remote "${scratch}/remote"
  require_same_system
  list_local "${scratch}/local"
  select_files >"${scratch}/wanted"
  [ -s "${scratch}/wanted" ] || die 1 "${OFFSITE_REMOTE} has nothing to fetch${dump:+ of that name}; is backup.offsite.remote the one that was copied to?"
  find_missing
  download
  take_proved
  if [ -z "${dump}" ]; then take_tails; fi
  rm -rf "${incoming}"
  [ "${troubles}" -eq 0 ] || die 1 "${taken} taken, ${troubles} not, see above; nothing that was here was changed"
  log_info "all that ${OFFSITE_REMOTE} has is here: $(wc -l <"${scratch}/wanted") files, ${taken} of them taken now"
}

main "$@"
