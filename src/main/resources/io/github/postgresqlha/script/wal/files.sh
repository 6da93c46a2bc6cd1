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

# The records that begin in a segment, as pg_waldump shows them; it ends with an error where the log ends. What its timeline has behind
# the place where the followed one left it is of another branch, and is not shown. Usage: records PATH [OPTIONS…]
records() {
  local name=${1##*/} left until=() next=() bound
  name=${name:0:24}
  lay_out "$1" "${name}"
  left=$(left_at "${name}")
  if [[ -n "${left}" ]]; then
    until=(--end="$(bytes_lsn "${left}")")
  elif [[ " $* " != *' --stats '* ]]; then
    lay_out_rest "${name}"
  fi
  bound=$((($(segment_number "${name}" "${segment_bytes}") + 1) * segment_bytes))
  TZ=UTC0 LC_ALL=C pg_waldump "${@:2}" "${until[@]}" -- "${scan}/${name}" "${next[@]}" 2>/dev/null | before_place "${bound}" "${next[@]}" || true
  rm -f -- "${scan}/${name}" "${next[@]}"
}

# Where the followed timeline left that of a segment, where that is in the segment or before it, in bytes; nothing elsewhere. From there on
# the segment holds what another branch wrote. Usage: left_at SEGMENT
left_at() {
  local timeline end bound
  bound=$((($(segment_number "$1" "${segment_bytes}") + 1) * segment_bytes))
  while read -r timeline _ end; do
    if ((timeline == 16#${1:0:8} && end < bound)); then printf '%s\n' "${end}"; fi
  done <<<"${followed:-}"
}

# The segment that follows on the followed timeline. Usage: following_segment SEGMENT NUMBER
following_segment() {
  if [[ -n "${followed:-}" ]]; then
    history=${followed} segment_for "$2" "${segment_bytes}"
  else
    segment_at "$((16#${1:0:8}))" "$(($2 * segment_bytes))" "${segment_bytes}"
  fi
}

# Usage: lay_out PATH NAME
lay_out() {
  unpacked "$(moved "$1")" >"${scan}/$2" 2>/dev/null || true
  truncate -s "${segment_bytes}" -- "${scan}/$2"
}

# The last record of a segment may end in the next one, whose first page says how much of it is there: as much is laid out beside it, under
# the name that pg_waldump asks for. Sets next and until. Usage: lay_out_rest NAME
lay_out_rest() {
  local number found path rest
  number=$(($(segment_number "$1" "${segment_bytes}") + 1))
  found=$(wal_file "$(following_segment "$1" "${number}")")
  [[ -n "${found}" ]] || return 0
  path=${found#* }
  rest=$({ unpacked "${path}" 2>/dev/null || true; } | head -c 20 | od -An -t u4 -j 16 -N 4 | tr -dc '0-9') || rest=''
  is_fact "${fact_number}" "${rest}" && ((rest > 0 && rest < segment_bytes / 2)) || return 0
  next=("${scan}/$(segment_at "$((16#${1:0:8}))" "$((number * segment_bytes))" "${segment_bytes}")")
  { unpacked "$(moved "${path}")" 2>/dev/null || true; } | head -c "$((2 * rest + 65536))" >"${next[0]}" || true
  truncate -s "${segment_bytes}" -- "${next[0]}"
  until=(--end="$(bytes_lsn "$((number * segment_bytes + (2 * rest + 65536) / 8192 * 8192))")")
}

# Lines of records that begin before a place, where there is more than one segment. Usage: before_place BYTES [PATH] <LINES
before_place() {
  if (($# > 1)); then
    LC_ALL=C BOUND=$1 perl -ne 'print unless m{, lsn: ([0-9A-F]+)/([0-9A-F]+), prev } && hex($1) * 4294967296 + hex($2) >= $ENV{BOUND}'
  else
    cat
  fi
}

# How the line of a record begins; its place is the first group. Usage: record_head RESOURCE_MANAGER [TRANSACTION]
record_head() { printf '^rmgr: %s +len [^,]+, tx: +%s, lsn: ([0-9A-F]+/[0-9A-F]+), prev [0-9A-F]+/[0-9A-F]+, desc: ' "$1" "${2:-[0-9]+}"; }

# The first of these lines that is a record's. The name of a prepared transaction and the prefix of a logical message are the
# application's words, and what follows a line break in them looks like the line of any record: the place that it names is looked at.
# Usage: first_genuine PATH <LINES
first_genuine() {
  local line head
  head=$(record_head '[A-Za-z0-9_]+')
  while IFS= read -r line; do
    [[ "${line}" =~ ${head} ]] || continue
    [[ "$(records "$1" --start="${BASH_REMATCH[1]}" --limit=1 | head -n 1)" != "${line}" ]] || { printf '%s\n' "${line}" && return; }
  done
}

# How a transaction's record says its end; the time is the second group.
transaction_end='(COMMIT|ABORT)[^;]* ?([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{6}) UTC.*'

# The commits and aborts of a segment in the order of the log, "TIME LINE" each; a line is not looked at. Usage: ends PATH [OPTIONS…]
ends() { records "$1" --rmgr=Transaction "${@:2}" | LC_ALL=C sed -nE "s#$(record_head Transaction)${transaction_end}#\3 &#p"; }

# Usage: lines <ENDS
lines() { cut -c 28-; }

# The time in a line. Usage: time_of LINE
time_of() { sed -nE "s#.* desc: ${transaction_end}#\2#p" <<<"$1"; }

# The time of its newest commit or abort, as 2026-01-01 00:00:00.000000. Usage: newest_commit PATH
newest_commit() { time_of "$(first_genuine "$1" < <(ends "$1" | sort -r | lines))"; }

# The newest commit in the last of these segments that has one; a long quiet time is not searched to its beginning.
# Usage: last_commit PATH…
last_commit() {
  local i newest
  for ((i = $#; i > 0 && i > $# - 128; i--)); do
    newest=$(newest_commit "${!i}")
    [[ -z "${newest}" ]] || { printf '%s\n' "${newest}" && return; }
  done
}

# Where the last record of a segment ends that is whole in it; nothing where there is none. Statistics hold no word of a record's.
# Usage: end_of_records PATH [OPTIONS…]
end_of_records() { records "$1" --stats "${@:2}" | sed -nE 's#^WAL statistics between [0-9A-F]+/[0-9A-F]+ and ([0-9A-F]+/[0-9A-F]+):$#\1#p'; }

# What is wrong behind the end of a segment's records, where its log goes on, there or in those that follow it; nothing where it does
# not. Usage: behind END PATH…
behind() {
  local path name=${2##*/} begin
  begin=$(($(segment_number "${name:0:24}" "${segment_bytes}") * segment_bytes))
  for path in "${@:2}"; do
    # A whole segment, as a partial one is when it is received.
    { { unpacked "$(moved "${path}")" 2>/dev/null || true; } && head -c "${segment_bytes}" /dev/zero; } 2>/dev/null | head -c "${segment_bytes}" || true
  done | perl "${script_dir}/wal/behind.pl" "${begin}" "$(lsn_bytes "$1")" || true
}
