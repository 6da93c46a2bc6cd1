#!/usr/bin/env bash
# Imports a database of another server into a new database on the current primary, compares it, and swaps it in for the application's. The source
# is only read. Where it is, comes as a URL on standard input, or is what bootstrap.fromDatabase names.
# Usage: import-database.sh [--check] [--replace] [--while-in-use] [--jobs N] [--extension NAME]… [--without-extension NAME]…
#          [--without-schema NAME]… [--ignore-room] [<FILE]
#   FILE              a line postgresql://user:password@host:5432/database?sslmode=require, and after it the authority's certificate, where there is one
#   --check           only look: what stands in the way, all of it at once, and how long the import will take
#   --replace         also where the application's database holds something; that is kept under another name
#   --while-in-use    also where others are connected to the source: what they write after the copy has begun is not in it
#   --jobs N          how many tables are copied side by side, 1 to 16
#   --extension NAME  an extension of the source that only a superuser can make, and that the application's database does not have
#   --without-extension NAME, --without-schema NAME   left out
#   --ignore-room     also where a member says that it has no room
#
# Environment:
#   MEMBER_HOSTS, PGPORT (5432)       the members; the one that accepts writes is used
#   DATABASE_NAME, DATABASE_OWNER     what is imported into, and the role that owns it, as whom all of it is restored
#   SECRET_DIRECTORY                  holds postgres-password and that of the owner
#   PGDATA                            of this member; the copy is beside it on its way
#   IMPORT_HOST, IMPORT_PORT, IMPORT_DATABASE, IMPORT_USER, IMPORT_SSLMODE, IMPORT_DIRECTORY   bootstrap.fromDatabase, where it is set and no URL is given
#   IMPORT_WITHOUT_EXTENSIONS, IMPORT_WITHOUT_SCHEMAS   lists with commas
#   POSTGRES_MAJOR (17)               of the programs here; PASSFILE_DIRECTORY (/tmp): in memory, for passwords
#   RUNTIME_DIRECTORY (/tmp), PROGRESS_SECONDS (30)
# Examples:
#   import-database.sh --check <source.url
#   import-database.sh --replace <source.url
# Exit status: 0 done, 1 failed (the database is as it was), 2 cannot connect, 64 bad usage or environment, 75 another import is running
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/locale.sh"
source "${script_dir}/backup/foreign.sh"
source "${script_dir}/restore/swap.sh"
source "${script_dir}/restore/views.sh"
source "${script_dir}/restore/room.sh"
source "${script_dir}/import/source.sh"
source "${script_dir}/import/check.sh"
source "${script_dir}/import/estimate.sh"
source "${script_dir}/import/copy.sh"
source "${script_dir}/import/work.sh"

usage="usage: import-database.sh [--check] [--replace] [--while-in-use] [--jobs N] [--extension NAME]… [--without-extension NAME]… [--without-schema NAME]… [--ignore-room] <FILE"

parse_import() {
  check_only='' replace='' while_in_use='' ignore_room='' extensions='' jobs=''
  without_extensions=$(names_of "${IMPORT_WITHOUT_EXTENSIONS:-}" "${fact_extension}" IMPORT_WITHOUT_EXTENSIONS)
  without_schemas=$(names_of "${IMPORT_WITHOUT_SCHEMAS:-}" "${fact_schema}" IMPORT_WITHOUT_SCHEMAS)
  while (($# > 0)); do
    case $1 in
    --check) check_only=yes ;;
    --replace) replace=yes ;;
    --while-in-use) while_in_use=yes ;;
    --ignore-room) ignore_room=yes ;;
    --jobs | --extension | --without-extension | --without-schema)
      parse_value "$1" "${2:-}"
      shift
      ;;
    *) die 64 "${usage}" ;;
    esac
    shift
  done
}

# Usage: parse_value OPTION VALUE
parse_value() {
  case $1 in
  --jobs)
    is_fact '[1-9]|1[0-6]' "$2" || die 64 "--jobs: '$2' is no number of 1 to 16"
    jobs=$2
    ;;
  --without-schema)
    is_fact "${fact_schema}" "$2" || die 64 "--without-schema: '$2' is no name of a schema, as metric_helpers"
    without_schemas+="${without_schemas:+$'\n'}$2"
    ;;
  *)
    is_fact "${fact_extension}" "$2" || die 64 "$1: '$2' is no name of an extension, as pageinspect"
    if [[ "$1" == --extension ]]; then extensions+="$2"$'\n'; else without_extensions+="${without_extensions:+$'\n'}$2"; fi
    ;;
  esac
}

connect_here() {
  local answer host port
  require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" postgres "${DATABASE_OWNER}"
  over_network "${MEMBER_HOSTS}" "${PGPORT:-5432}"
  answer=$(on_target postgres 2>&1 <<<'\echo :HOST :PORT') || die 2 "no member of ${MEMBER_HOSTS} accepts writes: ${answer##*$'\n'}"
  read -r host port <<<"${answer}"
  over_network "${host}" "${port}"
}

# Of an import that was killed; one in which somebody still is stays.
drop_left() {
  local name
  while IFS= read -r name; do
    [[ -n "${name}" ]] || continue
    on_target postgres -v name="${name}" <<<'DROP DATABASE :"name";' 2>/dev/null && log_info "database ${name}, which an import that was ended left, is dropped"
  done < <(on_target postgres -v pattern="^${DATABASE_NAME:0:39}_import_[0-9]{8}_[0-9]{6}\$" <<<"SELECT datname FROM pg_database WHERE datname ~ :'pattern'") || true
}

end_import() {
  end_children
  if [[ -n "${scratch:-}" ]]; then drop_scratch; fi
  drop_work
  if [[ -n "${PGPASSFILE:-}" ]]; then drop_passfile; fi
}

check_target() {
  find_content
  [[ -z "${content}" || -n "${replace}" ]] || obstacle "database ${DATABASE_NAME} holds ${content}: --replace puts the imported one in its place, and keeps it under another name"
}

# What an empty one would be kept for. Somebody may have begun to use it since it was looked at.
drop_empty() {
  [[ -n "${before}" && -z "${content}" ]] || return 0
  find_content "${before}"
  if [[ -z "${content}" ]] && on_target postgres -v name="${before}" <<<'DROP DATABASE :"name" WITH (FORCE);'; then before=''; fi
}

say_switch() {
  log_info "database ${DATABASE_NAME} is now the one that was imported, as of ${moment_time}${before:+; what was there before is database ${before}}"
  [[ -z "${before}" ]] || log_info "to undo, rename both back; to free its space, on the primary: psql -U postgres -c 'DROP DATABASE ${before}'"
  log_info "now let the application connect here (docs/how-to/import.md, Switch over); the source is as it was: keep it, without writes, until you are sure"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  require_env MEMBER_HOSTS DATABASE_NAME DATABASE_OWNER SECRET_DIRECTORY PGDATA
  parse_import "$@"
  choose_jobs
  umask 077
  lock='' work='' source_folder='' scratch='' estimated='' snapshot_pid=''
  exec {lock}>>"${PGDATA%/*}/state/import.lock" || die 1 "${PGDATA%/*}/state cannot be written: is the data volume full or read-only?"
  flock -n "${lock}" || die 75 "another import is running on this member"
  trap end_import EXIT
  trap 'exit 1' TERM INT HUP
  read_source
  connect_here
  trap end_import EXIT
  prepare_work
  drop_left
  check_all
  check_target
  say_problems
  stamp=$(date -u +%Y%m%d_%H%M%S)
  scratch="${DATABASE_NAME:0:39}_import_${stamp}"
  { create_copy && give_to_owner; } || die 1 "database ${scratch} cannot be made; database ${DATABASE_NAME} is as it was"
  estimate
  if [[ -n "${check_only}" ]]; then
    log_info "nothing stands in the way of the import; nothing was changed"
    return
  fi
  fill_copy || die 1 "import failed; database ${DATABASE_NAME} is as it was, and so is the source"
  swap || die 1 "the imported database could not be swapped in; ${DATABASE_NAME} is as it was"
  scratch=''
  drop_empty
  say_switch
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
