# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The files of the archived write-ahead log: where one is, whether it is whole, and what is in it. Sourced after lib/log.sh and
# backup/repository.sh, never run.

# Where a file of the log is by now: the archiver completes and moves what it receives at any moment. Usage: moved PATH
moved() {
  local path name=${1##*/}
  for path in "$1" "${BACKUP_DIRECTORY}/wal/receiving/${name%.partial}" "${BACKUP_DIRECTORY}/wal/${name%.partial}" "${BACKUP_DIRECTORY}/wal/${name}"; do
    [[ ! -e "${path}" ]] || break
  done
  printf '%s\n' "${path}"
}

# Usage: unpacked FILE
unpacked() { if [[ "$1" == *.gz || "$1" == *.gz.partial ]]; then gzip -dc <"$1"; else cat -- "$1"; fi; }

# Where a file of the log is: "whole PATH", "partial PATH", or nothing. Of two partial ones that of which more can be read.
# Usage: wal_file NAME
wal_file() {
  local path bytes most=0 best='' folder="${BACKUP_DIRECTORY}/wal"
  for path in "${folder}/$1.gz" "${folder}/$1" "${folder}/receiving/$1.gz" "${folder}/receiving/$1"; do
    if [[ -s "${path}" ]]; then
      printf 'whole %s\n' "${path}"
      return
    fi
  done
  for path in "${folder}/$1".gz.partial "${folder}/$1".partial "${folder}/receiving/$1".gz.partial "${folder}/receiving/$1".partial; do
    [[ -s "${path}" ]] || continue
    bytes=$( (unpacked "${path}" 2>/dev/null || true) | wc -c)
    if ((bytes > most)); then most=${bytes} best=${path}; fi
  done
  [[ -z "${best}" ]] || printf 'partial %s\n' "${best}"
}

# The records of one segment, as pg_waldump shows them; it ends with an error where the log ends. Usage: records PATH [OPTIONS…]
records() {
  local name=${1##*/}
  name="${scan}/${name:0:24}"
  unpacked "$(moved "$1")" >"${name}" 2>/dev/null || true
  truncate -s "${segment_bytes}" -- "${name}"
  TZ=UTC0 LC_ALL=C pg_waldump "${@:2}" -- "${name}" 2>/dev/null || true
  rm -f -- "${name}"
}

# The times of its commits and aborts, as 2026-01-01 00:00:00.000000. Usage: commit_times PATH
commit_times() {
  records "$1" --rmgr=Transaction | sed -nE 's/.*desc: (COMMIT|ABORT)[^;]* ?([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{6}) UTC.*/\2/p'
}

# The newest commit in the last of these segments that has one; a long quiet time is not searched to its beginning.
# Usage: last_commit PATH…
last_commit() {
  local i times
  for ((i = $#; i > 0 && i > $# - 128; i--)); do
    times=$(commit_times "${!i}" | sort | tail -n 1)
    [[ -z "${times}" ]] || { printf '%s\n' "${times}" && return; }
  done
}

# Where the last record of a segment begins. Usage: last_record PATH
last_record() { records "$1" | sed -n 's/.*, lsn: \([0-9A-F/]*\),.*/\1/p' | tail -n 1; }
