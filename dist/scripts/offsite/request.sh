# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Answers what restore.sh and restore-pitr.sh --from offsite ask of the jobs that have rclone and the network, by two files in
# offsite/ on the backup volume. Sourced after offsite/take.sh, never run.
#
#   request   "WHAT ID", as select_wanted of offsite/fetch.sh has it; who waits touches it each second
#   answer    "ID taken", then "ID ok" or "ID failed REASON"

requests_pattern='^(postgresql_backup_[0-9]{8}_[0-9]{6}\.sql\.gz|databases/postgresql_backup_[0-9]{8}_[0-9]{6}\.[a-z_][a-z0-9_-]{0,62}\.sql\.gz|all|latest|postgresql_base_[0-9]{8}_[0-9]{6}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z) [A-Za-z0-9-]+$'

# Usage: answer TEXT
answer() {
  printf '%s %s\n' "${id}" "$1" | keep_file offsite/answer
}

# One line of that pattern, and nothing else. Usage: is_request TEXT
is_request() { [ "$(printf '%s\n' "$1" | wc -l)" -eq 1 ] && printf '%s\n' "$1" | grep -qE "${requests_pattern}"; }

# Whether somebody asks and still waits. Sets what and id. What is no request stays unsaid: it may be anything.
is_asked() {
  request="${BACKUP_DIRECTORY}/offsite/request"
  [ -e "${request}" ] || [ -L "${request}" ] || return 1
  text=$(read_plain offsite/request | head -c 300) touched=$(stat -c %Y "${request}") || return 1
  if ! is_request "${text}"; then
    say_error "${request} is no request; not fetched"
  elif [ "$(($(date +%s) - touched))" -gt 60 ]; then
    say_info "nobody waits any more for '${text}': not fetched"
  else
    what=${text% *} id=${text#* }
    return 0
  fi
  rm -rf "${request}"
  return 1
}

# In a process of its own: what fails there fails the request. Sets answered to yes or failed, or nothing.
answer_request() {
  answered=''
  is_asked || return 0
  say_info "asked for: ${what}"
  answer taken
  : >"${scratch}/said"
  set +e
  (
    set -e
    trap - EXIT
    fetch "${what}"
  )
  status=$?
  set -e
  answered=yes
  if [ "${status}" -eq 0 ]; then
    answer ok
  else
    answered=failed
    answer "failed $(tail -n 5 "${scratch}/said" | tr '\n' ' ')"
  fi
  # Not one that came meanwhile.
  if [ "$(read_plain offsite/request)" = "${what} ${id}" ]; then rm -f "${request}"; fi
}
