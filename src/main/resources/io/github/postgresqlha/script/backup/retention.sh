# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of cleanup-backups.sh; statuses of the checks are their answers)
# Which base backups and which WAL are kept. Sourced by cleanup-backups.sh after backup/counted.sh.

# Sets bases_counted; the others are named, and stay.
count_bases() {
  local name problem
  bases_counted=() bases_apart=()
  read_archive
  while read -r name; do
    problem=$(stranger "${name}")
    if [[ -z "${problem}" ]]; then
      bases_counted+=("${name}")
    else
      bases_apart+=("${name}")
      log_warn "${name}: ${problem}; it does not count, and is not removed. Look who put it there"
    fi
  done < <(list_bases)
}

# Those that count, by where they begin in the log, the newest first: a name tells what the clock was.
bases_by_place() {
  local name
  for name in "${bases_counted[@]}"; do
    printf '%s %s %s\n' "$(number "$(base_fact "${name}" TIMELINE)")" "$(lsn_bytes "$(base_fact "${name}" START_LSN)")" "${name}"
  done | sort -k 1,1nr -k 2,2nr -k 3,3r | cut -d ' ' -f 3
}

# Sets bases_kept and bases_removed, oldest first: the newest good ones stay, and so does whatever is newer than the oldest of
# them. Contents are read only where something would go.
choose_bases() {
  local name good=0 history='' serving=''
  count_bases
  serving_history || history=''
  bases_kept=() bases_removed=()
  while read -r name; do
    if ((good >= BASE_BACKUP_KEEP)); then
      bases_removed=("${name}" "${bases_removed[@]}")
      continue
    fi
    bases_kept=("${name}" "${bases_kept[@]}")
    if ((${#bases_counted[@]} <= BASE_BACKUP_KEEP)) || is_good_base "${name}"; then good=$((good + 1)); fi
  done < <(bases_by_place)
}

# One that leads to an abandoned timeline only is not one of those that are kept for what is written now.
is_good_base() {
  local problem
  problem=$(base_problem "$1")
  if [[ -z "${problem}" && -n "${history}" ]] && ! leads_on "$1"; then problem="it does not lead to timeline ${serving}, which is the newest"; fi
  [[ -n "${problem}" ]] || return 0
  log_warn "$1: ${problem}; it does not count"
  return 1
}

# The place from which on WAL is needed, as the number of a segment; nothing where there is no base backup.
needed_from() {
  local name start size oldest=''
  # One that does not say what it needs may need everything; where none counts nothing tells what is needed.
  for name in "${bases_apart[@]}"; do
    if ((${#bases_kept[@]} > 0)) && [[ -n "$(base_fact "${name}" START_LSN)" && -n "$(base_fact "${name}" SEGMENT_BYTES)" ]]; then continue; fi
    printf '0 16777216\n'
    return
  done
  for name in "${bases_kept[@]}"; do
    size=$(base_fact "${name}" SEGMENT_BYTES)
    start=$(($(lsn_bytes "$(base_fact "${name}" START_LSN)") / size))
    if [[ -z "${oldest}" ]] || ((start < oldest)); then oldest=${start}; fi
  done
  [[ -z "${oldest}" ]] || printf '%s %s\n' "${oldest}" "${size}"
}

# A base backup loses its name first: who lists them never finds one whose WAL is gone.
clean_bases() {
  local name base="${BACKUP_DIRECTORY}/base"
  for name in "${bases_removed[@]}"; do
    if [[ -n "${dry_run}" ]]; then
      log_info "would remove ${name}"
    else
      log_info "removing ${name}"
      mv -T -- "${base}/${name}" "${base}/.removing.${name}"
      sync -- "${base}"
    fi
  done
}

# WAL that nothing kept needs: of every timeline, before the oldest kept base backup. History files stay.
# Without any base backup it goes by age.
clean_wal() {
  local oldest='' size='' file name
  [[ -d "${BACKUP_DIRECTORY}/wal" ]] || return 0
  read -r oldest size < <(needed_from) || true
  if [[ -z "${oldest}" ]]; then
    while read -r file; do remove "${file}"; done < <(find "${BACKUP_DIRECTORY}/wal" -maxdepth 1 -type f -regextype posix-extended -regex '.*/[0-9A-F]{24}(\.gz)?' -mtime "+${BACKUP_RETENTION_DAYS}")
    return
  fi
  while read -r file; do
    name=${file##*/}
    if (($(segment_number "${name:0:24}" "${size}") < oldest)); then remove "${file}"; fi
  done < <(find "${BACKUP_DIRECTORY}/wal" -maxdepth 1 -type f -regextype posix-extended -regex '.*/[0-9A-F]{24}(\.gz)?(\.partial)?' | sort)
}
