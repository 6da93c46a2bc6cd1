# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# How the copy outside of this cluster comes back: proved before it gets its name, and never over something that is good. Sourced
# after offsite/common.sh, never run.

# What is asked for, as paths of the remote. Usage: select_wanted WHAT
#   everything, or a dump's name, with its folder where it has one; for a recovery: all (base backups and WAL), latest or a base
#   backup's name (that one and the WAL since), or a time as 2026-01-31T23:59:00Z (the newest base backup that ended before)
select_wanted() {
  case $1 in
  everything)
    paths "${scratch}/remote" "${dump_names}"
    paths "${scratch}/remote" "${dump_names%\$}\.sha256\$"
    paths "${scratch}/remote" "${other_dump_names%\$}(\.sha256)?\$"
    recovery_files '' 0
    ;;
  all) recovery_files '' 0 ;;
  postgresql_backup_* | databases/*) paths "${scratch}/remote" "^$1(\.sha256)?\$" ;;
  *)
    name=$(choose_remote_base "$1")
    [ -z "${name}" ] || recovery_files "${name}" "$(remote cat "${OFFSITE_REMOTE}/base/${name}/base.env" | start_key || printf 0)"
    ;;
  esac
}

# Base backups there whose sums are there: then they are complete.
remote_bases() { paths "${scratch}/remote" '^base/postgresql_base_[0-9]{8}_[0-9]{6}/SHA256SUMS$' | cut -d / -f 2; }

# Usage: choose_remote_base latest|NAME|TIME
choose_remote_base() {
  case $1 in
  latest) remote_bases | tail -n 1 ;;
  postgresql_base_*) remote_bases | grep -x "$1" || true ;;
  *)
    remote_bases | sort -r | while read -r name; do
      ended=$(remote cat "${OFFSITE_REMOTE}/base/${name}/base.env" </dev/null | sed -n 's/^FINISHED=//p')
      if [ -n "${ended}" ] && expr "_${ended}" '<' "_$1" >/dev/null; then
        printf '%s\n' "${name}"
        break
      fi
    done
    ;;
  esac
}

# Usage: recovery_files BASE KEY; one base backup or all of them, and the WAL from this segment on
recovery_files() {
  remote_bases | { if [ -n "$1" ]; then grep -x "$1"; else cat; fi; } | while read -r name; do paths "${scratch}/remote" "^base/${name}/${base_files}\$"; done
  paths "${scratch}/remote" "${wal_names}" | awk -v oldest="_$2" '/history/ || "_" substr($1, 13, 16) >= oldest'
  paths "${scratch}/remote" '^wal/system-identifier$'
}

# Sets missing, a list; and bad, what is here and has to give way. Everything: by name and size, a difference is only named. What was
# asked for is also proved here.
find_missing() {
  awk 'FILENAME == ARGV[1] { there[$2] = $1; next } FILENAME == ARGV[2] { here[$2] = $1; next }
    { print (!($1 in here) ? "missing" : here[$1] != there[$1] ? "differs" : "same"), $1 }' "${scratch}/remote" "${scratch}/local" "${scratch}/wanted" >"${scratch}/todo"
  sed -n 's/^missing //p' "${scratch}/todo" >"${scratch}/missing"
  : >"${scratch}/bad"
  grep -v '^missing ' "${scratch}/todo" | while read -r what path; do
    if [ "$1" != everything ]; then
      is_sound "${BACKUP_DIRECTORY}" "${path}" || printf '%s\n' "${path}" >>"${scratch}/bad"
    elif [ "${what}" = differs ]; then
      printf '%s\n' "${path}"
    fi
  done >"${scratch}/differs"
  while read -r path; do
    trouble "${path} is here with another size than off-site: kept as it is; move it away and fetch again, if the one off-site is the right one"
  done <"${scratch}/differs"
  complete_groups
  needed=$(awk 'FILENAME == ARGV[1] { there[$2] = $1; next } { sum += there[$1] } END { printf "%d", sum / 1024 + 65536 }' "${scratch}/remote" "${scratch}/missing")
  available=$(df -Pk "${BACKUP_DIRECTORY}" | awk 'NR == 2 { print $4 }')
  [ "${available}" -gt "${needed}" ] || give_up 1 "not enough room: ${needed} kB needed, ${available} kB free in ${BACKUP_DIRECTORY}; enlarge backup.storage.size, or fetch one dump: restore.sh NAME --from offsite"
}

# A base backup of which a file is missing or bad comes as a whole, a bad dump with its checksum. One that is good here stays, whatever
# else there is of it off-site.
complete_groups() {
  grep '^base/' "${scratch}/missing" | cat - "${scratch}/bad" | sed -E 's#^(base/[^/]+/).*#\1#; s#\.sha256$##' | sort -u >"${scratch}/suspect"
  while read -r group; do
    case ${group} in
    base/*) if is_proved_base "${BACKUP_DIRECTORY}" "${group%/}"; then keep_good_base "${group}" && continue; fi ;;
    *) ;;
    esac
    printf '%s\n' "${group}"
  done <"${scratch}/suspect" >"${scratch}/groups"
  : >"${scratch}/all"
  awk -v bad="${scratch}/bad" -v all="${scratch}/all" '
    FILENAME == ARGV[1] { group[$1] = 1; next } FILENAME == ARGV[2] { missing[$1] = 1; next } FILENAME == ARGV[3] { here[$2] = 1; next }
    { name = $1; if (name ~ /^base\//) sub(/[^\/]*$/, "", name); else sub(/\.sha256$/, "", name) }
    name in group && $1 in here { print $1 >bad }
    name in group || $1 in missing { print $1 >all }' "${scratch}/groups" "${scratch}/missing" "${scratch}/local" "${scratch}/wanted"
  mv "${scratch}/all" "${scratch}/missing"
}

# Usage: keep_good_base GROUP
keep_good_base() {
  say_error "$1 has other files off-site than here, where it is what its SHA256SUMS says: kept as it is; look who wrote there"
  for list in missing bad; do
    awk -v group="$1" 'index($1, group) != 1' "${scratch}/${list}" >"${scratch}/rest"
    mv "${scratch}/rest" "${scratch}/${list}"
  done
}
