#!/usr/bin/env bash
# Runs one PostgreSQL instance as process 1 of its container: decides its role at every start, starts and watches PostgreSQL,
# promotes it on request, and brings it back as a standby when its peer has taken over.
# Usage: instance.sh
#
# Environment:
#   INSTANCE_NAME, INSTANCE_ROLE       its name; primary or standby: who opens first when nothing else tells them apart
#   MEMBER_NUMBER                      of this member, 1 to 16: which numbers of timelines are its own
#   PEER_NAME, PEER_HOST, PEER_PORT    the other member; none where there is no standby (port: 5432)
#   REPLICATION_SLOT                   this instance's slot at the peer; PEER_REPLICATION_SLOT: the peer's slot here
#   DATABASE_NAME, DATABASE_OWNER      the application's database and the role that owns it
#   PGDATA, WAL_DIRECTORY              data directory; the volume of its WAL
#   CONFIG_DIRECTORY                   postgresql.conf, pg_hba.conf, pg_ident.conf, and roles.json where roles are declared
#   SECRET_DIRECTORY                   one file ROLE-password a role
#   TLS_DIRECTORY                      tls.crt, tls.key and ca.crt, where TLS is offered; unset: it is not
#   TLS_CA_FILE                        of the authority that the other member's certificate is verified with; unset: it is not
#   BACKUP_DIRECTORY                   the backup volume, where it is mounted
#   BOOTSTRAP_TARGET, BOOTSTRAP_DIRECTORY   latest or a time, and the repository, where the first data come from a backup
#   IMPORT_HOST, …                     where they come from a database of another server, as import/bootstrap.sh has them
#   AUTHENTICATION                     md5 where the application's owner and declared roles have md5 hashes; else SCRAM verifiers
#   POSTGRES_MAJOR (17)                of the programs here; PASSFILE_DIRECTORY (RUNTIME_DIRECTORY): in memory, for passwords
#   RUNTIME_DIRECTORY (/tmp), SOCKET_DIRECTORY (/var/run/postgresql), PGPORT (5432)
#   PROMOTE_PENDING_SECONDS (60)       how long a promotion waits for a peer that says it is primary, or says nothing
#   RESTART_IN_PLACE_SECONDS (30)      how long after its last heartbeat a crashed primary may open without seeing its peer
#   STUCK_SECONDS (30)                 how long a standby may fail to stream before it rejoins
#   DATA_DURABILITY                    required or preferred where replication is synchronous
#   DEGRADE_SECONDS (5)                how long a preferred standby may be away before commits no longer wait for it
#   STOP_SECONDS (90)                  how long a fast shutdown may take
#   ROLL_SECONDS (60)                  how long a primary that is told to stop waits for another member that is being replaced
#   LOCK_SECONDS (15)                  how long it waits for a volume that another instance still uses
# Requests, as files: RUNTIME_DIRECTORY/promote_trigger, rebuild_request; pg_ctl (in bin/) asks for stop and start.
# Examples:
#   touch /tmp/promote_trigger          in the container: asks this instance to become primary
#   echo down >/tmp/promote_trigger     the same; whoever writes it knows that the peer is down, so its silence is not waited for
#   echo force >/tmp/promote_trigger    the same, whatever the peer says
# Exit status: 0 stopped on a signal, 1 failed, 64 bad environment, 75 volume in use; else PostgreSQL's own.
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; a step that fails is handled by its caller or tried again
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
source "${script_dir}/instance/decide.sh"
source "${script_dir}/instance/facts.sh"
source "${script_dir}/instance/promise.sh"
source "${script_dir}/instance/notes.sh"
source "${script_dir}/lib/install.sh"
source "${script_dir}/instance/data.sh"
source "${script_dir}/instance/initialise.sh"
source "${script_dir}/import/first.sh"
source "${script_dir}/instance/empty.sh"
source "${script_dir}/instance/copy.sh"
source "${script_dir}/instance/rejoin.sh"
source "${script_dir}/instance/swap.sh"
source "${script_dir}/restore/leftover.sh"
source "${script_dir}/instance/abandoned.sh"
source "${script_dir}/upkeep/credentials.sh"
source "${script_dir}/upkeep/tls.sh"
source "${script_dir}/instance/postmaster.sh"
source "${script_dir}/instance/crash.sh"
source "${script_dir}/upkeep/roll.sh"
source "${script_dir}/instance/fork.sh"
source "${script_dir}/instance/role.sh"
source "${script_dir}/upkeep/roles.sh"
source "${script_dir}/upkeep/declared.sh"
source "${script_dir}/instance/settle.sh"
source "${script_dir}/instance/opening.sh"
source "${script_dir}/instance/silence.sh"
source "${script_dir}/instance/promote.sh"
source "${script_dir}/instance/requests.sh"
source "${script_dir}/lib/twin.sh"
source "${script_dir}/lib/archive-timeline.sh"
source "${script_dir}/upkeep/durability.sh"
source "${script_dir}/upkeep/loop.sh"
source "${script_dir}/upkeep/archive-slot.sh"
source "${script_dir}/upkeep/report.sh"
source "${script_dir}/upkeep/measures.sh"

read_environment() {
  require_env INSTANCE_NAME INSTANCE_ROLE MEMBER_NUMBER REPLICATION_SLOT DATABASE_NAME DATABASE_OWNER PGDATA WAL_DIRECTORY CONFIG_DIRECTORY SECRET_DIRECTORY
  knows_member_number || die 64 "without a number of its own this member could never be promoted"
  share_environment
  # Of a name that was put in as text, as in an overlay of Airflow's chart; a slot has no hyphens.
  REPLICATION_SLOT=${REPLICATION_SLOT//-/_} PEER_REPLICATION_SLOT=${PEER_REPLICATION_SLOT:-}
  PEER_REPLICATION_SLOT=${PEER_REPLICATION_SLOT//-/_}
  : "${PROMOTE_PENDING_SECONDS:=60}" "${RESTART_IN_PLACE_SECONDS:=30}" "${STUCK_SECONDS:=30}" "${DEGRADE_SECONDS:=5}"
  recovery_role=standby gate='' opening_why='' opening_question='' stuck_since='' confirmed_at=0 served_timeline='' confirming_timeline=''
  forget_twin
  rewound_nothing=''
  intent=none intent_since=0 nonce='' promised='' given_to='' given_until=0
  promotion_asked='' promotion_question='' promotion_sent='' renewing=''
}

# The system of the data that this volume had; that of the primary where it never had any.
known_own_system() {
  local system
  system=$(cat -- "${STATE_DIRECTORY}/had-data" 2>/dev/null || control_value 'Database system identifier') || system=''
  printf '%s\n' "${system:-${peer_system}}"
}

explain_kept_data() {
  if has_lost_version; then
    printf '; %s' "$(lost_version)"
    return
  fi
  ! has_kept_data || printf '; there are data beside %s: if %s is lost, give them that name back' "${PGDATA}" "${PEER_NAME}"
}

# PGDATA is there after this. An empty volume is no proof that there was never any data.
prepare_data() {
  until settle_install && has_data; do
    say_empty
    wait_for_passwords
    if every following 20; then follow_tls || true; fi
    meet_peer 4
    if [[ "${peer_state}" == primary ]]; then
      set_role cloning
      own_system=$(known_own_system)
      { may_replace && clone; } || pause 5
    elif [[ "${INSTANCE_ROLE}" == primary && "${peer_state}" == unknown && ! -e "${STATE_DIRECTORY}/had-data" ]] && ! has_kept_data && peer_has_no_data; then
      first_data
    else
      [[ "${role}" == cloning ]] || set_role cloning
      if every waiting_for_primary 30; then log_info "no data here: waiting for ${PEER_NAME} to serve as primary$(explain_kept_data)"; fi
      pause 2
    fi
  done
  if [[ -n "${empty_pid:-}" ]]; then drop_early_request; fi
  fall_silent
}

stop_server() {
  fall_silent
  if [[ -n "${postmaster_pid}" ]] || running_postmaster >/dev/null; then stop_postgres; fi
}

# A quiet pair, of which one streams from the other, is looked at now and then; where something is to be settled, each answer is
# followed by the next question. Sets peer_seconds and own_seconds.
set_intervals() {
  peer_seconds=0 own_seconds=0
  case ${role} in
  primary)
    peer_seconds=4
    if [[ "${peer_streaming}" != true ]]; then peer_seconds=1; fi
    ;;
  standby)
    if [[ -z "${stuck_since}" && "${peer_state}" == primary ]] && ! promotion_requested; then peer_seconds=4 own_seconds=5; fi
    ;;
  *) ;;
  esac
}

supervise() {
  if [[ "${role}" == maintenance ]]; then
    if running_postmaster >/dev/null; then
      check_postmaster
      set_role starting
    elif [[ -e "${RUNTIME_DIRECTORY}/start_request" ]]; then
      start_in_role
    fi
    return
  fi
  check_postmaster || return 0
  set_intervals
  watch_peer "${peer_seconds}"
  set_intervals # a peer that is no primary any more is something to settle now
  tell_refused_password
  handle_requests
  case ${role} in
  primary)
    if promotion_requested; then
      drop_trigger
      log_warn "promotion requested, but this instance is primary already: ignored"
    fi
    if every guard 2; then
      note_empty_peer
      guard
    fi
    ;;
  opening) settle_opening ;;
  standby | undecided | starting)
    withdraw_promotion
    if promotion_requested && { [[ "${role}" != starting ]] || replays_unseen; }; then handle_promotion; elif every settle "${own_seconds}"; then settle; fi
    ;;
  *) settle ;;
  esac
  if [[ "${role}" == primary || "${role}" == standby || "${role}" == undecided ]]; then upkeep; elif every following 20; then
    follow_secret
    follow_tls || true
  fi
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  read_environment
  become_process_one
  recall_promise
  settle_install || die 1 "${PGDATA%/*} cannot be written: is the data volume full or read-only?"
  settle_swap
  await_tls
  prepare_data
  [[ -s "${STATE_DIRECTORY}/had-data" ]] || note_data || die 1 "${STATE_DIRECTORY} cannot be written: is the data volume full or read-only?"
  own_system=$(<"${STATE_DIRECTORY}/had-data")
  require_wal
  drop_import_copy
  { drop_unkept_wal && run_watched install_alone tidy_up; } || log_warn "what earlier attempts left could not be removed"
  start_in_role
  supervise_forever
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
