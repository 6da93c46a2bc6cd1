#!/usr/bin/env bash
# postgres as Patroni calls it: never on data that a pg_rewind has not finished, and in recovery without placeholders of timelines
# that nobody took.
#
# Environment: PGDATA                data directory
#              POSTGRES_MAJOR (17)   of the programs here
# Exit status: 76 while pg_rewind has not finished, or where placeholders cannot be removed; else PostgreSQL's own
# shellcheck disable=SC2154 # the environment
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/timelines.sh"
source "${script_dir}/instance/common.sh"

# Patroni asks postgres for settings too, even while it runs. Usage: starts_in_recovery ARGUMENTS…
starts_in_recovery() {
  [[ " $* " == *' --config-file='* && " $* " != *' -C '* ]] && [[ -e "${PGDATA}/standby.signal" || -e "${PGDATA}/recovery.signal" ]]
}

main() {
  local timeline
  if [[ -e "${PGDATA%/*}/state/rejoin" && "${1:-}" != --version ]]; then
    printf '%s: pg_rewind has not finished here: not started\n' "${PGDATA}" >&2
    exit 76
  fi
  # shellcheck disable=SC2310 # a test, and it says no where a step of it fails
  if starts_in_recovery "$@"; then
    timeline=$(control_timeline)
    # shellcheck disable=SC2310 # it returns the failure of each of its steps
    drop_placeholders "${PGDATA}" "${timeline}" || die 76 "${PGDATA}/pg_wal: placeholders of timelines cannot be removed: not started"
  fi
  # Patroni writes primary_conninfo, and cannot be told of this option; a server's own libpq takes it from here.
  if ((${POSTGRES_MAJOR:-17} >= 16)); then export PGREQUIREAUTH=scram-sha-256; fi
  exec postgres "$@"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
