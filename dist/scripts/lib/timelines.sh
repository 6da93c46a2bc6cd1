# shellcheck shell=bash
# Every member owns the timeline numbers that are congruent to its own number modulo 16, so two members are never on one number,
# and the higher number is always the newer history. PostgreSQL takes the first number that has no history file. Before a
# promotion the numbers of the others therefore get a placeholder in pg_wal: an empty history file.
# Sourced after lib/log.sh and lib/durable.sh, never run.
#
# Environment: MEMBER_NUMBER             of this member, 1 to 16; no other member has or ever had it
#              RUNTIME_DIRECTORY (/tmp)  where lib/archive-timeline.sh notes what the archive has

timeline_stride=16

# The smallest number above a timeline that this member owns. Usage: next_own_timeline CURRENT
next_own_timeline() {
  knows_member_number || return 1
  is_timeline "$1" || return 1
  printf '%s\n' "$(($1 + 1 + (${MEMBER_NUMBER:-1} + timeline_stride - 1 - $1 % timeline_stride) % timeline_stride))"
}

knows_member_number() {
  [[ "${MEMBER_NUMBER:-}" =~ ^([1-9]|1[0-6])$ ]] && return
  log_error "MEMBER_NUMBER: '${MEMBER_NUMBER:-}' is no number from 1 to ${timeline_stride}: no timeline is this member's own"
  return 1
}

# Usage: is_own_timeline TIMELINE
is_own_timeline() { knows_member_number && (($1 % timeline_stride == ${MEMBER_NUMBER:-1} % timeline_stride)); }

# Usage: is_timeline VALUE
is_timeline() {
  [[ "$1" =~ ^[1-9][0-9]{0,8}$ ]] && return
  log_error "'$1' is no timeline"
  return 1
}

# The numbers of all history files in a data directory, in history_numbers and ascending, and which of them are placeholders, in
# history_empty. Usage: list_histories DATA_DIRECTORY
list_histories() {
  local file name
  history_numbers=() history_empty=()
  for file in "$1"/pg_wal/????????.history; do
    name=${file##*/}
    name=${name%.history}
    [[ -f "${file}" && "${name}" =~ ^[0-9A-F]{8}$ ]] || continue
    history_numbers+=("$((16#${name}))")
    [[ -s "${file}" ]] || history_empty[16#${name}]=yes
  done
}

# A placeholder under every number up to the last one that has no history file. PostgreSQL may write there at the same time, so
# a file that is there is never touched. Usage: fill_histories DATA_DIRECTORY LAST
fill_histories() {
  local - number file made=()
  set -o noclobber
  for ((number = 2; number <= $2; number++)); do
    printf -v file '%s/pg_wal/%08X.history' "$1" "${number}"
    [[ ! -e "${file}" ]] || continue
    { : >"${file}"; } 2>/dev/null || [[ -e "${file}" ]] || {
      log_error "${file}: cannot be written"
      return 1
    }
    made+=("${file}")
  done
  ((${#made[@]} == 0)) || printf '%s\0' "${made[@]}" | xargs -0 sync -- || return 1
  sync -- "$1/pg_wal"
}

# Before a promotion: afterwards the first number without a history file is this member's own, above all that it ever heard of.
# A number far from all others is no timeline of ours: a thousand promotions. Usage: reserve_timelines DATA_DIRECTORY CURRENT
reserve_timelines() {
  local number own highest far='' history_numbers history_empty
  is_timeline "$2" || return 1
  highest=$(own_timeline_noted "$1")
  ((highest > $2)) || highest=$2
  list_histories "$1"
  # shellcheck disable=SC2046 # a list of numbers
  for number in "${history_numbers[@]}" $(archive_timelines_noted); do
    if ((number >= $2 + 16384)); then far=${number}; elif ((number > highest)); then highest=${number}; fi
  done
  [[ -z "${far}" ]] || log_warn "timeline ${far}, of which a history is here or in the WAL archive, is far from timeline $2: not counted"
  own=$(next_own_timeline "${highest}") || return 1
  fill_histories "$1" "$((own - 1))"
}

# While primary. The walreceiver of another member asks for every history between its own timeline and this one, and fails where
# one is missing; a copy of a primary has only the newest. Notes this member's own number, which a later copy of another member
# does not know. Usage: keep_timelines DATA_DIRECTORY CURRENT
keep_timelines() {
  local file noted
  is_timeline "$2" || return 1
  fill_histories "$1" "$(($2 - 1))" || return 1
  noted=$(own_timeline_noted "$1")
  # shellcheck disable=SC2310 # a test, and a step that returns its failure
  if is_own_timeline "$2" && (($2 > noted)); then write_durably "${1%/*}/state/own-timeline" "$2" || return 1; fi
  printf -v file '%s/pg_wal/%08X.history' "$1" "$2"
  (($2 == 1)) || [[ -s "${file}" ]] && return
  log_error "${file}: missing or empty, so no other member can follow this one"
  return 1
}

# The highest of its own numbers that this member was primary on; 0 where it is not known. Usage: own_timeline_noted DATA_DIRECTORY
own_timeline_noted() {
  local noted=''
  { read -r noted <"${1%/*}/state/own-timeline"; } 2>/dev/null || true
  [[ "${noted}" =~ ^[1-9][0-9]{0,8}$ ]] || noted=0
  printf '%s\n' "${noted}"
}

# Those that the WAL archive has a history of. It goes back in time with no volume of a member.
archive_timelines_noted() { grep -xE '[1-9][0-9]{0,9}' -- "${RUNTIME_DIRECTORY:-/tmp}/archive-timeline" 2>/dev/null || true; }

# Before a start in recovery. PostgreSQL counts up from its control file's timeline and follows the last number that it finds: a
# placeholder there, of a promotion or a transfer that did not end, would keep it from ever becoming consistent. So a placeholder
# stays only where real history follows without a gap. Usage: drop_placeholders DATA_DIRECTORY NEWEST, of the control file
drop_placeholders() {
  local i number next=0 file history_numbers history_empty dropped=()
  is_timeline "$2" || return 1
  list_histories "$1"
  for ((i = ${#history_numbers[@]} - 1; i >= 0; i--)); do
    number=${history_numbers[i]}
    if [[ -z "${history_empty[number]:-}" ]] || ((number <= $2 || number + 1 == next)); then
      next=${number}
    else
      printf -v file '%s/pg_wal/%08X.history' "$1" "${number}"
      dropped+=("${file}")
    fi
  done
  ((${#dropped[@]} > 0)) || return 0
  log_info "dropping ${#dropped[@]} placeholders of timelines that nothing real follows"
  printf '%s\0' "${dropped[@]}" | xargs -0 rm -f -- && sync -- "$1/pg_wal"
}
