# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The repository of point-in-time recovery on the backup volume: base backups, and the write-ahead log that leads on from them.
# Sourced after lib/log.sh, never run.
#
#   base/NAME/         one base backup, complete when it has this name: base.tar.gz, backup_manifest, base.env, SHA256SUMS
#   wal/SEGMENT.gz     complete segments and history files of every timeline; never overwritten. Timelines that nobody took, whose
#                      numbers members skip, have none: wal/fetch.sh gives recovery an empty history for them
#   wal/SEGMENT.gz.partial   the tail of a timeline that ended, or of a stream that was interrupted, inside a segment
#   wal/receiving/     where pg_receivewal writes; the newest segment there is SEGMENT.gz.partial
#   wal/system-identifier, wal/archiver.state, wal/chain-broken, wal/conflicts/   whose WAL it is; what the archiver does; what is
#                      missing (MISSING_FROM, MISSING_TO, SINCE); files that came with another content than the archive's

base_pattern='postgresql_base_[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]_[0-9][0-9][0-9][0-9][0-9][0-9]'

# Names of the base backups, oldest first.
list_bases() {
  local path
  for path in "${BACKUP_DIRECTORY}"/base/${base_pattern}; do
    [[ ! -d "${path}" ]] || printf '%s\n' "${path##*/}"
  done
}

# What base.env says: SYSTEM_IDENTIFIER, SERVER_VERSION, TIMELINE, START_LSN, STOP_LSN, STARTED, FINISHED (UTC, as
# 2026-01-01T00:00:00Z), SOURCE, PLAIN_BYTES, COMPRESSED_BYTES, SEGMENT_BYTES, TABLESPACES. Usage: base_fact NAME KEY
base_fact() { sed -n "s/^$2=//p" -- "${BACKUP_DIRECTORY}/base/$1/base.env" 2>/dev/null; }

# Prints what is wrong with a base backup; nothing where it is what was written. Usage: base_problem NAME
base_problem() {
  local folder="${BACKUP_DIRECTORY}/base/$1" file
  for file in SHA256SUMS base.env backup_manifest base.tar.gz; do
    [[ -s "${folder}/${file}" ]] || { printf 'its file %s is missing or empty' "${file}" && return; }
  done
  for file in base.env backup_manifest base.tar.gz; do
    grep -qF -- "  ${file}" "${folder}/SHA256SUMS" || { printf 'SHA256SUMS does not name %s' "${file}" && return; }
  done
  file=$(cd -- "${folder}" && LC_ALL=C sha256sum --quiet --strict -c -- SHA256SUMS 2>/dev/null) || {
    file=${file%%$'\n'*}
    printf 'its content does not match its checksums: %s' "${file:-SHA256SUMS}"
  }
}

# Where an archived file is, whole; nothing where it is not. Usage: archived FILE
archived() {
  local path
  for path in "${BACKUP_DIRECTORY}/wal/$1.gz" "${BACKUP_DIRECTORY}/wal/$1"; do
    if [[ -s "${path}" ]]; then
      printf '%s\n' "${path}"
      return
    fi
  done
}

# Usage: lsn_bytes 16/B374D848; LSNs as numbers
lsn_bytes() { printf '%s\n' "$(((16#${1%/*} << 32) + 16#${1#*/}))"; }

# The segment that holds a byte of WAL. Usage: segment_at TIMELINE BYTES SEGMENT_BYTES
segment_at() {
  local per_file=$((4294967296 / $3)) number=$(($2 / $3))
  printf '%08X%08X%08X\n' "$1" "$((number / per_file))" "$((number % per_file))"
}

# The number of a segment, whatever its timeline. Usage: segment_number NAME SEGMENT_BYTES
segment_number() { printf '%s\n' "$((16#${1:8:8} * (4294967296 / $2) + 16#${1:16:8}))"; }

# What is wrong with the file of a whole segment; nothing where it can be read to its end. Its first page says which place it is
# of: recovery would take another place's for the end of the log. Usage: segment_problem PATH SEGMENT_BYTES
segment_problem() {
  local bytes place name=${1##*/}
  bytes=$(gzip -dcf -- "$1" 2>/dev/null | wc -c) || { printf 'is damaged: it is no sound gzip file' && return; }
  ((bytes == $2)) || { printf 'is damaged: it has %s bytes instead of %s' "${bytes}" "$2" && return; }
  place=$({ gzip -dcf -- "$1" 2>/dev/null || true; } | od -An -tu8 -j 8 -N 8 | tr -d ' ')
  ((place == $(segment_number "${name}" "$2") * $2)) || printf 'is damaged: its content belongs to another place'
}
