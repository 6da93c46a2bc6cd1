#!/usr/bin/env bash
# pg_rewind as Patroni calls it. Keeps what only this member holds before it is dropped, and makes sure that data which pg_rewind
# left half done is never started: a marker outlives a kill at any moment, and such data is set aside for a new copy. Where nothing was
# written and the primary does not serve, the data stay in their place.
# Usage: patroni/rewind.sh ARGUMENTS…; pg_rewind's own
#
# Environment: PGDATA, WAL_DIRECTORY, DATABASE_OWNER, SECRET_DIRECTORY, PGPORT (5432), RUNTIME_DIRECTORY (/tmp)
#              POSTGRES_MAJOR (17)   of the programs here; PASSFILE_DIRECTORY (RUNTIME_DIRECTORY)
#              PGPASSFILE   Patroni's, with the password of the role rewinder
# Exit status: pg_rewind's
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/instance/common.sh"
source "${script_dir}/instance/facts.sh"
source "${script_dir}/lib/install.sh"
source "${script_dir}/instance/data.sh"
source "${script_dir}/instance/abandoned.sh"

# Usage: source_host ARGUMENTS…; the host in pg_rewind's --source-server
source_host() {
  while (($# > 1)); do
    [[ "$1" != --source-server ]] || sed -n "s/.*host='\{0,1\}\([^' ]*\).*/\1/p" <<<"$2"
    shift
  done
}

# Whether the primary that pg_rewind would read from serves, now. Usage: source_serves ARGUMENTS…
source_serves() {
  local answer
  while (($# > 1)) && [[ "$1" != --source-server ]]; do shift; done
  answer=$(timeout 10 psql -XAtqw "${2:-}" -c 'SELECT pg_is_in_recovery()') && [[ "${answer}" == f ]]
}

# The marker is there while pg_rewind may be writing. Usage: rewind_marked ARGUMENTS…
rewind_marked() {
  local status=0
  : >"${RUNTIME_DIRECTORY}/pg_rewind.said" && write_durably "${STATE_DIRECTORY}/rejoin" "${BASHPID}" || return 1
  (run_rewind "$@") || status=$?
  show_rewind
  return "${status}"
}

main() {
  local status=0
  # Patroni asks for the help to learn whether there is a pg_rewind.
  [[ " $* " != *' --help '* && " $* " != *' --version '* ]] || exec pg_rewind "$@"
  STATE_DIRECTORY=${PGDATA%/*}/state wal_segment_bytes=16777216
  : "${RUNTIME_DIRECTORY:=/tmp}"
  if ((${POSTGRES_MAJOR:-17} >= 16)); then export PGREQUIREAUTH=scram-sha-256; fi # Patroni's connection string does not
  PEER_HOST=$(source_host "$@") PEER_PORT=${PGPORT:-5432} INSTANCE_NAME=pg_rewind
  PEER_NAME="the primary at ${PEER_HOST}"
  # Patroni names the primary by its address, which the supervisor's passfile does not.
  passfile=$(mktemp -- "$(passfile_directory)/rewind.XXXXXX")
  (write_passfile "${passfile}" "${PEER_HOST}" "${PEER_PORT}" replicator) || true # what cannot be counted is kept whole
  IFS='|' read -r _ peer_timeline _ < <(timeout 10 psql -XAtqw "$(peer_connection replicator replication) replication=true" -c IDENTIFY_SYSTEM) || true
  is_fact "${fact_timeline}" "${peer_timeline:-}" || peer_timeline=
  if [[ -z "${peer_timeline}" ]] && ! source_serves "$@"; then
    rm -f -- "${passfile}"
    die 1 "${PEER_NAME} does not serve: nothing is rewound, and ${PGDATA} stays as it is"
  fi
  keep_abandoned_wal || status=$?
  rm -f -- "${passfile}"
  if ((status == 0)); then
    rewind_marked "$@" || status=$?
    # Nobody could be copied either, and a person may have to open what is here.
    if ((status != 0)) && rewind_wrote_nothing && ! source_serves "$@"; then
      remove_durably "${STATE_DIRECTORY}/rejoin" || return
      log_error "pg_rewind failed, status ${status}, before it wrote anything, and ${PEER_NAME} does not serve any more: ${PGDATA} stays as it is"
      return "${status}"
    fi
  fi
  if ((status != 0)); then
    log_error "pg_rewind failed or was not tried, status ${status}: ${PGDATA} is set aside, and a new copy made"
    set_data_aside || return
  else
    remove_durably "${STATE_DIRECTORY}/keep-data" || return
  fi
  sync
  remove_durably "${STATE_DIRECTORY}/rejoin"
  return "${status}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
