#!/usr/bin/env bash
# Recovers the whole database to a moment in the past, beside the running one, and swaps it in; what was there is kept.
# Usage: restore-pitr.sh TARGET [--timeline N] [--base NAME] [--from volume|offsite] [--dry-run] [--yes]
#        restore-pitr.sh --list
#   --target-time TIME   what was committed until then, as '2026-01-31 23:59:00+00'; a time without a zone is UTC
#   --target-lsn LSN     up to and with the record at this place
#   --target-xid XID     up to and with the end of this transaction
#   --target-name NAME   up to this restore point of pg_create_restore_point()
#   --latest             all that the archive holds
#   --timeline N         along this timeline instead of the newest one: what was before an earlier recovery or failover
#   --base NAME          from this base backup instead of the newest one before the target
#   --from offsite       what the backup volume lacks or has damaged is fetched from the copy outside of the cluster first
#   --list               shows what can be restored
#   --dry-run            checks everything, and touches nothing
#   --yes                swaps without a question
# Runs in the instance that mounts the backup volume, which must be primary. The other members follow it afterwards.
#
# Environment: as instance.sh has it: MEMBER_NUMBER, BACKUP_DIRECTORY, PGDATA, WAL_DIRECTORY, CONFIG_DIRECTORY,
#              RUNTIME_DIRECTORY (/tmp), SOCKET_DIRECTORY (/var/run/postgresql), PGPORT (5432)
#              SWAP_SECONDS (300)   how long the swap may take
#              OFFSITE_WAIT_SECONDS (3600), OFFSITE_SCHEDULE, OFFSITE_FETCH   as restore.sh has them, for --from offsite
# Examples:
#   restore-pitr.sh --list
#   restore-pitr.sh --target-time '2026-01-31 23:59:00+00' --dry-run
#   restore-pitr.sh --latest --from offsite --yes
# Exit status: 0 done, 1 refused or failed (the database is as it was), 2 no server here, 64 bad usage or environment, 75 another runs
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries; answers
set -Eeuo pipefail

script_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/lib/timelines.sh"
source "${script_dir}/instance/common.sh"
source "${script_dir}/lib/install.sh"
source "${script_dir}/instance/data.sh"
source "${script_dir}/backup/repository.sh"
source "${script_dir}/backup/unpack.sh"
source "${script_dir}/wal/timeline.sh"
source "${script_dir}/wal/files.sh"
source "${script_dir}/restore/lineage.sh"
source "${script_dir}/restore/target.sh"
source "${script_dir}/restore/left-out.sh"
source "${script_dir}/restore/plan.sh"
source "${script_dir}/restore/leftover.sh"
source "${script_dir}/restore/unpack.sh"
source "${script_dir}/restore/recover.sh"
source "${script_dir}/restore/hand-over.sh"
source "${script_dir}/restore/ask-offsite.sh"
source "${script_dir}/offsite/target.sh"

usage="usage: restore-pitr.sh --target-time T | --target-lsn L | --target-xid X | --target-name N | --latest [--timeline N] [--base NAME] [--from volume|offsite] [--dry-run] [--yes]; restore-pitr.sh --list"

parse_recovery() {
  target_kind='' list='' dry_run='' yes='' wanted_timeline='' wanted_base='' from=volume timeline_key=--timeline lsn_key=--target-lsn
  while (($# > 0)); do
    case $1 in
    --help) offer_help "${BASH_SOURCE[0]}" --help ;;
    --target-time | --target-lsn | --target-xid | --target-name)
      (($# > 1)) || die 64 "$1 needs a value; ${usage}"
      set_target "${1#--target-}" "$2"
      shift
      ;;
    --latest) set_target latest '' ;;
    --timeline)
      [[ "${2:-}" =~ ^[1-9][0-9]{0,9}$ ]] || die 64 "--timeline: '${2:-}' is no number; ${usage}"
      wanted_timeline=$2
      shift
      ;;
    --base)
      # shellcheck disable=SC2053 # a pattern
      [[ "${2:-}" == ${base_pattern} ]] || die 64 "--base: '${2:-}' is no name of a base backup, as postgresql_base_20260131_020000"
      wanted_base=$2
      shift
      ;;
    --from)
      parse_from "${2:-}"
      shift
      ;;
    --list) list=yes ;;
    --dry-run) dry_run=yes ;;
    --yes) yes=yes ;;
    *) die 64 "$1: unknown argument; ${usage}" ;;
    esac
    shift
  done
  [[ -n "${target_kind}" || -n "${list}" ]] || die 64 "exactly one target, got none; ${usage}"
  [[ -z "${list}" || (-z "${target_kind}" && "${from}" == volume) ]] || die 64 "--list goes without a target and shows what is on the backup volume; ${usage}"
  if [[ "${from}" == offsite ]]; then require_offsite; fi
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  parse_recovery "$@"
  require_mounted_backups
  require_env MEMBER_NUMBER BACKUP_DIRECTORY PGDATA WAL_DIRECTORY CONFIG_DIRECTORY
  STATE_DIRECTORY=${PGDATA%/*}/state
  : "${RUNTIME_DIRECTORY:=/tmp}" "${SOCKET_DIRECTORY:=/var/run/postgresql}" "${PGPORT:=5432}" "${SWAP_SECONDS:=300}"
  recovery_pid='' restore_lock='' attempted='' handed_over=''
  [[ -d "${BACKUP_DIRECTORY}" && -r "${BACKUP_DIRECTORY}" ]] || die 64 "BACKUP_DIRECTORY: ${BACKUP_DIRECTORY} is no readable folder; run this where the backup volume is mounted, in the instance named primary"
  umask 077
  scan=$(mktemp -d "${RUNTIME_DIRECTORY}/pitr.XXXXXX")
  trap clean_up EXIT
  trap 'exit 1' TERM INT
  system=$(control_value 'Database system identifier')
  if [[ -n "${list}" ]]; then
    list_windows
    return
  fi
  take_turn
  require_primary
  [[ -n "${dry_run}" ]] || drop_earlier
  hold_backups # what is fetched stays as well
  if [[ "${from}" == offsite ]]; then complete_volume; fi
  choose_base
  require_no_tablespaces
  require_chain
  require_nothing_left_out
  require_room
  log_info "from ${base} (ended $(finished "${base}" | cut -c 1-19) UTC) and ${chain_length} segments to $(target_text)"
  if [[ -n "${dry_run}" ]]; then
    log_info "dry run: all of this can be restored; nothing was touched"
    return
  fi
  mapfile -t slots < <(local_sql <<<"SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary")
  recover "${slots[@]}" || die 1 "the recovery did not succeed; the database is as it was, ${STATE_DIRECTORY}/restore.log has PostgreSQL's own words"
  recovery_pid=
  log_info "recovered to $(target_text): last commit ${commit_time:-in the base backup}, timeline ${new_timeline}, ${SECONDS} s"
  confirm
  hand_over
  log_info "the database is as of $(target_text), on timeline ${new_timeline}, after ${SECONDS} s. Its rows are yours to check"
  log_info "what was there before is kept in ${kept}; to free its space: rm -rf $(readlink -- "${kept}/pg_wal") ${kept}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
