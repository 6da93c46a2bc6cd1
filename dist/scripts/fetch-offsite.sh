#!/bin/sh
# Brings back what the copy outside of this cluster has and the backup volume lacks, proved before it gets its name. Nothing that
# is good is overwritten. Restore from the backup volume afterwards as usual; or let restore.sh and restore-pitr.sh --from offsite
# ask for what they need: then, without an argument, just that is fetched.
# Usage: fetch-offsite.sh [WHAT]; what was asked for or else everything, or
#   DUMP        one dump by its name, as databases/NAME where it is of another database than the application's
#   all         every base backup and all WAL
#   latest, BASE, TIME   the newest base backup, one by its name, the newest that ended before 2026-01-31T23:59:00Z; with the WAL since
#
# Environment:
#   BACKUP_DIRECTORY, OFFSITE_REMOTE, OFFSITE_ENCRYPTED, OFFSITE_TIMEOUT, RCLONE_CONFIG_FILE, RUNTIME_DIRECTORY   see offsite.sh
# Examples:
#   kubectl create job --from=cronjob/postgresql-offsite-fetch fetch -n airflow
#   fetch-offsite.sh postgresql_backup_20240101_020000.sql.gz
# Exit status: 0 all is here, 1 something is not, 2 cannot connect, 64 bad usage or environment, 75 another copy is running
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -eu

script_dir=$(cd -- "$(dirname -- "$0")" && pwd)
. "${script_dir}/lib/help.sh"
. "${script_dir}/offsite/common.sh"
. "${script_dir}/offsite/fetch.sh"
. "${script_dir}/offsite/take.sh"
. "${script_dir}/offsite/request.sh"

main() {
  offer_help "$0" "$@"
  [ "$#" -le 1 ] || give_up 64 "usage: fetch-offsite.sh [DUMP | all | latest | BASE | TIME]"
  if [ "$#" -eq 1 ]; then
    is_request "$1 x" || give_up 64 "'$1' is no name of a dump, as postgresql_backup_20240101_020000.sql.gz, nor all, latest, a base backup or a time; give the bare file name"
  fi
  prepare BACKUP_DIRECTORY OFFSITE_REMOTE
  if [ "$#" -eq 1 ]; then
    fetch "$1"
    return
  fi
  answer_request
  case ${answered} in
  yes) ;;
  failed) exit 1 ;;
  *) fetch everything ;;
  esac
}

main "$@"
