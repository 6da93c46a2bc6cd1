# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# From what a target is recovered: the timeline, the newest good base backup before it, and a sound chain of segments between them;
# or a refusal that says what can be had instead. Sourced after restore/left-out.sh, never run.

# The base backups of this system that lead to a timeline, by where they begin in the log, the oldest first: a name tells what the clock
# was. Usage: usable_bases TIMELINE
usable_bases() {
  local name
  while read -r name; do
    [[ -z "${system}" || "$(base_fact "${name}" SYSTEM_IDENTIFIER)" == "${system}" ]] || continue
    [[ -z "${wanted_base}" || "${name}" == "${wanted_base}" ]] || continue
    [[ -z "$(facts_problem "${name}")" ]] || continue
    ! leads_to "${name}" "$1" || printf '%s %s\n' "$(lsn_bytes "$(base_fact "${name}" START_LSN)")" "${name}"
  done < <(list_bases) | sort -k 1,1n -k 2,2 | cut -d ' ' -f 2
}

# An older timeline than the newest one lacks all that was acknowledged since: whoever wants that names it. Usage: require_newest
require_newest() {
  local newest
  newest=$(known_timelines | head -n 1)
  [[ -n "${wanted_timeline}" || "${timeline}" == "${newest:-1}" ]] ||
    refuse "the archive has timeline ${newest}, to which no base backup${wanted_base:+ ${wanted_base}} leads: what was written on it is not restored from here. Where the database runs, take a base backup of it; a dump may have it; ${timeline_key} ${timeline} restores what timeline ${timeline} has"
}

# The newest timeline, unless one is named: its log has all that is current.
choose_timeline() {
  local candidate name problem
  while read -r name; do
    problem=$(facts_problem "${name}")
    [[ -z "${problem}" ]] || log_error "base backup ${name}: ${problem}; not used"
  done < <(list_bases)
  if [[ -n "${wanted_timeline}" ]]; then
    grep -qx "${wanted_timeline}" <<<"$(known_timelines)" || refuse "${timeline_key}: there is no timeline ${wanted_timeline} in ${BACKUP_DIRECTORY}/wal; --list shows what there is"
  fi
  for candidate in ${wanted_timeline:-$(known_timelines)}; do
    mapfile -t bases < <(usable_bases "${candidate}")
    timeline=${candidate}
    ((${#bases[@]} == 0)) || { require_newest && return; }
  done
  refuse "${BACKUP_DIRECTORY}/base: no base backup${wanted_base:+ ${wanted_base}} of this database${system:+ (system ${system})} leads to timeline ${wanted_timeline:-${timeline:-1}}; --list shows what there is"
}

# What can be had instead, for a refusal.
window() {
  local last
  last=$(last_commit "${chain[@]}")
  printf 'timeline %s can be restored from %s UTC (end of %s) to the commit of %s UTC%s' "${timeline}" "$(finished "${bases[0]}" | cut -c 1-19)" "${bases[0]}" \
    "${last:-that base backup}" "$([[ -z "${chain_gap}" ]] || printf '; segment %s is missing' "${chain_missing}")"
}

# Sets timeline, base and segment_bytes, or refuses.
choose_base() {
  local i problem early=yes
  choose_timeline
  segment_bytes=$(base_fact "${bases[0]}" SEGMENT_BYTES)
  follow_chain "${bases[0]}" "${timeline}"
  if [[ "${target_kind}" == time && "${target}" > "$(date -u '+%Y-%m-%d %H:%M:%S.%6N')" ]]; then refuse "--target-time: ${target} UTC is in the future; $(window)"; fi
  locate_target
  for ((i = ${#bases[@]} - 1; i >= 0; i--)); do
    base=${bases[i]}
    ended_before "${base}" || continue
    early=
    problem=$(base_problem "${base}")
    [[ -n "${problem}" ]] || return 0
    log_error "base backup ${base}: ${problem}; not used"
  done
  [[ -n "${early}" ]] || refuse "no base backup before $(target_text) is good; take one soon (the last named problem is above)"
  refuse "$(target_text) is before the end of the first base backup; $(window)"
}

# The log may end with a segment of a timeline that the followed one left in it, because nothing of the next one has come. What was
# acknowledged since is not in the archive, and what goes on in that segment was abandoned: PostgreSQL would take it for the newest.
require_own_end() {
  local name=${chain[-1]##*/} left next
  left=$(left_at "${name:0:24}")
  [[ -n "${left}" ]] || return 0
  next=$(history=${followed} owner_at "${left}")
  left=$(bytes_lsn "${left}")
  refuse "the archive has nothing of timeline ${next}, which began at ${left}: what was written on it is not restored from here, and what timeline $((16#${name:0:8})) has behind that place was abandoned. ${lsn_key} with the last place before ${left} restores what both have, ${timeline_key} $((16#${name:0:8})) what was abandoned; where the database runs, see why the archiver does not follow"
}

# Every segment from the base backup's start to the target is there and sound, or this refuses.
require_chain() {
  local i problem
  follow_chain "${base}" "${timeline}"
  history=$(lineage "${timeline}")
  log_info "checking ${#chain[@]} segments from $(base_fact "${base}" START_LSN) on timeline ${timeline}"
  chain_length=0 stop=
  for i in "${!chain[@]}"; do
    if [[ "${chain[i]}" != *.partial ]]; then
      problem=$(segment_problem "${chain[i]}" "${segment_bytes}")
      if [[ -n "${problem}" && ! -e "${chain[i]}" ]]; then
        chain[i]=$(moved "${chain[i]}") # while it was read
        problem=$(segment_problem "${chain[i]}" "${segment_bytes}")
      fi
      if [[ -n "${problem}" ]]; then
        problem="segment ${chain[i]} ${problem}, and $(target_text) is not before it"
        chain=("${chain[@]:0:i}")
        refuse "${problem}; $(window)"
      fi
    fi
    chain_length=$((i + 1))
    if holds_target "${chain[i]}"; then return; fi
    (((i + 1) % 100)) || log_info "checked ${chain_length} of ${#chain[@]} segments"
  done
  [[ -z "${chain_gap}" ]] || refuse "segment ${chain_missing} is missing, and $(target_text) is after it; $(window)"
  ((chain_length > 0)) || refuse "segment ${chain_missing}, with which ${base} begins, is missing"
  require_own_end
  require_branch
  [[ "${target_kind}" == latest ]] || refuse "$(target_text) is after the end of the archive; $(window); --latest restores all of it"
}
