#!/usr/bin/env bash
# What Patroni runs when this member holds the lock and before it promotes it: the numbers of timelines that belong to others get
# placeholders, so that PostgreSQL takes one of this member's. Where that fails, Patroni gives the lock back and does not promote.
# Usage: patroni/pre-promote.sh
#
# Environment: PGDATA          data directory
#              MEMBER_NUMBER   which timelines are this member's own
# Exit status: 0 reserved, 1 failed, 64 bad environment
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/timelines.sh"
source "${script_dir}/instance/common.sh"

main() {
  local timeline
  require_env PGDATA MEMBER_NUMBER
  umask 077
  # The control file may lag behind what is replayed, whose histories are in pg_wal, and count too.
  timeline=$(control_timeline)
  # shellcheck disable=SC2310 # it returns the failure of each of its steps
  reserve_timelines "${PGDATA}" "${timeline}" || die 1 "no timeline could be reserved: not promoted"
  log_info "the next timeline is this member's own"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
