# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What came from outside of this cluster gets its name on the backup volume, when it is proved. Sourced after offsite/fetch.sh,
# never run.

# Into a folder of the volume that nobody looks into, so that the last step is a rename; not in offsite/, where the members write.
download() {
  rm -rf "${incoming}"
  mkdir -p "${incoming}"
  [ -s "${scratch}/missing" ] || return 0
  say_info "fetching $(wc -l <"${scratch}/missing") files, ${needed} kB at most"
  remote copy --no-traverse --files-from "${scratch}/missing" "${OFFSITE_REMOTE}" "${incoming}" 2>"${scratch}/errors" ||
    give_up 1 "fetching from ${OFFSITE_REMOTE} failed: $(tail -n 1 "${scratch}/errors"); nothing was taken over, start it again"
}

# Usage: take PATH; never over something that is there, unless it is known to be bad: then that is kept aside
take() {
  for folder in base databases wal offsite/damaged; do
    [ ! -L "${BACKUP_DIRECTORY}/${folder}" ] || give_up 1 "${BACKUP_DIRECTORY}/${folder} is a link: not followed; look who made it, and remove it"
  done
  mkdir -p "${BACKUP_DIRECTORY}/$(dirname "$1")"
  if [ -e "${BACKUP_DIRECTORY}/$1" ]; then
    grep -qE "^$1(/|\$)" "${scratch}/bad" || return 0
    aside="offsite/damaged/$1.$(date -u +%Y%m%d_%H%M%S)"
    mkdir -p "${BACKUP_DIRECTORY}/$(dirname "${aside}")"
    mv "${BACKUP_DIRECTORY}/$1" "${BACKUP_DIRECTORY}/${aside}"
    say_info "$1 was not good here: kept as ${aside}"
  fi
  sync "${incoming}/$1"
  mv "${incoming}/$1" "${BACKUP_DIRECTORY}/$1"
  taken=$((taken + 1))
}

# A dump after its checksum; a base backup as a whole folder; WAL one by one.
take_proved() {
  sed -n 's#^\(base/[^/]*\)/SHA256SUMS$#\1#p' "${scratch}/missing" >"${scratch}/bases"
  while read -r base; do
    if is_proved_base "${incoming}" "${base}"; then
      sync "${incoming}/${base}"/*
      take "${base}"
    else
      trouble "${base} off-site is not what its SHA256SUMS says: not taken; use another base backup"
    fi
  done <"${scratch}/bases"
  grep -v '^base/' "${scratch}/missing" | LC_ALL=C sort >"${scratch}/files" || true
  while read -r path; do
    case ${path} in
    *.sql.gz.sha256) continue ;;
    *.sql.gz) if [ ! -e "${incoming}/${path}.sha256" ]; then read_plain "${path}.sha256" >"${incoming}/${path}.sha256" || true; fi ;;
    *) ;;
    esac
    if ! is_sound "${incoming}" "${path}"; then
      trouble "${path} off-site is damaged: not taken; there may be an older one, and damaged/ may hold another copy"
      continue
    fi
    case ${path} in *.sql.gz) take "${path}.sha256" ;; *) ;; esac
    take "${path}"
  done <"${scratch}/files"
  sync "${BACKUP_DIRECTORY}"
}

# Of segments that are not complete there: "NUMBER NAME PATH", how many there are of that name. Where nothing may be written over they have
# numbers at their ends, which say nothing here: older versions wrote packed sizes there.
list_tails() {
  grep -E '^[0-9]{1,15} (wal/[0-9A-F]{24}\.gz|wal-tail/[0-9A-F]{24}\.gz\.partial(\.[0-9]{1,15})?)$' "${scratch}/remote" |
    awk '$2 ~ /^wal\// { complete[substr($2, 5)] = 1; next } { name[$2] = substr($2, 10, 27); number[name[$2]]++ }
      END { for (path in name) if (!(name[path] in complete)) print number[name[path]], name[path] ".partial", path }'
}

# The end of the log, where no complete segment and no beginning of it is here; of several the one that holds the most.
take_tails() {
  list_tails >"${scratch}/tails"
  : >"${scratch}/measured"
  while read -r number name path; do
    [ ! -e "${BACKUP_DIRECTORY}/wal/${name%.partial}" ] && [ ! -e "${BACKUP_DIRECTORY}/wal/${name}" ] && [ ! -e "${BACKUP_DIRECTORY}/wal/receiving/${name}" ] || continue
    bytes=''
    [ "${number}" -eq 1 ] || bytes=$(remote_bytes "${path}") || give_up 1 "${OFFSITE_REMOTE}/${path} cannot be read: $(tail -n 1 "${scratch}/errors"); start it again"
    printf '%s %s %s\n' "${bytes:-0}" "${name}" "${path}" >>"${scratch}/measured"
  done <"${scratch}/tails"
  sort -k 2,2 -k 1,1nr "${scratch}/measured" | awk '!longest[$2]++ { print $2, $3 }' >"${scratch}/tails"
  while read -r name path; do
    remote copyto "${OFFSITE_REMOTE}/${path}" "${incoming}/wal/${name}" || give_up 1 "fetching ${path} failed; start it again"
    take "wal/${name}"
  done <"${scratch}/tails"
}

# Usage: fetch WHAT, as select_wanted has it
fetch() {
  taken=0 incoming="${BACKUP_DIRECTORY}/.offsite-incoming"
  list_remote "${scratch}/remote"
  require_same_system
  list_local "${scratch}/local"
  select_wanted "$1" >"${scratch}/wanted"
  [ -s "${scratch}/wanted" ] || give_up 1 "${OFFSITE_REMOTE} has nothing to fetch of that name ($1); is backup.offsite.remote the one that was copied to?"
  find_missing "$1"
  download
  take_proved
  case $1 in postgresql_backup_* | databases/*) ;; *) take_tails ;; esac
  rm -rf "${incoming}"
  [ "${troubles}" -eq 0 ] || give_up 1 "${taken} taken, ${troubles} not, see above; nothing that is good here was changed"
  say_info "all that ${OFFSITE_REMOTE} has is here: $(wc -l <"${scratch}/wanted") files, ${taken} of them taken now"
}
