#!/usr/bin/env bash
# How Patroni makes a copy of the primary: under another name, in the place of the old data only when it is complete.
# Usage: patroni/clone.sh --connstring=CONNECTION [--scope=… --role=… --datadir=…], as Patroni calls it
#
# Environment: PGDATA, WAL_DIRECTORY   data directory; the volume of its WAL
#              PEER_NAME               one of the other members
#              POSTGRES_MAJOR (17)     of the programs here
#              PGPASSFILE              Patroni's, with the password of the role replicator
# Exit status: 0 done, 1 failed, 64 bad usage or environment, 75 another copy or recovery is being made
# shellcheck disable=SC2034,SC2154,SC2310,SC2312 # the environment; variables of the libraries
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")/..
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/facts.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/clock.sh"
source "${script_dir}/lib/durable.sh"
source "${script_dir}/lib/lsn.sh"
source "${script_dir}/instance/common.sh"
source "${script_dir}/instance/notes.sh"
source "${script_dir}/lib/install.sh"
source "${script_dir}/instance/data.sh"
source "${script_dir}/instance/abandoned.sh"

# "SYSTEM|TIMELINE|LSN|…" of a server. Usage: identity_of CONNECTION
identity_of() {
  local answer
  answer=$(timeout 5 psql -XAtqw "$1 replication=true" -c IDENTIFY_SYSTEM) && is_fact "${fact_system}" "${answer%%|*}" && printf '%s\n' "${answer%%$'\n'*}"
}

# Patroni kills what does not end 10 s after it was told to, and then removes PGDATA: so nothing is counted before the data have another
# name. They get a mark, and whoever removes them counts first (count_replaced). Where there can be no mark they get the name that
# nothing removes. What pg_rewind left half done was counted before.
set_aside_uncounted() {
  local role since mark
  if has_data && [[ ! -e "${STATE_DIRECTORY}/rejoin" ]]; then
    role=$(last_role)
    if ! { printf '%s\n' "${role:-none}" >"${PGDATA}/uncounted"; } 2>/dev/null && ! keep_data "what only this member has was not counted" 2>/dev/null; then
      since=$(date -u +%Y%m%dT%H%M%SZ)
      mv -T -- "${PGDATA}" "${PGDATA}.abandoned-${since}" && sync -- "${PGDATA%/*}" || return 1
      log_error "ABANDONED: the data that were here are kept in ${PGDATA}.abandoned-${since}, with their WAL: what only they hold was not counted. Remove that folder when you have looked"
      return
    fi
  fi
  set_data_aside || return 1
  for mark in "${PGDATA}".before-[0-9]*/uncounted; do [[ ! -e "${mark}" ]] || sync -- "${mark}" || return 1; done
}

# What goes on beyond the end of the primary's own timeline is on no other: that one was put back in time. Usage: keep_what_is_ahead IDENTITY
keep_what_is_ahead() {
  local system timeline lsn folder theirs key place
  IFS='|' read -r system timeline lsn _ <<<"$1"
  is_fact "${fact_timeline}" "${timeline}" && is_fact "${fact_lsn}" "${lsn}" || return 0
  for folder in "${PGDATA}".before-[0-9]*; do
    [[ -e "${folder}/uncounted" && "$(control_value 'Database system identifier' "${folder}")" == "${system}" ]] || continue
    theirs=$(PGDATA=${folder} control_timeline) || theirs=''
    [[ "${theirs}" == "${timeline}" ]] || continue
    for key in 'Minimum recovery ending location' 'Latest checkpoint location'; do
      place=$(control_value "${key}" "${folder}")
      if is_fact "${fact_lsn}" "${place}" && is_beyond "${place}" "${lsn}"; then
        log_error "timeline ${timeline} goes on up to ${place} here, where it ends at ${lsn} at the primary: that one was put back in time"
        keep_replaced "${folder}" || return 1
        break
      fi
    done
  done
}

# Whether who is to be copied holds the database that was here. Usage: require_own_system SYSTEM
require_own_system() {
  local had
  had=$(cat -- "${STATE_DIRECTORY}/had-data" 2>/dev/null) || return 0
  [[ "${had}" == "$1" || -e "${STATE_DIRECTORY}/rebuild" ]] ||
    die 1 "the primary holds database system $1, here was ${had}: nothing is copied. First see which of the two holds your rows. To take a copy and keep what was here beside it: touch ${STATE_DIRECTORY}/rebuild"
}

# A TERM ends the program that copies, too. Usage: copy_primary CONNECTION FOLDER WAL
copy_primary() {
  local copying
  without_install_lock pg_basebackup -d "$1 application_name=pg_basebackup" -D "$2" --waldir="$3" --wal-method=stream --checkpoint=fast --no-password &
  copying=$!
  # shellcheck disable=SC2064 # of this process
  trap "kill ${copying} 2>/dev/null; die 1 'told to stop: the copy is given up; what was here is kept'" TERM
  wait "${copying}"
}

# Patroni removes PGDATA when this fails or is ended, so data must have another name by then.
keep_from_patroni() {
  local status=$?
  ((status == 0)) || set_aside_uncounted || true
}

# What was here goes only when Patroni has taken the new data: the supervisor sees to that. Usage: replace_data CONNECTION
replace_data() {
  local folder="${PGDATA}.cloning" wal system identity
  set_aside_uncounted || die 1 "${PGDATA} cannot be set aside: is its volume full or read-only?$(full_volumes)"
  trap - TERM
  end_orphaned_copy "${folder}"
  { drop_leftovers && wal=$(new_wal_folder); } || die 1 "no copy can be made: ${PGDATA%/*} or ${WAL_DIRECTORY} cannot be written (full or read-only?)$(full_volumes)"
  identity=$(identity_of "$1") || die 1 "the primary does not answer: nothing is copied"
  system=${identity%%|*}
  require_own_system "${system}"
  is_primary_of "${system}" "$1" || die 1 "who is to be copied is no primary: nothing is copied"
  keep_what_is_ahead "${identity}" || die 1 "what goes on here beyond the primary could not be kept: nothing is copied"
  log_info "copying the primary"
  copy_primary "$1" "${folder}" "${wal}" || die 1 "copying the primary failed; what was here is kept beside ${PGDATA}$(full_volumes)"
  is_primary_of "${system}" "$1" || die 1 "who was copied is no primary any more: the copy is not taken"
  [[ "$(control_value 'Database system identifier' "${folder}")" == "${system}" ]] || die 1 "the copy is not of database system ${system}: it is not taken"
  trap '' TERM # the steps are short, and of what is half done Patroni would remove the new part
  { sync -f -- "${folder}" "${folder}/pg_wal/." && note_peer && note_role standby && put_in_place "${folder}"; } ||
    die 1 "the copy could not take its place; what was here is kept beside ${PGDATA}$(full_volumes)"
  log_info "copy complete"
}

main() {
  local argument connection=''
  for argument in "$@"; do [[ "${argument}" != --connstring=* ]] || connection=${argument#*=}; done
  [[ -n "${connection}" ]] || die 64 "usage: patroni/clone.sh --connstring=CONNECTION"
  require_env PGDATA WAL_DIRECTORY PEER_NAME
  STATE_DIRECTORY=${PGDATA%/*}/state
  umask 077
  trap '' TERM
  trap keep_from_patroni EXIT
  # Whoever holds the lock for longer only removes what is no data by its name.
  INSTALL_PATIENCE=30 install_alone replace_data "${connection}$(connection_security)"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
