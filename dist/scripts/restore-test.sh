#!/usr/bin/env bash
# Proves that the backups can be restored: the newest dump, and the newest base backup with all WAL of the archive, each into a
# PostgreSQL of its own that nobody can reach; what was proved and when is kept on the backup volume.
# Usage: restore-test.sh
#
# Environment:
#   BACKUP_DIRECTORY           dumps, base backups, WAL; only read
#   PROOF_DIRECTORY            takes restore-test.env, restore-test-rows.tsv, restore-tests.log
#   SCRATCH_DIRECTORY          where the servers live; emptied before and after
#   SCRATCH_BYTES              how much fits in there
#   DATABASE_NAME              the application's database
#   POSTGRES_MAJOR             of the programs here
#   BASE_BACKUPS (yes)         no: there are only dumps
#   RESTORE_CHECKS             SQL queries, one a line, of which each has to return true; none by default
#   RESTORE_TEST_START_SECONDS (14400)   how long replay may take
# Examples:
#   kubectl create job --from=cronjob/postgresql-restore-test manual-restore-test -n airflow
# Exit status: 0 proved, 1 something is not good: restore-test.env says what, 64 bad environment, 75 another test is running
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/proof/scratch.sh"
source "${script_dir}/proof/record.sh"
source "${script_dir}/proof/dump.sh"
source "${script_dir}/proof/base.sh"

# Also a test that was stopped half-way leaves its record.
finish() {
  local status=$?
  [[ -n "${recorded}" ]] || {
    problem "the test ended before it was done"
    write_record
    status=1
  }
  drop_server
  rm -rf -- "${SCRATCH_DIRECTORY:?}"/*
  exit "${status}"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  require_env BACKUP_DIRECTORY PROOF_DIRECTORY SCRATCH_DIRECTORY SCRATCH_BYTES DATABASE_NAME POSTGRES_MAJOR
  require_backup_directory
  # Whatever the pod was given, the only server that is talked to is the one in here.
  unset "${!PG@}"
  umask 077
  mkdir -p -- "${PROOF_DIRECTORY}"
  exec {lock}>"${PROOF_DIRECTORY}/.lock"
  flock -n "${lock}" || die 75 "another restore test is running"
  rm -rf -- "${SCRATCH_DIRECTORY:?}"/*
  : >"${SCRATCH_DIRECTORY}/rows.tsv"
  declare -gA record=([WHEN]=$(utc) [WHEN_EPOCH]=${EPOCHSECONDS} [WHAT]="newest dump" [CHECKS]=$(grep -c . <<<"${RESTORE_CHECKS:-}" || true))
  problems=() recorded='' server_data=''
  trap finish EXIT
  trap 'exit 1' TERM INT
  prove_dump
  drop_server
  if [[ "${BASE_BACKUPS:-yes}" == yes ]]; then
    record[WHAT]="newest dump, newest base backup with all WAL"
    prove_base
    drop_server
  fi
  write_record
  ((${#problems[@]} == 0)) || die 1 "the backups are not good: ${record[REASON]}"
  log_info "proved in ${record[SECONDS]} s: ${record[DUMP]} ${record[BASE]:-}, last commit ${record[LAST_COMMIT]:-unknown}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
