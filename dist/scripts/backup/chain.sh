# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The chain of archived WAL that leads on from a base backup. Sourced after backup/repository.sh and wal/timeline.sh, never run.

# A timeline's history as the archive has it, in history; fails where its file is missing. Usage: archived_history TIMELINE
archived_history() {
  local file text=''
  if (($1 > 1)); then
    file=$(archived "$(printf '%08X.history' "$1")")
    [[ -n "${file}" ]] || return 1
    text=$(gzip -dcf -- "${file}") && [[ -n "${text}" ]] || return 1
  fi
  history=$(history_of "$1" <<<"${text}")
}

# The timelines above 1 whose history the archive has, as 8 digits, the newest first.
recorded_timelines() {
  find "${BACKUP_DIRECTORY}/wal" -maxdepth 1 -regextype posix-extended -regex '.*/[0-9A-F]{8}\.history(\.gz)?' -printf '%f\n' 2>/dev/null | cut -c 1-8 | sort -ur
}

# The newest timeline that the archive knows, which is the one that serves, in history; fails where none was ever left.
# Usage: serving_history; sets serving
serving_history() {
  local id
  while read -r id; do
    serving=$((16#${id}))
    if archived_history "${serving}"; then return; fi
  done < <(recorded_timelines)
  return 1
}

# The newest timeline in the archive that a base backup can be recovered along, in history: one that left the base backup's own behind its
# end. Usage: newest_history NAME
newest_history() {
  local id
  while read -r id; do
    archived_history "$((16#${id}))" || continue
    if leads_on "$1"; then return; fi
  done < <(recorded_timelines)
  archived_history "$(base_fact "$1" TIMELINE)"
}

# The first segment between two places that the archive lacks; nothing where it has them all.
# Usage: first_missing FROM_BYTES TO_BYTES SEGMENT_BYTES, with history
first_missing() {
  local number name
  for ((number = $1 / $3; number * $3 < $2; number++)); do
    name=$(segment_for "${number}" "$3")
    if [[ -z "$(archived "${name}")" ]]; then
      printf '%s\n' "${name}"
      return
    fi
  done
}

# What is wrong with an archived segment. Usage: archived_problem NAME SEGMENT_BYTES
archived_problem() {
  local path
  path=$(archived "$1")
  if [[ -n "${path}" ]]; then segment_problem "${path}" "$2"; else printf 'is missing'; fi
}

# Walks from a base backup to the archive's end; prints what is wrong with the first bad segment, else sets chain_end and
# chain_length. Segments that were sound once in this run are not read again. Usage: walk_chain NAME
walk_chain() {
  local size number last name problem
  chain_problem='' chain_end='' chain_length=0
  size=$(base_fact "$1" SEGMENT_BYTES)
  newest_history "$1" || { chain_problem="the history file of timeline $(base_fact "$1" TIMELINE) is missing" && return; }
  number=$(($(lsn_bytes "$(base_fact "$1" START_LSN)") / size))
  last=$((($(lsn_bytes "$(base_fact "$1" STOP_LSN)") - 1) / size))
  name=$(frontier "${size}")
  if [[ -n "${name}" ]] && (($(segment_number "${name}" "${size}") > last)); then last=$(segment_number "${name}" "${size}"); fi
  for (( ; number <= last; number++)); do
    name=$(segment_for "${number}" "${size}")
    if [[ -z "${sound[${name}]:-}" ]]; then
      problem=$(archived_problem "${name}" "${size}")
      [[ -z "${problem}" ]] || { chain_problem="WAL segment ${name} ${problem}: it can be restored only up to there" && return; }
      sound["${name}"]=yes
    fi
    chain_end=${name} chain_length=$((chain_length + 1))
  done
}
