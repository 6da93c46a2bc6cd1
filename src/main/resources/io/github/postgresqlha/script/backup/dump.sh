# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What the backup scripts share: names of dumps, and what makes one good. Sourced after lib/log.sh, never run.

backup_pattern='postgresql_backup_[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]_[0-9][0-9][0-9][0-9][0-9][0-9].sql.gz'

# Dumps of other databases than the application's are in a folder of their own, where nothing finds them that looks for the
# application's. Each is named by its path below BACKUP_DIRECTORY, in its checksum as well, and by the database that it is of.
fact_database='[a-z_][a-z0-9_-]{0,62}'
fact_other_dump="databases/postgresql_backup_[0-9]{8}_[0-9]{6}\\.${fact_database}\\.sql\\.gz"

# Usage: is_dump_name NAME
is_dump_name() {
  # shellcheck disable=SC2053 # a pattern on purpose
  [[ "$1" == ${backup_pattern} ]] || is_fact "${fact_other_dump}" "$1"
}

# Names of the dumps, oldest first: the name holds the time. Usage: list_backups [DATABASE]; the application's where none is named
list_backups() {
  local path pattern=${backup_pattern}
  [[ -z "${1:-}" ]] || pattern="databases/${backup_pattern%.sql.gz}.$1.sql.gz"
  for path in "${BACKUP_DIRECTORY}"/${pattern}; do
    [[ ! -f "${path}" ]] || printf '%s\n' "${path#"${BACKUP_DIRECTORY}/"}"
  done
}

# The other databases that have dumps.
list_databases() {
  local path pattern="${backup_pattern%.sql.gz}.*.sql.gz"
  for path in "${BACKUP_DIRECTORY}"/databases/${pattern}; do
    path=${path#"${BACKUP_DIRECTORY}/"}
    if is_fact "${fact_other_dump}" "${path}"; then dumped_database "${path}"; fi
  done | sort -u
}

# The other database that a dump is of. Usage: dumped_database NAME
dumped_database() {
  local rest=${1#*.}
  printf '%s\n' "${rest%.sql.gz}"
}

# A dump is complete when its end says so: a killed pg_dump leaves a file that gzip finds sound. The file is read once: 1 is a dump
# without its end, anything else what gzip finds wrong. A line may be a row of a gigabyte, so bytes are kept, not lines. Usage: is_whole_dump FILE
is_whole_dump() {
  local end
  end=$(gzip -dc -- "$1" 2>/dev/null | tail -c 4096 | tr -d '\0') || return 2
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

# Room on the backup volume. Where there is too little, what is past the retention goes first. Usage: has_backup_room BYTES; sets available
has_backup_room() {
  local attempt
  for attempt in 1 2; do
    available=$(df --output=avail -B1 -- "${BACKUP_DIRECTORY}" | tail -n 1)
    ((available <= $1)) || return 0
    ((attempt == 1)) || return 1
    log_warn "about $1 bytes needed, ${available} free in ${BACKUP_DIRECTORY}: retention runs first"
    "${script_dir}/cleanup-backups.sh" || true
  done
}

# Usage: require_backup_directory
require_backup_directory() {
  [[ -d "${BACKUP_DIRECTORY}" && -r "${BACKUP_DIRECTORY}" ]] || die 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no readable folder; is the backup volume mounted?"
}

# What a dump says that it holds: "ROWS TABLE" a line, "ROWS TABLE *" with its partitions. Names are as SQL writes them, quotes included. Usage: dump_rows NAME
dump_rows() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" rows | sort; }

# The roles that a dump names, as SQL writes them. Usage: dump_roles NAME
dump_roles() { gzip -dc -- "${BACKUP_DIRECTORY}/$1" | perl "${script_dir}/backup/dump.pl" roles; }
