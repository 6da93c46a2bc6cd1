# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What the backup scripts share: names of dumps, and what makes one good. Sourced after lib/log.sh, never run.

backup_pattern='postgresql_backup_[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]_[0-9][0-9][0-9][0-9][0-9][0-9].sql.gz'

# Names of the dumps, oldest first: the name holds the time.
list_backups() {
  local path
  for path in "${BACKUP_DIRECTORY}"/${backup_pattern}; do
    [[ ! -f "${path}" ]] || printf '%s\n' "${path##*/}"
  done
}

# A dump is complete when its last lines say so: a killed pg_dump leaves a file that gzip finds sound. The file is read once:
# 1 is a dump without its end, anything else what gzip finds wrong. Usage: is_whole_dump FILE
is_whole_dump() {
  local end
  end=$(gzip -dc -- "$1" 2>/dev/null | tail -n 12 | tr -d '\0') || return 2
  grep -q '^-- PostgreSQL database dump complete' <<<"${end}" || return 1
}

# Prints what is wrong with a dump; nothing where it is good. Usage: backup_problem NAME
backup_problem() {
  local file="${BACKUP_DIRECTORY}/$1" status=0
  if [[ ! -f "${file}" ]]; then
    printf 'there is no such file'
  elif [[ ! -s "${file}.sha256" ]]; then
    printf 'its checksum file %s.sha256 is missing' "$1"
  elif ! (cd -- "${BACKUP_DIRECTORY}" && sha256sum --status --strict -c -- "$1.sha256"); then
    printf 'its content does not match its checksum'
  else
    is_whole_dump "${file}" || status=$?
    case ${status} in
    0) ;;
    1) printf 'it is truncated: the end of the dump is missing' ;;
    *) printf 'it is no sound gzip file' ;;
    esac
  fi
}

# Usage: require_backup_directory
require_backup_directory() {
  [[ -d "${BACKUP_DIRECTORY}" && -r "${BACKUP_DIRECTORY}" ]] || die 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no readable folder; is the backup volume mounted?"
}

# What a dump says that it holds: "ROWS TABLE" a line. Names are as SQL writes them, quotes included. Usage: dump_rows NAME
dump_rows() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" rows | sort; }

# The roles that a dump names, as SQL writes them. Usage: dump_roles NAME
dump_roles() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" roles; }
