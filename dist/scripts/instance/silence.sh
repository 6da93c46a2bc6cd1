# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; statuses of the questions are their answers)
# What it means that the peer does not answer. A host that refuses or has no data, a name that is gone, and a log that ends with a
# clean shutdown prove that it is down. Anything else is silence: behind a network that is cut it may accept writes. Sourced by instance.sh.

# Usage: proves_absence REASON, of libpq
proves_absence() {
  case $1 in
  *'Connection refused'* | *'Name or service not known'* | *'No address associated with hostname'* | *"${no_data_answer}"*) ;;
  *) return 1 ;;
  esac
}

# A server that is out of connections serves those that it has, and one that cannot be verified, has no TLS or refuses who asks serves
# others. Usage: proves_presence REASON, of libpq
proves_presence() {
  case $1 in
  *'too many clients already'* | *'remaining connection slots are reserved'*) ;;
  *'certificate verify failed'* | *'server certificate for '* | *'does not support SSL'* | *pg_hba.conf* | *'authentication failed'*) ;;
  *) return 1 ;;
  esac
}

# Whether the last record of the log here is that of the peer's clean shutdown. Who stopped cleanly opens again only by this member's
# promise, or by a person. It is no proof where the log ends with the own shutdown, where a promise was given, and where the peer was
# seen as primary with that record behind it, as after a recovery from a crash. The record is shorter than what is looked at.
log_ends_cleanly() {
  local from last lsn
  [[ "$(last_role)" == standby && -z "${given_to}" && -n "${primary_lsn}" ]] || return 1
  [[ "${own_role}" == recovery && -n "${own_lsn}" && -n "${own_timeline}" ]] && is_beyond "${own_lsn}" "${primary_lsn}" || return 1
  from=$(bytes_lsn "$(($(lsn_bytes "${own_lsn}") - 512))")
  # What the application can write is in records of other kinds, but it can look like anything: the last record of this kind has to
  # be the last one of all.
  last=$(DUMP_SECONDS=5 dump_wal "${own_timeline}" "${from}" "${own_lsn}" --rmgr=XLOG 2>/dev/null | tail -n 1)
  [[ "${last}" =~ ^rmgr:\ XLOG\ .*,\ lsn:\ ([0-9A-F]+/[0-9A-F]+),\ prev\ [0-9A-F]+/[0-9A-F]+,\ desc:\ CHECKPOINT_SHUTDOWN\  ]] || return 1
  lsn=${BASH_REMATCH[1]}
  [[ "$(DUMP_SECONDS=5 dump_wal "${own_timeline}" "${lsn}" "${own_lsn}" 2>/dev/null | wc -l)" == 1 ]]
}

# The facts about the peer for a person's request, after a look at the own server. Usage: facts_of_request CONTENT, of the trigger file
facts_of_request() {
  local facts
  facts=$(peer_facts 1)
  if [[ "${facts}" == 'peer=unknown '* ]] && proves_presence "${peer_reason}"; then facts='peer=primary '; fi
  if [[ "${facts}" == 'peer=unknown '* ]] && { [[ "$1" == down ]] || log_ends_cleanly; }; then facts='peer=down '; fi
  printf '%s' "${facts}"
}
