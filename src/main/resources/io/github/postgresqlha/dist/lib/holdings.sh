# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312
# (programs of the container; names from NAME.env, roles[] of the programs; statuses of the questions are their answers)
# Which database system a member holds, and how much. A primary that came up on an empty volume beside a standby is another system:
# a copy of it would take the place of the only rows that there are. Sourced by rebuild-standby.sh after lib/members.sh.

# "SYSTEM BYTES" of a member's data, whether its PostgreSQL runs or not; nothing where it has none that can be read. Fails where the
# member could not be asked. Usage: holding_of STATEFULSET
holding_of() {
  local said
  local -A held=()
  said=$(in_member "$1" bash -c 'cd /var/lib/postgresql/data/pgdata 2>/dev/null || exit 0
    printf "system=%s\nbytes=%s\n" "$(LC_ALL=C pg_controldata . 2>/dev/null | sed -n "s/^Database system identifier: *//p")" "$(du -sb . 2>/dev/null | cut -f 1)"' 2>/dev/null) || return 1
  read_facts held system="${fact_system}" bytes="${fact_number}" <<<"${said}"
  [[ -z "${held[system]:-}" ]] || printf '%s %s\n' "${held[system]}" "${held[bytes]:-unknown}"
}

# What the log of a member that does not run says of another system; nothing where it says none. Usage: foreign_by_log STATEFULSET
foreign_by_log() {
  local log
  log=$(k logs "$1-0" -c "${CONTAINER}" --tail=500 2>/dev/null) || return 0
  log=$(grep -E 'holds another database system|system ID mismatch' <<<"${log}" | tail -n 1) || return 0
  last_line "${log//[![:print:]]/}"
}

# By roles[]. Usage: does_not_run STATEFULSET
does_not_run() { [[ "${roles[$1]}" == silent || "${roles[$1]}" == gone ]]; }

# Sets holding to a sentence where two members hold two databases, or one of them says so; to nothing where they do not, or that
# cannot be seen. Usage: compare_holdings PRIMARY STANDBY
compare_holdings() {
  local theirs mine
  holding=''
  { theirs=$(holding_of "$1") && [[ -n "${theirs}" ]]; } || die 1 "it cannot be seen which database system $1 holds. Nothing was done"
  if ! does_not_run "$2" && ! mine=$(holding_of "$2"); then
    roles[$2]=$(role_of "$2") # its pod may be going, as after a run of this procedure that was interrupted
    does_not_run "$2" || die 1 "it cannot be seen which database system $2 holds. Nothing was done"
  fi
  if does_not_run "$2"; then
    mine=$(foreign_by_log "$2")
    [[ -z "${mine}" ]] || holding="the log of $2 says: ${mine}"
    return
  fi
  [[ -n "${mine}" && "${mine% *}" != "${theirs% *}" ]] || return 0
  holding="$2 holds database system ${mine% *} (${mine#* } bytes); the primary, $1, holds ${theirs% *} (${theirs#* } bytes)"
}

# Two databases: only a person knows which of them is meant. Usage: require_one_database PRIMARY STANDBY ALLOWED
require_one_database() {
  compare_holdings "$1" "$2"
  [[ -n "${holding}" ]] || return 0
  say "  ${holding}"
  [[ -n "$3" ]] || die 1 "$1 and $2 hold two databases, and a copy would replace that of $2. First see which of the two holds your rows, with psql in each. If those of $1 are the right ones: --replace-other-database. If those of $2 are: the row 'another database system' in README-${NAME}.md. Nothing was done"
}

# What becomes of the standby's data, for the plan. A manual member keeps another database, Patroni does not. Usage: fate_of STANDBY [deleted]
fate_of() {
  if [[ -n "${holding}" && (-n "${2:-}" || "${FAILOVER}" == automatic) ]]; then
    printf 'its own database is lost\n'
  elif [[ -n "${holding}" ]]; then
    printf 'its own database is kept as pgdata.abandoned-TIME\n'
  elif does_not_run "$1"; then
    printf 'its container does not run: what its volumes hold cannot be seen\n'
  elif [[ -n "${2:-}" ]]; then
    printf 'nothing of them is kept\n'
  else
    printf 'the old data goes when the copy is complete\n'
  fi
}
