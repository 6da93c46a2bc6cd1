# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (PGDATA is the container's; a step that fails is meant to be handled by its caller)
# What bin/pg_ctl makes of its arguments, and what it tells the supervisor. Sourced by bin/pg_ctl.

# The value of an option, the last one counts. Usage: option_value LETTER WORD DEFAULT ARGUMENTS…
option_value() {
  local letter=$1 word=$2 value=$3
  shift 3
  while (($# > 0)); do
    case $1 in
    "-${letter}" | "--${word}") value=${2:-} ;;
    "--${word}="*) value=${1#*=} ;;
    "-${letter}"?*) value=${1:2} ;;
    *) ;;
    esac
    shift
  done
  printf '%s\n' "${value}"
}

# Seconds of a clock that nobody can set.
uptime_seconds() {
  local seconds
  read -r seconds _ </proc/uptime
  printf '%s\n' "${seconds%.*}"
}

# When to give up waiting. Usage: waiting_ends ARGUMENTS…
waiting_ends() {
  local seconds
  seconds=$(option_value t timeout 60 "$@")
  [[ "${seconds}" =~ ^[0-9]{1,9}$ ]] || { printf 'pg_ctl: -t %s: not a number of seconds\n' "${seconds}" >&2 && return 1; }
  printf '%s\n' "$(($(uptime_seconds) + 10#${seconds}))"
}

# Whether this is about the container's own server. Usage: is_ours ARGUMENTS…
is_ours() {
  local folder
  folder=$(option_value D pgdata "${PGDATA}" "$@")
  [[ "${folder}" == "${PGDATA}" || "${folder}" -ef "${PGDATA}" ]]
}

# For the supervisor: the server with this process is being stopped by hand, until that time at most. Usage: request_stop DEADLINE
request_stop() {
  local pid=0
  { read -r pid <"${PGDATA}/postmaster.pid"; } 2>/dev/null || true
  printf '%s %s\n' "${pid}" "$1" >"${RUNTIME_DIRECTORY:-/tmp}/stop_request"
}
