#!/usr/bin/env bash
# Runs one PostgreSQL instance under Patroni as process 1 of its container. Patroni decides who is primary; this makes sure that it
# starts on whole data of the right database, hands it what people ask for, and stops PostgreSQL when Patroni no longer can.
# Usage: patroni.sh
#
# Environment:
#   INSTANCE_NAME, INSTANCE_ROLE, MEMBER_NUMBER   its name; primary or standby: who makes a new database; which timelines are its own
#   PEER_NAME, PEER_HOST               one of the other members
#   MEMBER_HOSTS                       all members, as libpq takes them
#   PATRONI_SCOPE, PATRONICTL_CONFIG_FILE   what Patroni calls the installation; the folder for its configuration
#   APPLY_DELAY                        how late it applies what it receives, as recovery_min_apply_delay has it; empty: at once
#   FAILOVER_PRIORITY (1)              the higher, the sooner it takes over from others with the same WAL; 0: never
#   POD_IP, POD_NAMESPACE, ROLE_LABEL  of this pod; the label that its role is written in
#   DATABASE_NAME, DATABASE_OWNER      the application's database and the role that owns it
#   PGDATA, WAL_DIRECTORY              data directory; the volume of its WAL
#   CONFIG_DIRECTORY                   patroni.yml, patroni-dynamic.yml, postgresql.conf, pg_hba.conf, pg_ident.conf, and roles.json where roles are declared
#   SECRET_DIRECTORY                   one file ROLE-password a role, and patroni-password
#   BACKUP_DIRECTORY                   the backup volume, where it is mounted
#   BOOTSTRAP_TARGET, BOOTSTRAP_DIRECTORY   latest or a time, and the repository, where the first data come from a backup
#   IMPORT_HOST, …                     where they come from a database of another server, as import/bootstrap.sh has them
#   AUTHENTICATION                     md5 where the application's owner and declared roles have md5 hashes; else SCRAM verifiers
#   POSTGRES_MAJOR (17)                of the programs here; PASSFILE_DIRECTORY (RUNTIME_DIRECTORY): in memory, for passwords
#   RUNTIME_DIRECTORY (/tmp), SOCKET_DIRECTORY (/var/run/postgresql), PGPORT (5432), PATRONI_PORT (8008)
#   DATA_DURABILITY                    required or preferred where replication is synchronous
#   STOP_SECONDS (90)                  how long a fast shutdown may take
#   ROLL_SECONDS (60)                  how long a primary that is told to stop waits for another member that is being replaced
#   LOCK_SECONDS (15)                  how long it waits for a volume that another instance still uses
#   TIE_SECONDS (40)                   how long no member may hold the lock before the newest timeline is asked to
# Requests, as files: RUNTIME_DIRECTORY/promote_trigger, rebuild_request; pg_ctl (in bin/) asks for stop and start.
# Examples:
#   touch /tmp/promote_trigger    in the container: asks Patroni to make this instance primary
# Exit status: 0 stopped on a signal, 1 failed, 64 bad environment, 75 volume in use, 76 fenced.
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; a step that fails is handled by its caller or tried again
set -Eeuo pipefail
# The kernel keeps from process 1 what it has no trap for: a pod that is told to end while this still reads its libraries would serve on for its whole
# grace period. Nothing runs yet.
trap 'exit 0' TERM INT

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/timelines.sh"
source "${script_dir}/instance/common.sh"
source "${script_dir}/instance/facts.sh"
source "${script_dir}/instance/notes.sh"
source "${script_dir}/lib/install.sh"
source "${script_dir}/instance/data.sh"
source "${script_dir}/instance/initialise.sh"
source "${script_dir}/import/first.sh"
source "${script_dir}/instance/swap.sh"
source "${script_dir}/restore/leftover.sh"
source "${script_dir}/instance/abandoned.sh"
source "${script_dir}/upkeep/credentials.sh"
source "${script_dir}/upkeep/tls.sh"
source "${script_dir}/instance/postmaster.sh"
source "${script_dir}/upkeep/roles.sh"
source "${script_dir}/upkeep/declared.sh"
source "${script_dir}/upkeep/roll.sh"
source "${script_dir}/upkeep/loop.sh"
source "${script_dir}/upkeep/report.sh"
source "${script_dir}/upkeep/measures.sh"
source "${script_dir}/lib/archive-timeline.sh"
source "${script_dir}/patroni/process.sh"
source "${script_dir}/patroni/api.sh"
source "${script_dir}/patroni/watch.sh"
source "${script_dir}/patroni/data.sh"
source "${script_dir}/patroni/members.sh"
source "${script_dir}/patroni/return.sh"
source "${script_dir}/patroni/requests.sh"
source "${script_dir}/patroni/restored.sh"

read_environment() {
  require_env INSTANCE_NAME INSTANCE_ROLE MEMBER_NUMBER MEMBER_HOSTS PATRONI_SCOPE PATRONICTL_CONFIG_FILE POD_IP POD_NAMESPACE ROLE_LABEL DATABASE_NAME DATABASE_OWNER \
    PGDATA WAL_DIRECTORY CONFIG_DIRECTORY SECRET_DIRECTORY
  share_environment
  : "${REPLICATION_SLOT:=}" "${PATRONI_PORT:=8008}" "${FAILOVER_PRIORITY:=1}" "${APPLY_DELAY:=}" "${TIE_SECONDS:=40}"
  is_fact "${fact_number}" "${FAILOVER_PRIORITY}" || die 64 "FAILOVER_PRIORITY: must be a number of 0 to 100"
  [[ -z "${APPLY_DELAY}" ]] || is_fact '[1-9][0-9]{0,6}(s|min|h|d)' "${APPLY_DELAY}" || die 64 "APPLY_DELAY: must be a number with a unit s, min, h or d"
  patroni_pid='' verified='' patroni_answered=0 last_answer='' dcs_seen=0 dcs_moved=0 excused='' probe_pid='' probe_began=0 crash_seen='' unlocked_since=0 patroni_timeline=0 kept_timeline='' receiving='' command_pid='' applied='' told_to_begin='' lock_seconds=20
}

stop_server() { stop_patroni; }

supervise() {
  if [[ "${role}" == maintenance ]]; then
    [[ ! -e "${RUNTIME_DIRECTORY}/start_request" ]] || begin
    return
  fi
  check_patroni
  mend_lost_rewind
  watch_patroni
  fence_without_patroni
  note_following
  wake_patroni_after_crash
  wake_patroni_of_silent_primary
  break_tie
  hide_lost_members
  handle_patroni_requests
  if [[ "${role}" == primary || "${role}" == standby ]]; then patroni_upkeep; elif every following 5; then follow_patroni_tls; fi
}

# Patroni runs after this.
begin() {
  set_role starting
  rm -f -- "${RUNTIME_DIRECTORY}/start_request" "${RUNTIME_DIRECTORY}/stop_request"
  wait_for_passwords
  await_passwords patroni
  await_tls
  write_patroni_configuration
  set_incomplete_data_aside
  if has_data && [[ ! -s "${STATE_DIRECTORY}/had-data" ]]; then note_data; fi
  wait_for_licence
  await_former_primary
  start_patroni
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  read_environment
  become_process_one
  settle_install || die 1 "${PGDATA%/*} cannot be written: is the data volume full or read-only?"
  settle_swap
  drop_import_copy
  { drop_unkept_wal && run_watched install_alone drop_leftovers; } || log_warn "what earlier attempts left could not be removed"
  begin
  supervise_forever
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
