# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# What a former primary wrote that its successor never got: counted, reported and kept aside before a rejoin drops it.
# Sourced by the supervisors and by patroni/rewind.sh.

# Where the peer's history left this instance's timeline. Usage: fork_point OWN_TIMELINE
fork_point() {
  local history
  history=$(timeout 10 psql -XAtqw -F ' ' "$(peer_connection replicator replication) replication=true" -c "TIMELINE_HISTORY ${peer_timeline}") || return 1
  awk '{ sub(/^[^ ]*\.history /, "") } 1' <<<"${history}" | awk -v timeline="$1" '$1 == timeline { print $2 }'
}

# The WAL after a point of a timeline, as pg_waldump shows it. It ends with an error where the WAL ends.
# Usage: wal_after TIMELINE LSN
wal_after() { pg_waldump --path="${PGDATA}/pg_wal" --timeline="$1" --start="$2" 2>/dev/null || true; }

# Keeps the abandoned WAL beside the WAL folder of the new data, at most two such folders, and says what is in it.
# Fails where the fork is not known: what cannot be counted is not nothing.
# Usage: keep_abandoned_wal [TIMELINE FORK]; without them what the peer's history says
keep_abandoned_wal() {
  local timeline=${1:-} fork=${2:-} records commits last folder segment
  if [[ -z "${fork}" ]]; then
    timeline=$(control_timeline)
    ((timeline < peer_timeline)) || return 0
    fork=$(fork_point "${timeline}") && [[ -n "${fork}" ]] || return 1
  fi
  records=$(wal_after "${timeline}" "${fork}")
  commits=$(grep -c 'desc: COMMIT' <<<"${records}" || true)
  ((commits > 0)) || return 0
  last=$(sed -n 's/.*lsn: \([0-9A-F/]*\),.*/\1/p' <<<"${records}" | tail -n 1)
  folder="${WAL_DIRECTORY}/abandoned-${timeline}-$(date -u +%Y%m%dT%H%M%SZ)"
  mkdir -p -- "${folder}.partial"
  segment=$(wal_segment "${timeline}" "${fork}")
  for file in "${PGDATA}/pg_wal/$(printf '%08X' "${timeline}")"????????????????; do
    [[ -f "${file}" && ! "${file##*/}" < "${segment}" ]] || continue
    cp -- "${file}" "${folder}.partial/"
  done
  printf 'timeline %s from %s to %s: %s committed transactions that %s never had\n' "${timeline}" "${fork}" "${last}" "${commits}" "${PEER_NAME}" >"${folder}.partial/README"
  mv -- "${folder}.partial" "${folder}"
  log_error "ABANDONED: $(<"${folder}/README"). Their WAL is kept in ${folder}; pg_waldump shows it"
  compgen -G "${WAL_DIRECTORY}/abandoned-*" | sort | head -n -2 | while read -r segment; do rm -rf -- "${segment}"; done
}

# The name of the segment that holds a place. Usage: wal_segment TIMELINE LSN
wal_segment() { printf '%08X%08X%08X\n' "$1" "$((16#${2%/*}))" "$((16#${2#*/} / wal_segment_bytes))"; }
