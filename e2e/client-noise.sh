#!/usr/bin/env bash
# A client with one writer a member, each at its member's own address whatever role that has: it inserts where it can, and where
# it cannot it reads how new the rows are. Every acknowledged row is noted with the client's clock and the timeline. Runs in a pod
# of its own for many rounds of noise; e2e/count-noise.sh reads the notes.
#
# Environment: PGUSER, PGDATABASE, PGPASSWORD, PGCONNECT_TIMEOUT   libpq's own
#              MEMBERS   their pods
#              NOTES     folder for the notes: round, address.POD are read; state.POD, session.POD,
#                        acknowledged.ROUND.POD are written
# A state is "primary TIME", "standby TIME" or "away 0": when the last row was acknowledged, how new the newest row is.
# shellcheck disable=SC2154 # the environment
set -Eeuo pipefail

# Both would choose the member.
unset PGHOST PGTARGETSESSIONATTRS
# The certificate holds names, and members are asked by address here.
export PGSSLMODE=verify-ca

# \gset, \if: a standby is asked for what it has, so that its session is there in the moment when it is promoted.
# shellcheck disable=SC2016 # no variables of bash
statement='SELECT pg_is_in_recovery() AS recovery \\gset
\\if :recovery
SELECT $$seen$$, COALESCE(max(sent), 0) FROM noise;
\\else
INSERT INTO noise VALUES ($$%s$$, %s, %s, %s) RETURNING $$row$$, left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
\\endif
\\echo done
'

# Usage: note_state POD STATE TIME
note_state() { printf '%s %s\n' "$2" "$3" >"${NOTES}/state.$1"; }

# What one statement brought, however long it takes: a server that was frozen answers late. No deadline: read -t may lose what it
# has read when it ends. Fails where the session has ended. Usage: answer POD ROUND ROW SENT
answer() {
  local acknowledged what value
  while read -r what value <&"${SESSION[0]:-}"; do
    acknowledged=${EPOCHREALTIME/[^0-9]/}
    case ${what} in
    row)
      printf '%s %s %s %s %s\n' "${acknowledged}" "${value}" "$1" "$3" "$4" >>"${NOTES}/acknowledged.$2.$1"
      note_state "$1" primary "${acknowledged}"
      ;;
    seen) note_state "$1" standby "${value}" ;;
    *) return 0 ;;
    esac
  done 2>/dev/null
  return 1
}

# Statements in one session until it ends. Usage: converse POD
converse() {
  local round sent
  while [[ -n "${SESSION_PID:-}" ]]; do
    row=$((row + 1)) sent=${EPOCHREALTIME/[^0-9]/} round=$(<"${NOTES}/round")
    # shellcheck disable=SC2059 # the statement is the format
    printf "${statement}" "$1" "${row}" "${sent}" "${round}" >&"${SESSION[1]:-}" || return 0
    # shellcheck disable=SC2310 # a session that ends is begun anew
    answer "$1" "${round}" "${row}" "${sent}" || return 0
    read -rt 0.02 -u "${never}" || true
  done
}

# Usage: writer POD
writer() {
  local row=0 address pid
  while :; do
    address=$(<"${NOTES}/address.$1")
    coproc SESSION { PGHOST="${address:-0.0.0.0}" exec psql -XAtqw -F ' ' 2>/dev/null; }
    pid=${SESSION_PID:-}
    printf '%s\n' "${pid}" >"${NOTES}/session.$1"
    converse "$1"
    note_state "$1" away 0
    [[ -z "${pid}" ]] || kill "${pid}" 2>/dev/null || true
    wait "${pid}" 2>/dev/null || true
    read -rt 0.1 -u "${never}" || true
  done
}

main() {
  local pod
  trap '' PIPE
  # What nobody writes into: a pause without a process.
  # shellcheck disable=SC2312 # nothing can fail in it
  exec {never}<> <(:)
  printf '0\n' >"${NOTES}/round"
  for pod in ${MEMBERS}; do
    : >"${NOTES}/address.${pod}"
    note_state "${pod}" away 0
    writer "${pod}" &
  done
  wait
}

main "$@"
