#!/usr/bin/env bash
# Restores a dump into a new database on the current primary, checks it, and swaps it in for the old one, which is kept.
# Usage: restore.sh FILE [--into DATABASE] [--from volume|offsite] [--extension NAME]… [--ignore-room]
#   FILE              name of a dump in BACKUP_DIRECTORY; one of another database of the owner's is databases/FILE, and needs --into
#   --into DATABASE   only restore beside, under this name, which begins with that of the application's; nothing is swapped
#   --ignore-room     also where a member says that it has no room
#   --extension NAME  an extension of the dump that only a superuser can make, and that the application's database does not have
#   --from offsite    where the backup volume lacks it, or has it damaged, it is fetched from the copy outside of the cluster first
#
# Environment:
#   MEMBER_HOSTS, PGPORT (5432)       the members; the one that accepts writes is used
#   DATABASE_NAME, DATABASE_OWNER     what is restored, and the role that owns it
#   SECRET_DIRECTORY                  holds postgres-password and that of the owner, as whom the dump is restored
#   BACKUP_DIRECTORY, PASSFILE_DIRECTORY (/tmp)
#   POSTGRES_MAJOR (17)               of the programs here
#   OFFSITE_WAIT_SECONDS (3600)       how long --from offsite waits for the dump
#   OFFSITE_SCHEDULE, OFFSITE_FETCH   set where there is a copy outside: when its job runs, arguments of kubectl that start it at once
# Examples:
#   restore.sh postgresql_backup_20240101_020000.sql.gz
#   restore.sh postgresql_backup_20240101_020000.sql.gz --into airflow_january
#   restore.sh databases/postgresql_backup_20240101_020000.reports.sql.gz --into airflow_reports
#   restore.sh postgresql_backup_20240101_020000.sql.gz --from offsite
# Exit status: 0 done, 1 failed (the database is as it was), 2 cannot connect, 64 bad usage or environment, 75 another one waits
# shellcheck disable=SC2154,SC2254,SC2310,SC2312 # the environment; patterns; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/backup/properties.sh"
source "${script_dir}/backup/locale.sh"
source "${script_dir}/backup/foreign.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/restore/swap.sh"
source "${script_dir}/restore/dump.sh"
source "${script_dir}/restore/views.sh"
source "${script_dir}/restore/room.sh"
source "${script_dir}/restore/ask-offsite.sh"

usage="usage: restore.sh FILE [--into DATABASE] [--from volume|offsite] [--extension NAME]… [--ignore-room]"

parse() {
  dump=${1:-} into='' from=volume extensions='' ignore_room=''
  [[ -n "${dump}" ]] || die 64 "${usage}; ls ${BACKUP_DIRECTORY:-the backup folder} shows the dumps"
  is_dump_name "${dump}" || die 64 "'${dump}' is no name of a dump, as postgresql_backup_20240101_020000.sql.gz; give the bare file name"
  shift
  while (($# > 0)); do
    case $1 in
    --into)
      into=${2:-}
      [[ "${into}" =~ ^[a-z_][a-z0-9_]{0,62}$ && "${into}" == "${DATABASE_NAME:0:39}_"?* ]] || die 64 "--into: '${into}' must be a new name of a-z, 0-9 and _ that begins with ${DATABASE_NAME:0:39}_, as ${DATABASE_NAME:0:39}_january"
      ;;
    --ignore-room)
      ignore_room=yes
      shift
      continue
      ;;
    --from) parse_from "${2:-}" ;;
    --extension)
      [[ "${2:-}" =~ ^[a-z][a-z0-9_-]{0,62}$ ]] || die 64 "--extension: '${2:-}' is no name of an extension, as pageinspect"
      extensions+="$2"$'\n'
      ;;
    *) die 64 "${usage}" ;;
    esac
    shift 2
  done
  [[ "${dump}" != databases/* || -n "${into}" ]] || die 64 "${dump} is of database $(dumped_database "${dump}"), and never takes the place of ${DATABASE_NAME}: --into ${DATABASE_NAME:0:39}_NAME restores it beside, where its owner is ${DATABASE_OWNER}; for another owner by hand: runbooks/restore.md, section Another database"
  if [[ "${from}" == offsite ]]; then require_offsite; fi
}

# What the owner of another database wrote into it runs while it is restored, as functions of checks do: it would get all rights of the
# application's owner.
require_own_dump() {
  local properties owner
  [[ "${dump}" == databases/* ]] || return 0
  properties=$(dumped_properties "${dump}")
  [[ "${properties}" != "{\"owner\" : \"${DATABASE_OWNER}\","* ]] || return 0
  owner=$(property "${properties}" owner '[A-Za-z_][A-Za-z0-9_.$-]{0,62}')
  die 64 "${dump}: the owner of database $(dumped_database "${dump}") was ${owner:-another one}, not ${DATABASE_OWNER}, with whose rights all that it holds would run; nothing was touched. Restore it by hand as its owner: runbooks/restore.md, section Another database"
}

connect_to_primary() {
  local answer host port
  [[ -n "${server:-}" ]] || require_passfile "${MEMBER_HOSTS}" "${PGPORT:-5432}" postgres "${DATABASE_OWNER}"
  over_network "${MEMBER_HOSTS}" "${PGPORT:-5432}"
  answer=$(on_target postgres 2>&1 <<<'\echo :HOST :PORT') || die 2 "no member of ${MEMBER_HOSTS} accepts writes: ${answer##*$'\n'}"
  read -r host port <<<"${answer}"
  over_network "${host}" "${port}"
  [[ -z "${into}" ]] || [[ -z "$(on_target postgres -c "SELECT 1 FROM pg_database WHERE datname = '${into}'")" ]] || die 1 "database ${into} exists; choose another name or drop it"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  require_mounted_backups
  require_env MEMBER_HOSTS DATABASE_NAME DATABASE_OWNER SECRET_DIRECTORY BACKUP_DIRECTORY
  require_backup_directory
  parse "$@"
  local problem
  hold_backups
  log_info "verifying ${dump}"
  problem=$(backup_problem "${dump}")
  [[ -z "${problem}" || "${from}" == offsite ]] || die 64 "${dump}: ${problem}; nothing was touched"
  connect_to_primary
  if [[ -n "${problem}" ]]; then
    log_info "${dump}: ${problem} on the backup volume"
    ask_offsite "${dump}"
    problem=$(backup_problem "${dump}")
    [[ -z "${problem}" ]] || die 1 "${dump}: ${problem}, although it was fetched; nothing was touched"
    connect_to_primary # another member may have become primary meanwhile
  fi
  require_own_dump
  [[ -n "${ignore_room}" ]] || require_room_for "${dump}"
  stamp=$(date -u +%Y%m%d_%H%M%S)
  scratch=${into:-${DATABASE_NAME:0:39}_restore_${stamp}}
  create_scratch || die 1 "database ${scratch} cannot be made; database ${DATABASE_NAME} is as it was"
  trap 'drop_scratch; drop_passfile' EXIT
  fill_scratch || die 1 "restore failed; database ${DATABASE_NAME} is as it was"
  if [[ -z "${into}" ]]; then { compare_properties && swap; } || die 1 "the restored database could not be swapped in; ${DATABASE_NAME} is as it was"; fi
  trap drop_passfile EXIT
  if [[ -n "${into}" ]]; then
    [[ "${dump}" != databases/* ]] || log_info "all of it belongs to ${DATABASE_OWNER}; database $(dumped_database "${dump}") was: $(dumped_properties "${dump}")"
    log_info "database ${into} holds ${dump}; drop it when you are done, on the primary: DROP DATABASE ${into}"
    return
  fi
  log_info "database ${DATABASE_NAME} is now as in ${dump}${before:+; what was there before is database ${before}}"
  [[ -z "${before}" ]] || log_info "to undo, rename both back; to free its space, on the primary: psql -U postgres -c 'DROP DATABASE ${before}'"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
