#!/usr/bin/env bash
# Proves that the backups can be restored: the newest dump, and the newest base backup with all WAL of the archive, each into a
# PostgreSQL of its own that nobody can reach; what was proved and when is kept on the backup volume.
# Usage: restore-test.sh begin|prove|record
#   begin    records that a test runs, so that one which is ended at any moment is no good one
#   prove    restores; it can write nothing but the scratch volume and RESULT_DIRECTORY, because what it restores is foreign
#   record   checks what was found there, and records it
#
# Environment:
#   PROOF_DIRECTORY            begin, record: takes restore-test.env, restore-test-rows.tsv, restore-tests.log
#   RESULT_DIRECTORY           prove, record: what the one hands to the other
#   DEADLINE_SECONDS (43200)   begin: when the job is ended
#   BACKUP_DIRECTORY           prove: dumps, base backups, WAL; only read
#   SCRATCH_DIRECTORY          prove: where the servers live; emptied before and after
#   SCRATCH_BYTES              prove: how much fits in there
#   DATABASE_NAME, DATABASE_OWNER   prove: the application's database and its owner
#   POSTGRES_MAJOR             prove: of the programs here
#   BASE_BACKUPS (yes)         prove: no: there are only dumps
#   RESTORE_CHECKS             prove: SQL queries, one a line, of which each has to return true; none by default
#   RESTORE_TEST_START_SECONDS (14400)   prove: how long replay may take
# Examples:
#   kubectl create job --from=cronjob/postgresql-restore-test manual-restore-test -n airflow
#   kubectl logs job/manual-restore-test -n airflow --all-containers
# Exit status: 0 done, 1 record: the backups are not good, restore-test.env says why; 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/backup/dump.sh"
source "${script_dir}/backup/properties.sh"
source "${script_dir}/backup/locale.sh"
source "${script_dir}/backup/foreign.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/backup/unpack.sh"
source "${script_dir}/wal/timeline.sh"
source "${script_dir}/wal/files.sh"
source "${script_dir}/backup/chain.sh"
source "${script_dir}/proof/scratch.sh"
source "${script_dir}/proof/record.sh"
source "${script_dir}/proof/dump.sh"
source "${script_dir}/proof/base.sh"

# Also a test that fails half-way leaves what it found, and its end is for record to judge.
finish() {
  [[ -n "${handed_over}" ]] || {
    problem "the test ended before it was done"
    give_result
  }
  drop_server
  rm -rf -- "${SCRATCH_DIRECTORY:?}"/*
  exit 0
}

prove() {
  require_env BACKUP_DIRECTORY RESULT_DIRECTORY SCRATCH_DIRECTORY SCRATCH_BYTES DATABASE_NAME DATABASE_OWNER POSTGRES_MAJOR
  require_backup_directory
  # Whatever the pod was given, the only server that is talked to is the one in here.
  unset "${!PG@}"
  umask 077
  rm -rf -- "${SCRATCH_DIRECTORY:?}"/* "${RESULT_DIRECTORY:?}"/*
  : >"${SCRATCH_DIRECTORY}/rows.tsv"
  reader="restore_test_$(od -An -vtx1 -N 8 /dev/urandom | tr -dc '0-9a-f')"
  declare -gA record=([WHEN]=$(utc) [WHEN_EPOCH]=${EPOCHSECONDS} [WHAT]="newest dump" [CHECKS]=$(grep -c . <<<"${RESTORE_CHECKS:-}" || true))
  problems=() handed_over='' server_data=''
  trap finish EXIT
  trap 'exit 1' TERM INT
  hold_backups
  prove_dump
  drop_server
  if [[ "${BASE_BACKUPS:-yes}" == yes ]]; then
    record[WHAT]="newest dump, newest base backup with all WAL"
    prove_base
  fi
  give_result
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  case ${1:-} in
  begin)
    require_env PROOF_DIRECTORY
    begin_record
    ;;
  prove) prove ;;
  record)
    require_env PROOF_DIRECTORY RESULT_DIRECTORY
    write_record
    ;;
  *) die 64 "usage: restore-test.sh begin|prove|record" ;;
  esac
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
