# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (script_dir is the scripts'; statuses of the checks are their answers)
# How the files of a base backup come out of their archives, into an empty folder and nowhere else. Sourced after backup/repository.sh, never run.

# More than base.env says by this is no base backup of ours; a restore asks for more room than that beside it.
unpack_margin=16777216

# Prints why it is not unpacked, nothing where it is. Usage: unpack_archive NAME ARCHIVE FOLDER
unpack_archive() {
  local most said
  most=$(($(base_fact "$1" PLAIN_BYTES) + unpack_margin))
  said=$({ gzip -dc -- "${BACKUP_DIRECTORY}/base/$1/$2" 2>&3 | perl "${script_dir}/backup/members.pl" "${most}" "$(base_fact "$1" TABLESPACES)" 2>&3 |
    tar --warning=no-timestamp -xf - -C "$3" 2>&3; } 3>&1) && return
  printf '%s: %s' "$2" "${said%%$'\n'*}"
}
