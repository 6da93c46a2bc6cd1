# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The history of a server's timelines, and where the archived WAL lies on it. Sourced after backup/repository.sh, never run.
#
# A history is one line a timeline, the first one first: "TIMELINE BEGIN END", in bytes of WAL; the last one is open.

open_end=9223372036854775807

# From the text of a history file. A recovery to a moment before an earlier switch copies the lines of all later timelines before
# it writes its own, which ends before they began: what lies beyond a later line's place is no part of the history.
# Usage: history_of TIMELINE <TEXT
history_of() {
  local begin=0 timeline switched end i timelines=() begins=() ends=()
  while read -r timeline switched _; do
    if ! is_fact "${fact_timeline}" "${timeline}" || ! is_fact "${fact_lsn}" "${switched}"; then continue; fi
    end=$(lsn_bytes "${switched}")
    timelines+=("${timeline}") begins+=("${begin}") ends+=("${end}")
    for i in "${!ends[@]}"; do
      if ((ends[i] > end)); then ends[i]=${end}; fi
    done
    begin=${end}
  done
  for i in "${!timelines[@]}"; do
    if ((begins[i] <= ends[i])); then printf '%s %s %s\n' "${timelines[i]}" "${begins[i]}" "${ends[i]}"; fi
  done
  printf '%s %s %s\n' "$1" "${begin}" "${open_end}"
}

# The timeline that a place belongs to; where one ends, it is the next one's. Usage: owner_at BYTES, with history
owner_at() {
  local timeline begin end
  while read -r timeline begin end; do
    if (($1 >= begin && $1 < end)); then printf '%s\n' "${timeline}"; fi
  done <<<"${history}"
}

# Whether all of a segment is what the history tells: the tail of an abandoned timeline is not.
# Usage: on_history SEGMENT SEGMENT_BYTES, with history
on_history() {
  local number timeline begin end
  number=$(segment_number "$1" "$2")
  while read -r timeline begin end; do
    if ((16#${1:0:8} == timeline && number >= begin / $2 && (number + 1) * $2 <= end)); then return; fi
  done <<<"${history}"
  return 1
}

# Whether WAL of a timeline, from one place to another, is what the history tells. Usage: spans TIMELINE FROM_BYTES TO_BYTES, with history
spans() {
  local timeline begin end
  while read -r timeline begin end; do
    if ((timeline == $1 && begin <= $2 && $3 <= end)); then return; fi
  done <<<"${history}"
  return 1
}

# Whether recovery from a base backup can follow the history: one that was taken behind the place where a timeline was left leads to
# nothing that was written on the next one. Usage: leads_on BASE, with history
leads_on() {
  local timeline start stop
  timeline=$(base_fact "$1" TIMELINE)
  start=$(base_fact "$1" START_LSN)
  stop=$(base_fact "$1" STOP_LSN)
  [[ -n "${timeline}" && -n "${start}" && -n "${stop}" ]] || return 1
  start=$(lsn_bytes "${start}")
  stop=$(lsn_bytes "${stop}")
  spans "${timeline}" "${start}" "${stop}"
}

# The segment that recovery along the history reads for a place: the newest timeline that has a part of it.
# Usage: segment_for NUMBER SEGMENT_BYTES, with history
segment_for() {
  local timeline begin end owner=1
  while read -r timeline begin end; do
    if ((begin / $2 <= $1)); then owner=${timeline}; fi
  done <<<"${history}"
  segment_at "${owner}" "$(($1 * $2))" "$2"
}

# Names of the complete segments in the archive, the newest first, whatever their timeline.
list_segments() {
  find "${BACKUP_DIRECTORY}/wal" -maxdepth 1 -type f -size +0 -regextype posix-extended -regex '.*/[0-9A-F]{24}(\.gz)?' -printf '%f\n' |
    sed 's/\.gz$//' | sort -u | sort -s -k 1.9,1.24r -k 1.1,1.8r
}

# The newest archived segment that lies on the history. Usage: frontier SEGMENT_BYTES, with history
frontier() {
  local name
  while read -r name; do
    if on_history "${name}" "$1"; then
      printf '%s\n' "${name}"
      return
    fi
  done < <(list_segments)
}
