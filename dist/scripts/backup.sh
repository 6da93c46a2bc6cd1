#!/usr/bin/env bash
# Takes a dump of the application's database, proves that it is complete, gives it its name, and then lets retention run. Dumps of
# other databases follow, where they are asked for: one that fails stops no other, and the run has failed then.
# Usage: backup.sh
#
# Environment:
#   PGHOST, PGPORT, PGTARGETSESSIONATTRS, PGUSER, PGDATABASE, PGCONNECT_TIMEOUT   libpq's own: which server, role and database
#   SECRET_DIRECTORY           holds PGUSER-password
#   BACKUP_DIRECTORY           where dumps are kept
#   BACKUP_RETENTION_DAYS, BACKUP_RETENTION_MINIMUM   see cleanup-backups.sh
#   BASE_BACKUP_KEEP           where it is set, a base backup follows when there is none yet or WAL is missing; see base-backup.sh
#   BACKUP_DATABASES           other databases that are dumped as well: all, or names with commas between them; unset: none
#   DUMP_LOCK_WAIT_SECONDS (300)   how long the dump of a database waits for what somebody locked; then it fails and names who
#   PROGRESS_SECONDS (60)      how often the log says how far the dump is
#   POSTGRES_MAJOR (17)        of the programs here
#   PASSFILE_DIRECTORY (/tmp)  for the passfile
# Examples:
#   kubectl create job --from=cronjob/postgresql-backup manual-backup -n airflow
# Exit status: 0 done, 1 failed, 2 cannot connect, 64 bad environment, 75 another backup is running
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/backup/properties.sh"
source "${script_dir}/backup/databases.sh"
source "${script_dir}/backup/locks.sh"

# A short one; a server that is gone without a word is given up. Usage: question ARGUMENTS…, those of psql
question() { sql -d "${silence_limits}" "$@"; }

# The database is its owner's, and so are its settings and what its schemas hold: nothing of it is called here by a bare name. A time zone of
# the owner's could be one whose offset PostgreSQL writes and reads as another one: each time in the dump would be another then. What a database in
# SQL_ASCII holds is in no encoding that the server knows: it is dumped as it is. Fails with the status that the run then has, and has said why.
connect() {
  local answer encoding
  export PGCLIENTENCODING=UTF8
  export PGOPTIONS="-c local_preload_libraries= -c client_min_messages=error -c search_path=pg_catalog -c default_transaction_read_only=off -c standard_conforming_strings=on -c timezone=UTC ${no_timeouts} -c lock_timeout=${DUMP_LOCK_WAIT_SECONDS}s"
  ask answer question -c 'SELECT pg_catalog.pg_database_size(pg_catalog.current_database()), pg_catalog.getdatabaseencoding()' || {
    fail "cannot connect to ${PGHOST} as ${PGUSER}: ${reason}"
    return 2
  }
  IFS='|' read -r database_bytes encoding <<<"${answer}"
  is_fact "${fact_number}" "${database_bytes}" || {
    fail "${PGHOST} gives no size of ${PGDATABASE}"
    return 1
  }
  [[ "${encoding}" != SQL_ASCII ]] || export PGCLIENTENCODING=SQL_ASCII
}

# What runs that were killed left takes room: of dumps, and of base backups where none is being taken.
sweep() {
  local base
  # shellcheck disable=SC2086 # a pattern
  rm -f -- "${BACKUP_DIRECTORY}"/${backup_pattern}.partial "${BACKUP_DIRECTORY}"/${backup_pattern}.sha256.partial "${BACKUP_DIRECTORY}"/databases/*.partial
  [[ -d "${BACKUP_DIRECTORY}/base" ]] && exec {base}>"${BACKUP_DIRECTORY}/base/.lock" && flock -n "${base}" || return 0
  rm -rf -- "${BACKUP_DIRECTORY}/base/.scratch" "${BACKUP_DIRECTORY}"/base/.postgresql_base_*.partial
  exec {base}>&-
}

# A dump compresses to less than half of its database, as a rule; the newest one tells better. Usage: require_space [DATABASE]
require_space() {
  local newest needed available
  newest=$(list_backups "$@" | tail -n 1)
  if [[ -n "${newest}" ]]; then
    needed=$(($(stat -c %s -- "${BACKUP_DIRECTORY}/${newest}") * 12 / 10))
  else
    needed=$((database_bytes / 2))
  fi
  has_backup_room "${needed}" || {
    fail "not enough room: about ${needed} bytes needed, ${available} free in ${BACKUP_DIRECTORY}; enlarge backup.storage.size or shorten backup.retentionDays"
    return 1
  }
}

# A dump of hours says each minute how far it is.
report_progress() {
  while true; do
    read -rt "${PROGRESS_SECONDS:-60}" -u "${clock}" || true
    [[ -d "/proc/$$" ]] || return 0 # the run was killed
    log_info "dumping ${PGDATABASE}: $(stat -c %s -- "${partial}") bytes written after ${SECONDS} s"
  done
}

# What a dump does not hold, as comments before it: roles without their passwords, and properties, those of the database.
describe() {
  printf -- '--\n-- Roles and tablespaces, to be read and run where they are missing: sed -n "/^[^-]/q;s/^-- globals: //p"\n--\n\n'
  pg_dumpall -d "${silence_limits}" --globals-only --no-role-passwords --no-password --database="${PGDATABASE}" | sed 's/^/-- globals: /' || return 1
  printf -- '\n-- database: %s\n-- bytes: %s\n\n' "${properties}" "${database_bytes}"
}

# The checksum is of what gzip wrote, on its way to the volume: what is read back has to match it.
dump() {
  local progress watch sum properties said waited dump_application="pg_dump_${stamp}" status=0
  dumps_every_member || return 1
  ask properties question -c "${database_properties}" && [[ "${properties}" == '{'* ]] || {
    fail "the properties of ${PGDATABASE} cannot be asked: ${reason:-no answer}"
    return 1
  }
  said=$(mktemp -- "$(passfile_directory)/said.XXXXXX") && waited=$(mktemp -- "$(passfile_directory)/waited.XXXXXX") || return 1
  exec {clock}<> <(:)
  report_progress {lock}>&- &
  progress=$!
  watch_locks "${waited}" {lock}>&- &
  watch=$!
  sum=$({ describe && pg_dump -d "${silence_limits} application_name=${dump_application}" --no-password --lock-wait-timeout="${DUMP_LOCK_WAIT_SECONDS}s" 2>"${said}"; } | gzip | tee -- "${partial}" | sha256sum) || status=1
  kill "${progress}" "${watch}" 2>/dev/null || true
  wait "${progress}" "${watch}" 2>/dev/null || true
  cat -- "${said}" >&2
  # The only time limit that pg_dump's session has is that of LOCK TABLE; what else it waits for is cancelled.
  if ((status > 0)) && grep -qE 'statement timeout|user request' -- "${said}"; then name_lock_holders "$(<"${waited}")"; fi
  rm -f -- "${said}" "${waited}"
  ((status == 0)) || return 1
  sum=${sum%% *}
  # Whoever asks for the status of this keeps bash from ending at an error: each step is looked at.
  sync -- "${partial}" || return 1
  log_info "dumped, verifying"
  printf '%s  %s\n' "${sum}" "${partial}" | sha256sum --status --strict -c && is_whole_dump "${partial}" || return 1
  printf '%s  %s\n' "${sum}" "${name}" >"${BACKUP_DIRECTORY}/${name}.sha256.partial"
}

# The checksum comes first: whoever sees the final name finds its proof beside it. One without its dump is of a run that was killed.
publish_dump() {
  sync -- "${BACKUP_DIRECTORY}/${name}.sha256.partial" &&
    mv -fT -- "${BACKUP_DIRECTORY}/${name}.sha256.partial" "${BACKUP_DIRECTORY}/${name}.sha256" &&
    mv -nT -- "${partial}" "${BACKUP_DIRECTORY}/${name}" && [[ ! -e "${partial}" ]] && sync -- "${partial%/*}" && return
  fail "${name} could not be put under its name, or it may not last: ${BACKUP_DIRECTORY} does not keep what is written"
  return 1
}

# A new installation has a base backup from its first backup on, and one whose WAL chain broke has one the next night.
ensure_base() {
  local status=0
  "${script_dir}/base-backup.sh" --if-needed || status=$?
  case ${status} in
  0) ;;
  75) log_info "a base backup is being taken already" ;;
  *) failed+="${failed:+; }the base backup that is needed failed (status ${status}): until there is one, no moment between dumps can be restored" ;;
  esac
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  require_env PGHOST PGUSER PGDATABASE SECRET_DIRECTORY BACKUP_DIRECTORY BACKUP_RETENTION_DAYS BACKUP_RETENTION_MINIMUM
  require_databases
  require_lock_wait
  require_backup_directory
  umask 077
  exec {lock}>"${BACKUP_DIRECTORY}/.backup.lock"
  flock -n "${lock}" || die 75 "another backup is running on this volume"
  require_passfile "${PGHOST}" "${PGPORT:-5432}" "${PGUSER}"
  failed='' status=0 reason=''
  sweep
  stamp=$(date -u +%Y%m%d_%H%M%S)
  name="postgresql_backup_${stamp}.sql.gz"
  partial="${BACKUP_DIRECTORY}/${name}.partial"
  [[ ! -e "${BACKUP_DIRECTORY}/${name}" ]] || die 1 "${name} is there already; nothing is overwritten. Was the clock set back?"
  trap 'rm -f -- "${partial}" "${BACKUP_DIRECTORY}/${name}.sha256.partial" && drop_passfile' EXIT
  # One backup does not wait for the other to succeed.
  connect || status=$?
  choose_databases
  if ((status == 0)) && require_space; then
    log_info "dumping ${PGDATABASE} (${database_bytes} bytes) to ${name}"
    if ! dump; then
      fail 'the dump is not complete and was not kept; earlier dumps are untouched'
    elif publish_dump; then
      log_info "backup complete: ${name}, $(stat -c %s -- "${BACKUP_DIRECTORY}/${name}") bytes, ${SECONDS} s, verified"
    fi
  fi
  dump_others
  # Also after a dump that failed: whoever keeps one from being taken must not fill the volume. The last good ones stay.
  "${script_dir}/cleanup-backups.sh" || fail 'retention failed'
  if [[ -n "${BASE_BACKUP_KEEP:-}" ]]; then ensure_base; fi
  [[ -z "${failed}" ]] || die "$((status > 1 ? status : 1))" "${failed}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
