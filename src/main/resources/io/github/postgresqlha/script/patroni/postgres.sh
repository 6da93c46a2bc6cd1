#!/usr/bin/env bash
# postgres as Patroni calls it: never on data that a pg_rewind has not finished.
#
# Environment: PGDATA                data directory
#              POSTGRES_MAJOR (17)   of the programs here
# Exit status: 76 while pg_rewind has not finished; else PostgreSQL's own
# shellcheck disable=SC2154 # the environment
set -Eeuo pipefail

main() {
  if [[ -e "${PGDATA%/*}/state/rejoin" && "${1:-}" != --version ]]; then
    printf '%s: pg_rewind has not finished here: not started\n' "${PGDATA}" >&2
    exit 76
  fi
  # Patroni writes primary_conninfo, and cannot be told of this option; a server's own libpq takes it from here.
  if ((${POSTGRES_MAJOR:-17} >= 16)); then export PGREQUIREAUTH=scram-sha-256; fi
  exec postgres "$@"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
