#!/usr/bin/env bash
# How Patroni makes a copy of the primary: under another name, in the place of the old data only when it is complete.
# Usage: patroni/clone.sh --connstring=CONNECTION [--scope=… --role=… --datadir=…], as Patroni calls it
#
# Environment: PGDATA, WAL_DIRECTORY   data directory; the volume of its WAL
#              PEER_NAME               one of the other members
#              POSTGRES_MAJOR (17)     of the programs here
#              PGPASSFILE              Patroni's, with the password of the role replicator
# Exit status: 0 done, 1 failed, 64 bad usage or environment
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/instance/common.sh"
source "${script_dir}/instance/notes.sh"
source "${script_dir}/instance/data.sh"

main() {
  local argument connection='' folder wal
  for argument in "$@"; do [[ "${argument}" != --connstring=* ]] || connection=${argument#*=}; done
  [[ -n "${connection}" ]] || die 64 "usage: patroni/clone.sh --connstring=CONNECTION"
  require_env PGDATA WAL_DIRECTORY PEER_NAME
  STATE_DIRECTORY=${PGDATA%/*}/state folder="${PGDATA}.cloning"
  umask 077
  # Patroni removes PGDATA when this fails, so the old copy must have another name by then.
  set_data_aside
  end_orphaned_copy "${folder}"
  drop_leftovers
  wal=$(new_wal_folder)
  log_info "copying the primary"
  pg_basebackup -d "${connection} application_name=pg_basebackup$(connection_security)" -D "${folder}" --waldir="${wal}" --wal-method=stream --checkpoint=fast --no-password ||
    die 1 "copying the primary failed; what was here is kept beside ${PGDATA}"
  sync
  mv -T -- "${folder}" "${PGDATA}"
  sync -- "${PGDATA%/*}"
  note_data
  note_peer
  note_role standby
  # Patroni would remove a copy of which this says that it failed.
  { drop_replaced && drop_leftovers; } || log_warn "what was there before ${PGDATA} could not be removed"
  log_info "copy complete"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
