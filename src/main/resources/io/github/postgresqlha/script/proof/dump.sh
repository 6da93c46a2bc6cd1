# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore-test.sh; statuses of the checks are their answers)
# What a restore test does with both kinds of backups, and the one with the newest dump. Sourced by restore-test.sh, never run.

# The newest that is good; newer ones that are not have to be said. Usage: newest_good LIST_FUNCTION PROBLEM_FUNCTION; sets chosen
newest_good() {
  local name wrong
  chosen=
  while read -r name; do
    [[ -n "${name}" ]] || continue
    wrong=$("$2" "${name}")
    if [[ -z "${wrong}" ]]; then
      chosen=${name}
      return
    fi
    problem "${name}: ${wrong}; replace it by a new backup"
  done < <("$1" | sort -r)
}

# Usage: examine WHAT; the restored database, whose tables' rows were counted
examine() {
  local began=${EPOCHSECONDS} found
  found=$(damage)
  [[ -z "${found}" ]] || problem "$1: pg_amcheck found damage: ${found}"
  found=$(failing_check "${DATABASE_NAME}")
  [[ -z "${found}" ]] || problem "$1: ${found}"
  record[CHECKS_SECONDS]=$((${record[CHECKS_SECONDS]:-0} + EPOCHSECONDS - began))
}

# A dump names roles but does not hold them. As restore.sh does it: what the dump holds runs as the owner.
restore_dump() {
  local name schema roles made=()
  initdb -D "${SCRATCH_DIRECTORY}/dump" "${initdb_options[@]}" >/dev/null || return 1
  start_server "${SCRATCH_DIRECTORY}/dump" || return 1
  on postgres -v owner="${DATABASE_OWNER}" <<<'CREATE ROLE :"owner" LOGIN;' || return 1
  create_database "${DATABASE_NAME}" "${DATABASE_OWNER}" "$(locale_of "$(dumped_properties "$1")")" on postgres || return 1
  make_reader "${DATABASE_NAME}" || return 1
  roles=$(on postgres -v owner="${DATABASE_OWNER}" <<<"${roles_of_owner}") || return 1
  make_roles "$1" on postgres >/dev/null || return 1
  while read -r name schema; do
    needs_a_superuser "${name}" on "${DATABASE_NAME}" || continue
    make_extension "${name}" "${schema}" "${DATABASE_OWNER}" on "${DATABASE_NAME}" || return 1
    made+=("${name}=${schema}")
  done < <(dump_extensions "$1")
  owned_sql "$1" "${roles%%$'\n'*}" "${roles#*$'\n'}" "${made[@]}" 2>"${SCRATCH_DIRECTORY}/left" | in_scratch "${DATABASE_OWNER}" "${DATABASE_NAME}" --single-transaction >/dev/null
}

prove_dump() {
  local began=${EPOCHSECONDS} expected found
  newest_good list_backups backup_problem
  [[ -n "${chosen}" ]] || { problem "there is no good dump to restore; take one" && return; }
  record[DUMP]=${chosen} record[DUMP_BYTES]=$(stat -c %s -- "${BACKUP_DIRECTORY}/${chosen}")
  log_info "restoring ${chosen}"
  if ! restore_dump "${chosen}" 2>"${SCRATCH_DIRECTORY}/errors"; then
    problem "${chosen} cannot be restored: $(grep -m 1 'ERROR:' -- "${SCRATCH_DIRECTORY}/errors" || tail -n 1 -- "${SCRATCH_DIRECTORY}/errors") $(server_complaint)"
    return
  fi
  # As restore.sh goes on; what is said beside their number may be the owner's.
  found=$(grep -ac 'WARNING:  materialized view .* is not filled: ' -- "${SCRATCH_DIRECTORY}/errors" || true)
  [[ "${found}" == 0 ]] || log_warn "${chosen}: ${found} materialized views could not be filled"
  expected=$(dump_rows "${chosen}") || expected=unreadable
  found=$(cut -d ' ' -f 2- <<<"${expected}" | grep -a . | count_rows "${DATABASE_NAME}" "$(client_encoding "$(locale_of "$(dumped_properties "${chosen}")")")") || true
  record[DUMP_SECONDS]=$((EPOCHSECONDS - began))
  [[ "${found}" == "${expected}" ]] || problem "${chosen}: the restored rows are not those of the dump"
  note_rows dump "${found}"
  record[DUMP_ROWS]=${rows_sum}
  examine "${chosen}"
}
