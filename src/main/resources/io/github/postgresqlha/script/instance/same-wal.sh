# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# Whether the WAL here is the primary's, before more of it is received: PostgreSQL streams from the beginning of a segment, and writes
# over what is there. Numbers do not tell it where the primary was put back in time and opened by itself. Sourced by instance.sh.

# What is here is to be compared: at each start, and when the primary was away. An answer to an earlier question is none.
forget_comparison() { uncompared=yes same_wal='' uncompared_since=${peer_asked}; }

# While the server runs: the primary may come back as another one, and PostgreSQL asks it for WAL by itself.
leave_lost_primary() {
  [[ "${peer_state}" != primary && "${own_streaming}" != true && -z "${uncompared}" ]] || return 0
  forget_comparison
  write_configuration "${PGDATA}" && kill -HUP "${postmaster_pid}"
}

# In a start, or while the server runs and receives nothing. Usage: compare_once TIMELINE, the one here
compare_once() {
  [[ -n "${uncompared}" && -z "${twin}" ]] && ((peer_answered > uncompared_since)) || return 0
  uncompared=''
  [[ "${own_streaming:-}" != true ]] || return 0
  compare_wal "$1"
  case ${same_wal} in
  ahead) found_twin "it ends at ${wal_ends} here, and at ${peer_lsn} there" ahead ;;
  no) found_twin "what was written before ${wal_ends} differs" ahead ;;
  *) ;;
  esac
}

# Sets same_wal: yes, no, ahead, gone where the primary no longer has the WAL, or nothing where it cannot be known;
# wal_ends, up to which both were on one timeline by their numbers; and wal_lags where nothing here goes on beyond that. Usage: compare_wal TIMELINE
compare_wal() {
  local timeline=${peer_timeline} successor='' fork=''
  same_wal='' wal_lags=''
  [[ "$(control_value 'Bytes per WAL segment')" == "${wal_segment_bytes}" ]] || return 0
  wal_ends=$(wal_end "${timeline}")
  if [[ -z "${wal_ends}" ]] && (($1 < peer_timeline)); then
    timeline=$1 wal_ends=$(wal_end "$1")
    read -r fork successor < <(peer_places | awk -v number="$1" -v newest="${peer_timeline}" '
      fork != "" { newest = $1; exit } $1 == number { fork = $2 } END { if (fork != "") print fork, newest }') || return 0
    if [[ -n "${wal_ends}" ]] && is_beyond "${wal_ends}" "${fork}"; then wal_ends=${fork}; else wal_lags=yes; fi
  fi
  [[ -n "${wal_ends}" ]] || return 0
  if is_beyond "${wal_ends}" "${peer_lsn}"; then same_wal=ahead; else same_wal=$(compare_segment "${timeline}" "${successor:-${timeline}}" "${wal_ends}"); fi
}

# Where the WAL of a timeline ends here: of its newest segment that was begun and has a record. Usage: wal_end TIMELINE
wal_end() {
  local segments i begin at end
  mapfile -t segments < <(segments_from "$1" 0/0)
  for ((i = ${#segments[@]} - 1; i >= 0; i--)); do
    begin=$(($(wal_segment_number "${segments[i]}") * wal_segment_bytes))
    # A segment that is made for later holds an older one, or nothing.
    at=$(od -An -tu8 -j 8 -N 8 -- "${PGDATA}/pg_wal/${segments[i]}" 2>/dev/null | tr -d ' ') || at=''
    [[ "${at}" == "${begin}" ]] || continue
    end=$(DUMP_SECONDS=10 dump_wal "$1" "$(bytes_lsn "${begin}")" "$(bytes_lsn "$((begin + wal_segment_bytes))")" --stats 2>/dev/null | awk '/^WAL statistics between / { sub(/:$/, "", $6); print $6 }') || true
    if is_fact "${fact_lsn}" "${end}"; then printf '%s\n' "${end}" && return; fi
  done
}

# Of one history every byte is alike. The primary has what is from before a timeline's end under the next one's name, too.
# Usage: compare_segment TIMELINE SUCCESSOR END
compare_segment() {
  local last length mine theirs
  last=$(bytes_lsn "$(($(lsn_bytes "$3") - 1))")
  length=$(($(lsn_bytes "${last}") % wal_segment_bytes + 1))
  mine=$(head -c "${length}" -- "${PGDATA}/pg_wal/$(wal_segment "$1" "${last}")" 2>/dev/null | sha256sum) || return 0
  theirs=$(timeout 5 psql -XAtqw "$(peer_connection rewinder)" -c "SELECT coalesce(encode(sha256(coalesce(
    pg_read_binary_file('pg_wal/$(wal_segment "$2" "${last}")', 0, ${length}, true),
    pg_read_binary_file('pg_wal/$(wal_segment "$1" "${last}")', 0, ${length}, true))), 'hex'), 'gone')" 2>/dev/null) || return 0
  if [[ "${theirs}" == gone ]]; then
    printf gone
  elif is_fact '[0-9a-f]{64}' "${theirs}"; then
    if [[ "${mine%% *}" == "${theirs}" ]]; then printf yes; else printf no; fi
  fi
}
