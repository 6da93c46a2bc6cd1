# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What a recovery to a time would leave out without a word, though it was committed by then: what lies behind the place where PostgreSQL
# stops, and what another timeline has. Sourced after restore/target.sh, never run.

# Usage: require_nothing_left_out; after require_chain, which sets stop
require_nothing_left_out() {
  [[ "${target_kind}" == time ]] || return 0
  require_branch
  require_order
}

# The commits of a segment that are not later than a time, as ends gives them. Usage: commits_by TIME PATH [OPTIONS…]
commits_by() { ends "${@:2}" | awk -v time="$1" '/ desc: COMMIT/ && substr($0, 1, 26) <= time'; }

# The time of a segment's newest commit by the target. Usage: newest_by_target PATH [OPTIONS…]
newest_by_target() { time_of "$(first_genuine "$1" < <(commits_by "${target}" "$@" | sort -r | lines))"; }

# The first end of a transaction in a segment that is later than the target: PostgreSQL stops before it. Usage: stop_in PATH
stop_in() {
  local name=${1##*/} start begin=()
  start=$(base_fact "${base}" START_LSN)
  # What the first segment has before the base backup is not replayed.
  (($(segment_number "${name:0:24}" "${segment_bytes}") > $(lsn_bytes "${start}") / segment_bytes)) || begin=(--start="${start}")
  first_genuine "$1" < <(ends "$1" "${begin[@]}" | awk -v time="${target}" 'substr($0, 1, 26) > time' | lines)
}

# Where the record of a line begins. Usage: place_of LINE
place_of() { if [[ "$1" =~ $(record_head Transaction) ]]; then printf '%s\n' "${BASH_REMATCH[1]}"; fi; }

# PostgreSQL stops at the first commit that is later than the target. Where a clock was ahead for a while, what was committed by the
# target goes on behind that. Transactions that end side by side may differ by less than a second. All that is behind the stop is read.
require_order() {
  local i stopping=$((chain_length - 1)) from limit found late='' last='' begin before
  from=$(place_of "${stop}")
  begin=(--start="${from}")
  limit=$(date -u -d "$(time_of "${stop}") UTC 1 second ago" '+%Y-%m-%d %H:%M:%S.%6N')
  log_info "looking for what was committed by $(target_text) behind ${from}, in $((${#chain[@]} - stopping)) segments"
  for ((i = stopping; i < ${#chain[@]}; i++)); do
    (((i - stopping + 1) % 100)) || log_info "looked at $((i - stopping + 1)) of $((${#chain[@]} - stopping)) segments"
    found=$(commits_by "${target}" "${chain[i]}" "${begin[@]}")
    begin=()
    [[ -n "${found}" ]] || continue
    [[ -n "${late}" ]] || late=$(first_genuine "${chain[i]}" < <(awk -v time="${limit}" 'substr($0, 1, 26) < time' <<<"${found}" | lines))
    found=$(first_genuine "${chain[i]}" < <(tac <<<"${found}" | lines))
    last=${found:-${last}}
  done
  [[ -n "${late}" ]] || return 0
  before=$(sed -nE 's#^.*, lsn: [^,]+, prev ([0-9A-F]+/[0-9A-F]+), desc: .*#\1#p' <<<"${stop}")
  refuse "the log is not in the order of time, as where a clock was wrong: for $(target_text) PostgreSQL would stop at ${from}, before what ended at $(time_of "${stop}") UTC, and leave out what was committed behind that, from $(time_of "${late}") UTC ($(place_of "${late}")) to $(time_of "${last}") UTC ($(place_of "${last}")). Name the place: with this, and all that is between, ${lsn_key} $(place_of "${last}"); without it ${lsn_key} ${before}; both with ${timeline_key} ${timeline}"
}

# Where two timelines part, in bytes; nothing where they never were one. Usage: parting TIMELINE TIMELINE
parting() {
  local place='' timeline end other other_end
  while read -r timeline _ end other _ other_end; do
    [[ "${timeline}" == "${other}" ]] || break
    place=$((end < other_end ? end : other_end))
    ((end == other_end)) || break
  done < <(paste -d ' ' <(lineage "$1") <(lineage "$2"))
  printf '%s\n' "${place}"
}

# The time of the newest commit by the target that a timeline itself has behind a place. Usage: commit_beyond TIMELINE BYTES
commit_beyond() {
  local own from=$2 path newest='' at begin
  own=$(lineage "$1" | tail -n 1 | cut -d ' ' -f 2)
  ((own <= from)) || from=${own}
  follow_chain "${base}" "$1" "${from}"
  begin=(--start="$(bytes_lsn "${from}")")
  for path in "${chain[@]}"; do
    at=$(newest_by_target "${path}" "${begin[@]}")
    begin=()
    if [[ "${at}" > "${newest}" ]]; then newest=${at}; fi
  done
  printf '%s\n' "${newest}"
}

# At a moment before an earlier recovery the newest timeline was not there yet: another one was written then, and has the newer commit.
# Who names a timeline gets it.
require_branch() {
  local i number place newest='' at='' other='' other_at=''
  [[ "${target_kind}" == time && -z "${wanted_timeline}" ]] || return 0
  for ((i = chain_length - 1; i >= 0; i--)); do
    newest=$(newest_by_target "${chain[i]}")
    [[ -z "${newest}" ]] || break
  done
  : "${newest:=$(finished "${base}")}"
  for number in $(known_timelines); do
    [[ "${number}" != "${timeline}" ]] || continue
    place=$(parting "${timeline}" "${number}")
    [[ -n "${place}" ]] || continue
    # A stop before the place where they part is in both.
    [[ -z "${stop}" ]] || (($(lsn_bytes "$(place_of "${stop}")") >= place)) || continue
    at=$(commit_beyond "${number}" "${place}")
    if [[ "${at}" > "${newest}" && "${at}" > "${other_at}" ]]; then other=${number} other_at=${at}; fi
  done
  [[ -z "${other}" ]] ||
    refuse "by $(target_text) timeline ${timeline}, which is the newest, has what was committed until ${newest} UTC, and timeline ${other} has other commits until ${other_at} UTC: name the one that is meant. ${timeline_key} ${timeline} restores the former, ${timeline_key} ${other} the latter"
}
