#!/usr/bin/env bash
# A client that counts: several writers, each with one session to whichever member accepts writes, note every row that was
# acknowledged, with the time and the timeline. Runs in a pod of its own, as a client of the installation.
#
# Environment: PGHOST, PGUSER, PGDATABASE, PGPASSWORD, PGTARGETSESSIONATTRS, PGCONNECT_TIMEOUT   libpq's own
#              WRITERS (4)   how many
#              NOTES         folder for the notes; a file "stop" in it ends the writers
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; a session that ends is begun anew
set -Eeuo pipefail

# Usage: writer NUMBER
writer() {
  local number=$1 row=0 answer
  while [[ ! -e "${NOTES}/stop" ]]; do
    coproc SESSION { exec psql -XAtqw -F ' ' 2>/dev/null; }
    while [[ -n "${SESSION_PID:-}" && ! -e "${NOTES}/stop" ]]; do
      row=$((row + 1))
      printf "INSERT INTO counted VALUES (%s, %s) RETURNING left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);\n" "${number}" "${row}" >&"${SESSION[1]}" || break
      # No answer may mean that it was written, or that it was not: such a row is not counted, and its number not used again.
      read -rt 10 -u "${SESSION[0]}" answer 2>/dev/null || break
      printf '%s %s %s %s\n' "${EPOCHREALTIME/[^0-9]/}" "${number}" "${row}" "${answer}" >>"${NOTES}/acknowledged.${number}"
      sleep 0.02
    done
    kill "${SESSION_PID:-0}" 2>/dev/null || true
    wait "${SESSION_PID:-0}" 2>/dev/null || true
    sleep 0.1
  done
}

main() {
  trap '' PIPE
  mkdir -p "${NOTES}"
  for ((i = 1; i <= ${WRITERS:-4}; i++)); do writer "${i}" & done
  wait
  # The notes can be read until the pod is deleted.
  sleep infinity
}

main "$@"
