#!/usr/bin/env bash
# postgres as Patroni calls it: never on data that a pg_rewind has not finished.
#
# Environment: PGDATA   data directory
# Exit status: 76 while pg_rewind has not finished; else PostgreSQL's own
# shellcheck disable=SC2154 # the environment
set -Eeuo pipefail

main() {
  if [[ -e "${PGDATA%/*}/state/rejoin" && "${1:-}" != --version ]]; then
    printf '%s: pg_rewind has not finished here: not started\n' "${PGDATA}" >&2
    exit 76
  fi
  exec postgres "$@"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
