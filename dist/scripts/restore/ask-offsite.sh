# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Asks the jobs of the off-site copy for what the backup volume lacks: this container has neither rclone nor a way out of the
# cluster. offsite/request.sh answers, and says what the two files hold. Sourced after lib/log.sh, never run.

# The value of --from. Usage: parse_from VALUE
parse_from() {
  [[ "$1" == volume || "$1" == offsite ]] || die 64 "--from: '$1' must be volume or offsite; ${usage}"
  from=$1
}

# Usage: require_offsite
require_offsite() {
  : "${OFFSITE_WAIT_SECONDS:=3600}"
  [[ "${OFFSITE_WAIT_SECONDS}" =~ ^[1-9][0-9]*$ ]] || die 64 "OFFSITE_WAIT_SECONDS: must be a whole number of at least 1, got '${OFFSITE_WAIT_SECONDS}'"
  [[ -n "${OFFSITE_SCHEDULE:-}" ]] || die 64 "--from offsite: this installation has no copy outside of the cluster; set backup.offsite in the specification. Nothing was touched"
}

# Returns when it is on the backup volume. Nothing else than the files there is touched. Usage: ask_offsite WHAT
ask_offsite() { (await_offsite "$1") || exit "$?"; }

# Usage: await_offsite WHAT; in a process of its own, whose traps and lock end with it
await_offsite() {
  local began=${EPOCHSECONDS} said=${EPOCHSECONDS} state lock
  folder="${BACKUP_DIRECTORY}/offsite"
  id="$(date -u +%Y%m%dT%H%M%SZ)-${BASHPID}"
  mkdir -p -- "${folder}" || die 1 "${folder} cannot be made; nothing was touched"
  exec {lock}>"${folder}/.asking"
  flock -n "${lock}" || die 75 "another restore waits for the off-site copy; nothing was touched"
  trap withdraw EXIT
  trap 'exit 1' TERM INT HUP
  { printf '%s %s\n' "$1" "${id}" >"${folder}/request.partial" && sync -- "${folder}/request.partial" && mv -fT -- "${folder}/request.partial" "${folder}/request"; } ||
    die 1 "${folder}/request cannot be written; nothing was touched"
  log_info "asked the off-site copy for ${1}: it is fetched at the next run (${OFFSITE_SCHEDULE} UTC); waiting for at most ${OFFSITE_WAIT_SECONDS} s"
  [[ -z "${OFFSITE_FETCH:-}" ]] || log_info "at once: kubectl create job fetch-${id##*-} ${OFFSITE_FETCH}"
  while true; do
    touch -c -- "${folder}/request"
    state=$(answered)
    case ${state} in
    ok)
      log_info "it is on the backup volume, after $((EPOCHSECONDS - began)) s"
      return
      ;;
    failed*) die 1 "the off-site copy could not give it: ${state#failed }; nothing was touched" ;;
    *) ((EPOCHSECONDS - began < OFFSITE_WAIT_SECONDS)) || die 1 "no answer within ${OFFSITE_WAIT_SECONDS} s (OFFSITE_WAIT_SECONDS); the jobs of the off-site copy and their logs say why. Nothing was touched" ;;
    esac
    if ((EPOCHSECONDS - said >= 10)); then
      said=${EPOCHSECONDS}
      log_info "waiting for $((EPOCHSECONDS - began)) s; $(if [[ "${state}" == taken ]]; then printf 'it is being fetched'; else printf 'no job has taken the request yet'; fi)"
    fi
    sleep 1
  done
}

# What the newest answer says to this request; nothing to another one.
answered() {
  local to text
  read -r to text 2>/dev/null <"${folder}/answer" || return 0
  [[ "${to}" != "${id}" ]] || printf '%s\n' "${text}"
}

# A request that nobody waits for any more goes; another one's stays.
withdraw() {
  local text=''
  read -r text 2>/dev/null <"${folder}/request" || return 0
  [[ "${text}" != *" ${id}" ]] || rm -f -- "${folder}/request"
}
