# shellcheck shell=bash
# Log lines: one a message, on stderr, in UTC, with the script that speaks. Sourced, never run.

# Usage: log LEVEL MESSAGE
log() {
  local now
  TZ=UTC0 printf -v now '%(%FT%TZ)T' -1
  printf '%s %s %s %s\n' "${now}" "${0##*/}" "$1" "$2" >&2
}

log_info() { log INFO "$*"; }
log_warn() { log WARN "$*"; }
log_error() { log ERROR "$*"; }

# Usage: die STATUS MESSAGE
die() {
  log_error "${*:2}"
  exit "$1"
}
