# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the steps are their answers)
# What both ways of an import begin with, and what they leave nothing of. Sourced after import/copy.sh, never run.

# Where the copy lies on its way, and what the programs say. Sets work and dump.
prepare_work() {
  work=$(mktemp -d -- "${RUNTIME_DIRECTORY:-/tmp}/import.XXXXXX") || die 1 "no folder can be made in ${RUNTIME_DIRECTORY:-/tmp}"
  dump="${PGDATA%/*}/import-copy"
  rm -rf -- "${dump}"
}

drop_work() {
  [[ -z "${snapshot_pid:-}" ]] || kill "${snapshot_pid}" 2>/dev/null || true
  [[ -z "${work:-}" ]] || rm -rf -- "${work}" "${dump}"
  [[ -z "${source_folder:-}" ]] || drop_source
}

# Whoever ends this program ends what it started. Usage: end_children
end_children() {
  local children
  trap '' TERM
  children=$(jobs -p) || children=''
  # shellcheck disable=SC2086 # numbers
  [[ -z "${children}" ]] || kill ${children} 2>/dev/null || true
}

# As many as there are processors, four at most.
choose_jobs() {
  [[ -z "${jobs}" ]] || return 0
  jobs=$(nproc)
  if ((jobs > 4)); then jobs=4; fi
}

fact_schema='[A-Za-z_][A-Za-z0-9_-]{0,62}' fact_extension='[a-z][a-z0-9_-]{0,62}'

# Names of a list with commas, one a line. Usage: names_of LIST PATTERN WHAT
names_of() {
  local name
  while IFS= read -r name; do
    [[ -n "${name}" ]] || continue
    is_fact "$2" "${name}" || die 64 "$3: '${name}' is no such name"
    printf '%s\n' "${name}"
  done < <(tr ',' '\n' <<<"$1")
}

# All that is looked at before anything is made here. Sets problems.
check_all() {
  problems=()
  connect_source
  look_at_source
  check_source
  check_here
  check_room
}

# A database of the application's owner beside its own, filled and compared. Whatever fails, only that one is not there then.
fill_copy() {
  copy_database || return 1
  [[ -z "${estimated}" ]] || log_info "imported after ${SECONDS} s, about ${estimated} were expected"
}
