# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; questions whose answer is their status)
# Whether PostgreSQL could start on the newest timeline that these data have heard of. Sourced by instance.sh.

# Whether that timeline left the one of these data before the place where recovery begins, or has to come to: so it is with a standby
# that has the last record of a primary which was put back in time. PostgreSQL ends at such a start, each time.
is_past_fork() {
  local number newest=0 places control begin least history_numbers history_empty
  list_histories "${PGDATA}"
  for number in "${history_numbers[@]}"; do [[ -n "${history_empty[number]:-}" ]] || newest=${number}; done
  places=$(own_history "${newest}")
  control=$(LC_ALL=C pg_controldata -D "${PGDATA}" 2>/dev/null)
  begin=$(lsn_bytes "$(in_control 'Latest checkpoint location')")
  least=$(lsn_bytes "$(in_control 'Minimum recovery ending location')")
  ! leads_over "$(in_control "Latest checkpoint's TimeLineID")" "${begin}" ||
    { ((least > 0)) && ! leads_over "$(in_control "Min recovery ending loc's timeline")" "$((least - 1))"; }
}

# Usage: in_control KEY
in_control() { sed -n "s/^$1: *//p" <<<"${control}"; }

# Whether the history of the newest, in places, has a byte of a timeline. Usage: leads_over TIMELINE BYTES
leads_over() {
  local number place
  (($1 < newest)) || return 0
  while read -r number place; do
    if [[ "${number}" == "$1" ]]; then
      (($2 < $(lsn_bytes "${place}")))
      return
    fi
  done <<<"${places}"
  return 1
}
