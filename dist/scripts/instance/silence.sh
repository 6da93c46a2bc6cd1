# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; statuses of the questions are their answers)
# What it means that the peer does not answer. A host that refuses, a name that is gone, and a log that ends with a clean shutdown
# prove that it is down. Anything else is silence: behind a network that is cut it may accept writes. Sourced by instance.sh.

# Usage: proves_absence REASON, of libpq
proves_absence() {
  case $1 in
  *'Connection refused'* | *'Name or service not known'* | *'No address associated with hostname'*) ;;
  *) return 1 ;;
  esac
}

# Whether the last record of the log here is that of a clean shutdown: whoever wrote it acknowledged nothing after it, as far as
# anybody here can know. The record is shorter than what is looked at.
log_ends_cleanly() {
  local from last
  look_at_own_server
  [[ -n "${own_lsn}" && -n "${own_timeline}" ]] || return 1
  from=$(bytes_lsn "$(($(lsn_bytes "${own_lsn}") - 512))")
  last=$(timeout 5 pg_waldump -p "${PGDATA}/pg_wal" -t "${own_timeline}" -s "${from}" -e "${own_lsn}" 2>/dev/null | tail -n 1)
  [[ "${last}" == *'desc: CHECKPOINT_SHUTDOWN '* ]]
}

# The facts about the peer for a person's request. Usage: facts_of_request CONTENT, of the trigger file
facts_of_request() {
  local facts
  facts=$(peer_facts 1)
  if [[ "${facts}" == 'peer=unknown '* ]] && { [[ "$1" == down ]] || log_ends_cleanly; }; then facts='peer=down '; fi
  printf '%s' "${facts}"
}
