# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Timelines and what leads on from a base backup along one: the chain of its segments. Sourced after backup/repository.sh, wal/timeline.sh
# and wal/files.sh, never run.

# The history file of a timeline, from the archive or from the running database. Usage: history TIMELINE
history() {
  local name file
  name=$(printf '%08X.history' "$1")
  file=$(archived "${name}")
  if [[ -z "${file}" ]]; then file="${PGDATA}/pg_wal/${name}"; fi
  [[ -s "${file}" ]] && unpacked "${file}"
}

# Every timeline that the archive or the running database has heard of, the newest first. A placeholder is none.
known_timelines() {
  local path name
  for path in "${BACKUP_DIRECTORY}"/wal/* "${BACKUP_DIRECTORY}"/wal/receiving/* "${PGDATA}"/pg_wal/*.history; do
    name=${path##*/}
    [[ "${name}" =~ ^[0-9A-F]{8}([0-9A-F]{16}|\.history) ]] && [[ "${name}" != *.history || -s "${path}" ]] || continue
    printf '%s\n' "$((16#${name:0:8}))"
  done | sort -rnu
}

# A timeline and those that it came from, the oldest first: "TIMELINE BEGIN END" a line, in bytes. Fails where its history is unknown.
# Usage: lineage TIMELINE
lineage() {
  local text=''
  if (($1 > 1)); then text=$(history "$1") && [[ -n "${text}" ]] || return 1; fi
  history_of "$1" <<<"${text}"
}

# Whether a base backup was taken on a timeline or on what it came from. Usage: leads_to BASE TIMELINE
leads_to() {
  local history
  history=$(lineage "$2") && leads_on "$1"
}

# The segments from a base backup's start along a timeline, as far as there is no gap: their files in chain, the first that is not
# there in chain_missing, and in chain_gap whether there are later ones. As PostgreSQL looks for them: in the segment in which a
# timeline begins its own file holds the parent's log too, and the parent's is the second choice.
# Sets followed, the lineage. Usage: follow_chain BASE TIMELINE [BYTES]; from another place than the base backup's
follow_chain() {
  local timelines=() begins=() ends=() timeline begin end number bytes i name found kind path newest
  followed=$(lineage "$2") || followed=''
  while read -r timeline begin end; do timelines+=("${timeline}") begins+=("${begin}") ends+=("${end}"); done <<<"${followed}"
  bytes=$(base_fact "$1" SEGMENT_BYTES) chain=() chain_missing='' chain_gap='' chain_kind=whole
  number=$((${3:-$(lsn_bytes "$(base_fact "$1" START_LSN)")} / bytes))
  while [[ -z "${chain_missing}" ]]; do
    found=
    for ((i = ${#timelines[@]} - 1; i >= 0; i--)); do
      ((begins[i] / bytes <= number)) || continue
      name=$(segment_at "${timelines[i]}" "$((number * bytes))" "${bytes}")
      found=$(wal_file "${name}")
      [[ "${found}" == whole* ]] || chain_missing=${chain_missing:-${name}}
      if [[ -n "${found}" ]] || ((begins[i] / bytes < number)); then break; fi
    done
    if [[ -n "${found}" ]]; then
      read -r kind path <<<"${found}"
      chain+=("${path}") chain_kind=${kind}
    fi
    number=$((number + 1))
  done
  for i in "${!timelines[@]}"; do
    name=$(newest_segment "${timelines[i]}")
    [[ -n "${name}" ]] || continue
    newest=$(segment_number "${name}" "${bytes}")
    # What a timeline had after another one left it does not belong to this chain.
    ((newest < number || number * bytes >= ends[i])) || chain_gap=yes
  done
}

# Usage: newest_segment TIMELINE
newest_segment() {
  local path name newest=''
  for path in "${BACKUP_DIRECTORY}/wal/$(printf '%08X' "$1")"* "${BACKUP_DIRECTORY}/wal/receiving/$(printf '%08X' "$1")"*; do
    name=${path##*/}
    [[ "${name}" =~ ^[0-9A-F]{24} && "${name:0:24}" > "${newest}" ]] && newest=${name:0:24}
  done
  printf '%s\n' "${newest}"
}
