# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What a member wrote that the primary never got: counted, reported and kept aside before a rejoin or a copy drops it.
# Sourced by the supervisors and by patroni/rewind.sh, after lib/facts.sh.

# The places where a history went on to the next timeline: "TIMELINE LSN" a line. Usage: history_places <TEXT
history_places() { awk '{ sub(/^[^ ]*\.history /, "") } $1 ~ /^[1-9][0-9]*$/ && $2 ~ /^[0-9A-F]+\/[0-9A-F]+$/ { print $1, $2 }'; }

# Usage: own_history TIMELINE
own_history() {
  local file
  printf -v file '%s/pg_wal/%08X.history' "${PGDATA}" "$1"
  history_places 2>/dev/null <"${file}" || true
}

# Where the peer's history left this instance's timeline; fails where it does not say, and where it came to that number another way: then
# rows from before that place are missing there as well. Usage: fork_point OWN_TIMELINE
fork_point() {
  local history mine theirs fork
  if [[ -n "${replaced_by:-}" ]]; then
    history=$(PGDATA=${replaced_by} own_history "${peer_timeline}")
  else
    history=$(timeout 10 psql -XAtqw -F ' ' "$(peer_connection replicator replication) replication=true" -c "TIMELINE_HISTORY ${peer_timeline}") || return 1
    history=$(history_places <<<"${history}")
  fi
  mine=$(own_history "$1")
  theirs=$(awk -v timeline="$1" '$1 == timeline { exit } { print }' <<<"${history}")
  [[ -z "${mine}" || "${mine}" == "${theirs}" ]] || return 1
  fork=$(awk -v timeline="$1" '$1 == timeline { print $2; exit }' <<<"${history}")
  is_fact "${fact_lsn}" "${fork}" && printf '%s\n' "${fork}"
}

# Committed and prepared transactions between two places of a timeline, and where the last record of a transaction ends: "COUNT LSN". One
# pass, whatever the length. The statistics hold no word of a record's: the name of a prepared transaction can look like the line of any
# record. pg_waldump ends with an error where the WAL ends; any other one says that it could not read, and then this fails.
# Usage: count_commits TIMELINE START END
count_commits() {
  { dump_wal "$1" "$2" "$3" --rmgr=Transaction --stats=record 2>&1 && printf 'the whole WAL was read\n' || true; } |
    awk '$1 ~ /^Transaction\/(COMMIT|PREPARE)/ { count += $2 }
      /^WAL statistics between / { last = $6; sub(/:$/, "", last) }
      /^the whole WAL was read$/ || /^pg_waldump: error: (error in WAL record at|could not find a valid record after) / { ended = 1 }
      END { print count + 0, last; exit !ended }'
}

# Where the last whole record of a timeline ends. Usage: end_of_wal TIMELINE START
end_of_wal() {
  local segments end
  mapfile -t segments < <(segments_from "$1" "$2")
  ((${#segments[@]} > 0)) && [[ "$(control_value 'Bytes per WAL segment')" == "${wal_segment_bytes}" ]] || return 1
  end=$(segment_end "${segments[-1]}")
  end=$({ dump_wal "$1" "$2" "${end}" --stats 2>/dev/null || true; } | sed -n 's/^WAL statistics between .* and \([0-9A-F/]*\):$/\1/p')
  is_fact "${fact_lsn}" "${end}" && printf '%s\n' "${end}"
}

# Names of a timeline's segments from a place on; of all segments where there is none. Usage: segments_from TIMELINE [LSN]
segments_from() {
  local file first='' timeline=''
  if [[ -n "${2:-}" ]]; then
    first=$(wal_segment "$1" "$2")
    timeline=${first:0:8}
  fi
  for file in "${PGDATA}/pg_wal/${timeline}"*; do
    file=${file##*/}
    if is_fact '[0-9A-F]{24}' "${file}" && [[ ! "${file}" < "${first}" ]]; then printf '%s\n' "${file}"; fi
  done
}

# The number of a segment of 16 MB, whatever its timeline. Usage: wal_segment_number NAME
wal_segment_number() { printf '%s\n' "$((16#${1:8:8} * 256 + 16#${1:16:8}))"; }

# Where a segment ends. Usage: segment_end NAME
segment_end() { bytes_lsn "$((($(wal_segment_number "$1") + 1) * wal_segment_bytes))"; }

# Usage: are_all_between FIRST LAST COUNT, of segments
are_all_between() {
  local begin
  begin=$(wal_segment_number "$1")
  (($(wal_segment_number "$2") - begin + 1 == $3))
}

# Says why the WAL after a point cannot be counted; nothing where it can. Counting that was killed twice, as by the limit of memory,
# is not tried again. Usage: uncountable TIMELINE FORK SEGMENT…, the segments from there on
uncountable() {
  local attempts place first=${3:-} last=${*: -1}
  attempts=$(number "$(cat -- "${STATE_DIRECTORY}/count-attempts" 2>/dev/null || true)")
  if [[ -z "$2" ]]; then
    printf 'the primary does not say where its history left this timeline\n'
  elif [[ -z "${first}" ]]; then
    # All of its WAL is from before that point, unless what its control file names is gone.
    place=$(control_value 'Latest checkpoint location')
    if is_fact "${fact_lsn}" "${place}" && is_beyond "${place}" "$2"; then printf 'of its WAL after %s nothing is there, and it went on up to %s\n' "$2" "${place}"; fi
  elif [[ "${first}" != "$(wal_segment "$1" "$2")" ]] || ! are_all_between "${first}" "${last}" "$(($# - 2))"; then
    printf 'of the segments after %s only %s are there, from %s on\n' "$2" "$(($# - 2))" "${first}"
  elif ((attempts >= 2)); then
    printf 'counting ended before its end %s times\n' "${attempts}"
  else
    write_durably "${STATE_DIRECTORY}/count-attempts" "$((attempts + 1))" || printf '%s cannot be written\n' "${STATE_DIRECTORY}"
  fi
}

# Keeps the abandoned WAL beside the WAL folder of the new data, and says what is in it. What cannot be counted is not nothing: then
# all of it is kept, and of a copy that replaces the data, set_data_aside keeps these as well. Fails where the WAL could not be kept:
# then the data must not be written over.
keep_abandoned_wal() {
  local timeline fork='' reason text counted end commits=0 last='' size segments=()
  timeline=$(control_timeline) || {
    write_durably "${STATE_DIRECTORY}/keep-data" "the control file cannot be read"
    return 1
  }
  [[ -z "${peer_timeline}" ]] || ((timeline < peer_timeline)) || return 0
  size=$(control_value 'Bytes per WAL segment')
  if [[ "${size}" == "${wal_segment_bytes}" ]]; then fork=$(fork_point "${timeline}") || fork=''; fi
  mapfile -t segments < <(segments_from "${timeline}" "${fork}")
  reason=$(uncountable "${timeline}" "${fork}" "${segments[@]}")
  [[ "${size}" == "${wal_segment_bytes}" ]] || reason="its WAL segments are of ${size:-unknown} bytes"
  if [[ -z "${reason}" ]] && ((${#segments[@]} > 0)); then
    end=$(segment_end "${segments[-1]}")
    counted=$(count_commits "${timeline}" "${fork}" "${end}") || reason="pg_waldump cannot read it"
    read -r commits last <<<"${counted}"
  fi
  if [[ -z "${reason}" ]]; then
    text="timeline ${timeline} from ${fork} to ${last}: ${commits} committed transactions that ${PEER_NAME} never had"
  else
    text="timeline ${timeline} from ${fork:-an unknown place} on: what only this instance holds could not be counted (${reason})"
    log_warn "what only this instance holds could not be counted: ${reason}. All of its WAL is kept"
  fi
  if [[ -n "${reason}" ]] || ((commits > 0)); then
    keep_segments "${timeline}" "${text}" "${segments[@]}" || {
      log_error "ABANDONED: ${text}. Their WAL COULD NOT BE KEPT in ${WAL_DIRECTORY}: make room there, or enlarge the WAL claim. Nothing here is written over"
      write_durably "${STATE_DIRECTORY}/keep-data" "${text}"
      return 1
    }
  fi
  remove_durably "${STATE_DIRECTORY}/count-attempts" || return 1
  if [[ -n "${reason}" ]]; then
    write_durably "${STATE_DIRECTORY}/keep-data" "${text}"
  else
    remove_durably "${STATE_DIRECTORY}/keep-data"
  fi
}

# Whole or not at all; what is kept already is not kept twice. Usage: keep_segments TIMELINE TEXT SEGMENT…
keep_segments() {
  local folder readme known timeline=$1 text=$2
  shift 2
  for readme in "${WAL_DIRECTORY}/abandoned-${timeline}"-*/README; do
    [[ -f "${readme}" && "${readme}" != *.partial/README ]] || continue
    known=$(<"${readme}")
    if [[ "${known%% that * never had}" == "${text%% that * never had}" ]]; then return; fi
  done
  folder="${WAL_DIRECTORY}/abandoned-${timeline}-$(date -u +%Y%m%dT%H%M%SZ)"
  rm -rf -- "${WAL_DIRECTORY}"/abandoned-*.partial && mkdir -- "${folder}.partial" || return 1
  {
    copy_segments "${folder}.partial" "$@" && printf '%s\n' "${text}" >"${folder}.partial/README" &&
      sync -f -- "${folder}.partial" && mv -T -- "${folder}.partial" "${folder}" && sync -- "${WAL_DIRECTORY}"
  } || {
    rm -rf -- "${folder}.partial"
    return 1
  }
  log_error "ABANDONED: ${text}. Their WAL is kept in ${folder}; pg_waldump shows it"
  drop_older_than_two "${folder}"
}

# Usage: copy_segments FOLDER SEGMENT…
copy_segments() {
  local segment
  for segment in "${@:2}"; do cp -- "${PGDATA}/pg_wal/${segment}" "$1/" || return 1; done
}

# The newest folders by the time in their names, two of them: the one that was just made is one, whatever the clock said. WAL whose data
# are lost (-wal-) is none of them: it may be all that is left, and is a person's.
# Usage: drop_older_than_two NEWEST
drop_older_than_two() {
  local folder stamp
  while read -r stamp folder; do
    log_info "older than two others, removed: ${folder}"
    rm -rf -- "${folder}" || return 0
  done < <(for folder in "${WAL_DIRECTORY}"/abandoned-*; do
    stamp=${folder##*/abandoned-}
    stamp=${stamp#*-}
    if [[ "${folder}" != "$1" ]] && is_fact '[0-9]{8}T[0-9]{6}Z(-.*)?' "${stamp}" && ! is_fact '.*-wal-[0-9]{8}T[0-9]{6}Z-[0-9]+' "${stamp}"; then printf '%s %s\n' "${stamp%%Z*}" "${folder}"; fi
  done | sort -V | head -n -1)
}

# Of data that patroni/clone.sh set aside, before they go. It had no time to count, and left a mark in them. Those of which nobody can say
# what only they hold get a name that nothing removes.
count_replaced() {
  local folder
  for folder in "${PGDATA}".before-[0-9]*; do
    if [[ ! -e "${folder}/uncounted" ]] || ! is_fact "before-${fact_time}" "${folder#"${PGDATA}".}"; then continue; fi
    if is_counted "${folder}"; then
      remove_durably "${folder}/uncounted" || return 1
    else
      keep_replaced "${folder}" || return 1
    fi
  done
}

# Usage: keep_replaced FOLDER
keep_replaced() {
  local kept=${1/.before-/.abandoned-}
  mv -T -- "$1" "${kept}" && sync -- "${PGDATA%/*}" || return 1
  log_error "ABANDONED: the data that were here are kept in ${kept}, with their WAL: what only they hold could not be counted. Remove that folder when you have looked"
}

# Counts against the history of what took their place. Their notes are in their own folder: those of PGDATA are of other data. Who was
# primary on the timeline of the primary may have rows alone. Usage: is_counted FOLDER
is_counted() {
  local replaced_by=${PGDATA} PEER_NAME='the primary' role_before='' peer_timeline system timeline
  peer_timeline=$(control_timeline) && system=$(control_value 'Database system identifier') || return 1
  local PGDATA=$1 STATE_DIRECTORY=$1
  { read -r role_before <"$1/uncounted"; } 2>/dev/null || true
  [[ "$(control_value 'Database system identifier')" == "${system}" ]] || return 0 # drop_replaced keeps them
  timeline=$(control_timeline) || return 1
  ((timeline != peer_timeline)) || [[ "${role_before}" == standby || "${role_before}" == none ]] || return 1
  keep_abandoned_wal && [[ ! -e "$1/keep-data" ]]
}

# pg_rewind, as all of a process. With --progress it says what it needs to copy when it has read everything, and writes from then on
# (the same in 15 to 19). Usage: run_rewind OPTION…; in a process of its own
run_rewind() {
  export LC_ALL=C
  exec pg_rewind --progress "$@" >"${RUNTIME_DIRECTORY}/pg_rewind.said" 2>&1
}

# To the log, but the share that was copied at each second.
show_rewind() { grep -v ' kB ([0-9]*%) copied$' -- "${RUNTIME_DIRECTORY}/pg_rewind.said" >&2 || true; }

# Whether run_rewind failed before it wrote anything. It has to have said why: of one that was killed nothing is known.
rewind_wrote_nothing() {
  grep -q '^pg_rewind: error: ' -- "${RUNTIME_DIRECTORY}/pg_rewind.said" && ! grep -q 'need to copy' -- "${RUNTIME_DIRECTORY}/pg_rewind.said"
}

# What pg_waldump shows of a timeline between two places. It is told the segments: by itself it takes the segments' size from
# whichever file it finds first, and fails where that one was made but not written yet. DUMP_SECONDS is its deadline, if it has one.
# Usage: dump_wal TIMELINE START END OPTION…
dump_wal() {
  local first last
  first=$(wal_segment "$1" "$2")
  last=$(bytes_lsn "$(($(lsn_bytes "$3") - 1))")
  LC_ALL=C ${DUMP_SECONDS:+timeout "${DUMP_SECONDS}"} pg_waldump --path="${PGDATA}/pg_wal" --start="$2" --end="$3" "${@:4}" -- "${first}" "$(wal_segment "$1" "${last}")"
}

# The name of the segment that holds a place. Usage: wal_segment TIMELINE LSN
wal_segment() { printf '%08X%08X%08X\n' "$1" "$((16#${2%/*}))" "$((16#${2#*/} / wal_segment_bytes))"; }
