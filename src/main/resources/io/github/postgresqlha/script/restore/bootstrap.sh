#!/usr/bin/env bash
# Recovers the data of a new instance from a repository, for the supervisor, which puts them in place.
# Usage: restore/bootstrap.sh
#
# Environment: BOOTSTRAP_DIRECTORY   the repository: the installation's own backup volume or another's
#              BOOTSTRAP_TARGET      latest, a time as 2026-01-31T23:59:00Z, or a place in the log as 16/B374D848
#              BOOTSTRAP_TIMELINE    the timeline to follow instead of the newest one; unset or empty: the newest one
#              MEMBER_NUMBER, PGDATA, WAL_DIRECTORY, CONFIG_DIRECTORY   of the instance
#              RUNTIME_DIRECTORY (/tmp), PGPORT (5432)
# Exit status: 0 done: the data are in PGDATA.restoring, shut down; 1 failed, 64 bad environment
# shellcheck disable=SC2034,SC2119,SC2154,SC2310,SC2312 # the environment; variables of the libraries
set -Eeuo pipefail

script_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
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

end() {
  [[ -z "${recovery_pid}" ]] || stop_recovery
  rm -rf -- "${scan}"
}

main() {
  local owner
  require_env BOOTSTRAP_DIRECTORY BOOTSTRAP_TARGET MEMBER_NUMBER PGDATA WAL_DIRECTORY CONFIG_DIRECTORY
  BACKUP_DIRECTORY=${BOOTSTRAP_DIRECTORY} STATE_DIRECTORY=${PGDATA%/*}/state usage='set BOOTSTRAP_TARGET'
  : "${RUNTIME_DIRECTORY:=/tmp}" "${PGPORT:=5432}"
  target_kind='' system='' wanted_base='' wanted_timeline=${BOOTSTRAP_TIMELINE:-} timeline_key='bootstrap.fromBackup.timeline (BOOTSTRAP_TIMELINE)' lsn_key='bootstrap.fromBackup.target (BOOTSTRAP_TARGET)' recovery_pid='' restore_lock=''
  if [[ "${BOOTSTRAP_TARGET}" == latest ]]; then
    set_target latest ''
  elif is_fact "${fact_lsn}" "${BOOTSTRAP_TARGET}"; then
    set_target lsn "${BOOTSTRAP_TARGET}"
  else
    set_target time "${BOOTSTRAP_TARGET}"
  fi
  [[ -z "${wanted_timeline}" ]] || is_fact "${fact_timeline}" "${wanted_timeline}" || die 64 "BOOTSTRAP_TIMELINE: '${wanted_timeline}' is no number of a timeline"
  [[ -d "${BACKUP_DIRECTORY}" && -r "${BACKUP_DIRECTORY}" ]] || die 1 "BOOTSTRAP_DIRECTORY: ${BACKUP_DIRECTORY} is no readable folder; is the claim of bootstrap.fromBackup mounted?"
  umask 077
  scan=$(mktemp -d "${RUNTIME_DIRECTORY}/bootstrap.XXXXXX")
  trap end EXIT
  trap 'exit 1' TERM INT
  exec {restore_lock}>>"${STATE_DIRECTORY}/install.lock"
  flock -n "${restore_lock}" || die 75 "another recovery or copy is being made on this volume"
  hold_backups
  [[ -n "$(list_bases)" ]] || refuse "${BACKUP_DIRECTORY}/base: there is no base backup"
  system=$(cat -- "${BACKUP_DIRECTORY}/wal/system-identifier" 2>/dev/null || true)
  is_fact "${fact_system}" "${system}" || system=$(base_fact "$(list_bases | tail -n 1)" SYSTEM_IDENTIFIER)
  choose_base
  require_no_tablespaces
  require_chain
  require_nothing_left_out
  require_room
  recover || die 1 "recovery from ${base} failed; ${STATE_DIRECTORY}/restore.log has PostgreSQL's own words"
  log_info "recovered ${base} to $(target_text), system ${system}: last commit ${commit_time:-in the base backup}, timeline ${new_timeline}, ${SECONDS} s"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
