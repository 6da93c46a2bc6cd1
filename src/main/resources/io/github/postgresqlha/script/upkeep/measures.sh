# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a figure that cannot be had is left out)
# What upkeep/report.sh measures beside the volumes' fill: growth, processor and memory of this container, tables, configuration. It runs
# beside the loop. Sourced by the supervisors after upkeep/report.sh.

: "${CGROUP_DIRECTORY:=/sys/fs/cgroup}"

# Appends a value to the history NAME of this pod, where the newest one is SECONDS old, and keeps the newest LINES.
# Usage: remember NAME SECONDS LINES VALUE
remember() {
  local file="${RUNTIME_DIRECTORY}/history.$1" kept='' at=''
  if [[ -s "${file}" ]]; then
    kept=$(tail -n "$(($3 - 1))" -- "${file}" | grep -xE '[0-9]{1,12} [0-9]{1,18}') || kept=''
    at=${kept##*$'\n'} at=${at%% *}
  fi
  [[ -z "${at}" ]] || ((now < at || now - at >= $2)) || return 0
  printf '%s\n' ${kept:+"${kept}"} "${now} $4" >"${file}.partial" && mv -fT -- "${file}.partial" "${file}"
}

# Sets span to the seconds of a history, and change to that of its value; fails where it has less than SECONDS. Usage: look_back NAME SECONDS
look_back() {
  local file="${RUNTIME_DIRECTORY}/history.$1" from='' to='' at='' value=''
  span='' change=''
  { read -r from value; } 2>/dev/null <"${file}" && to=$(tail -n 1 -- "${file}") || return 1
  at=${to%% *} to=${to#* }
  is_fact "${fact_number}" "${from}" && is_fact "${fact_number}" "${value}" && is_fact "${fact_number}" "${at}" && is_fact "${fact_number}" "${to}" || return 1
  span=$((at - from)) change=$((to - value))
  ((span >= $2))
}

# A day's growth, from an hour of it on, and the hours until nothing is free. Usage: list_growth NAME FOLDER
list_growth() {
  local text span change
  text=$(df --output=used,avail -B1 -- "$2" 2>/dev/null) || return 0
  [[ "${text##*$'\n'}" =~ ^\ *([0-9]+)\ +([0-9]+)$ ]] || return 0
  local taken=${BASH_REMATCH[1]} free=${BASH_REMATCH[2]}
  remember "$1" 600 145 "${taken}"
  look_back "$1" 3600 || return 0
  printf '%s_growth=%s\n' "$1" "$((change * 86400 / span))"
  if ((change > 0)); then printf '%s_hours_left=%s\n' "$1" "$((free / (change * 3600 / span + 1)))"; fi
}

# The first of some files that can be read, with its content in first. Usage: first_of FILE…
first_of() {
  local file
  first=
  for file in "$@"; do
    if [[ -r "${file}" ]] && first=$(<"${file}"); then return 0; fi
  done
  return 1
}

# Sets used to the microseconds of processor time that this container took since it began. Version 2 of the control groups, then 1.
processor_time() {
  local first
  used=
  if first_of "${CGROUP_DIRECTORY}/cpu.stat" && [[ "${first}" =~ usage_usec\ ([0-9]+) ]]; then
    used=${BASH_REMATCH[1]}
  elif first_of "${CGROUP_DIRECTORY}"/{cpuacct,cpu,cpu\,cpuacct}/cpuacct.usage && [[ "${first}" =~ ^[0-9]+$ ]]; then
    used=$((first / 1000))
  fi
  [[ -n "${used}" ]]
}

# Sets limit to the microseconds of processor time that it may take in a second; without a limit to all of the node's.
processor_limit() {
  local first quota='' period
  if first_of "${CGROUP_DIRECTORY}/cpu.max" && [[ "${first}" =~ ^([0-9]+)\ ([1-9][0-9]*) ]]; then
    quota=${BASH_REMATCH[1]} period=${BASH_REMATCH[2]}
  elif first_of "${CGROUP_DIRECTORY}"/{cpu,cpu\,cpuacct}/cpu.cfs_quota_us && [[ "${first}" =~ ^[1-9][0-9]*$ ]]; then
    quota=${first}
    first_of "${CGROUP_DIRECTORY}"/{cpu,cpu\,cpuacct}/cpu.cfs_period_us && [[ "${first}" =~ ^[1-9][0-9]*$ ]] && period=${first} || quota=
  fi
  if [[ -n "${quota}" ]]; then limit=$((quota * 1000000 / period)); else limit=$(($(nproc) * 1000000)); fi
}

# The average of five minutes, or of as much as there is from a minute on.
list_processor() {
  local used limit span change
  processor_time || return 0
  processor_limit
  remember cpu 25 11 "${used}"
  look_back cpu 50 && ((change >= 0 && limit > 0)) || return 0
  printf 'cpu_percent=%s\n' "$((change * 100 / (span * limit)))"
}

# What cannot be given back at once, as Kubernetes counts it before it ends a container: without the file cache that nobody used lately.
list_memory() {
  local first taken limit idle=0
  if first_of "${CGROUP_DIRECTORY}/memory.current" && [[ "${first}" =~ ^[0-9]+$ ]]; then
    taken=${first}
    first_of "${CGROUP_DIRECTORY}/memory.max" && limit=${first} || limit=''
    if first_of "${CGROUP_DIRECTORY}/memory.stat" && [[ "${first}" =~ (^|$'\n')inactive_file\ ([0-9]+) ]]; then idle=${BASH_REMATCH[2]}; fi
  elif first_of "${CGROUP_DIRECTORY}/memory/memory.usage_in_bytes" && [[ "${first}" =~ ^[0-9]+$ ]]; then
    taken=${first}
    first_of "${CGROUP_DIRECTORY}/memory/memory.limit_in_bytes" && limit=${first} || limit=''
    if first_of "${CGROUP_DIRECTORY}/memory/memory.stat" && [[ "${first}" =~ (^|$'\n')total_inactive_file\ ([0-9]+) ]]; then idle=${BASH_REMATCH[2]}; fi
  else
    return 0
  fi
  # Version 1 writes no limit as one of exabytes.
  [[ "${limit}" =~ ^[1-9][0-9]{0,15}$ ]] || return 0
  ((idle <= taken)) || idle=${taken}
  printf 'memory_percent=%s\n' "$(((taken - idle) * 100 / limit))"
}

# Whether the mounted configuration is the one that its own list names: a ConfigMap that was edited by hand is not.
list_configuration() {
  local wanted found LC_ALL=C files=() file
  wanted=$(sed -n 's/^CONFIGURATION_SUM=\([0-9a-f]\{64\}\)$/\1/p' -- "${CONFIG_DIRECTORY}/health.env" 2>/dev/null) || return 0
  [[ -n "${wanted}" ]] || return 0
  for file in "${CONFIG_DIRECTORY}"/*; do [[ "${file##*/}" == health.env ]] || files+=("${file}"); done
  found=$(cat -- "${files[@]}" | sha256sum) || return 0
  if [[ "${found%% *}" == "${wanted}" ]]; then printf 'configuration=same\n'; else printf 'configuration=other\n'; fi
}

# Each five minutes: the worst of the application's tables, and queries that recovery ended here. Kept in between.
list_tables() {
  local file="${RUNTIME_DIRECTORY}/tables" at=''
  { read -r at <"${file}"; } 2>/dev/null || true
  if ! is_fact "${fact_number}" "${at}" || ((now < at || now - at >= 300)); then
    printf '%s\n' "${now}" "$(look_at_tables)" >"${file}.partial" && mv -fT -- "${file}.partial" "${file}" || return 0
  fi
  tail -n +2 -- "${file}"
}

# Its owner decides how sessions begin in that database, and may hold a lock there: nobody waits for it for long.
look_at_tables() {
  local conflicts span change
  conflicts=$(local_sql <<<'SELECT coalesce(pg_catalog.sum(conflicts), 0)::bigint FROM pg_catalog.pg_stat_database' 2>/dev/null) || conflicts=''
  if is_fact "${fact_number}" "${conflicts}"; then
    remember conflicts 290 13 "${conflicts}"
    if look_back conflicts 200 && ((change >= 0)); then printf 'conflicts_in_an_hour=%s\n' "${change}"; fi
  fi
  [[ "${role}" == primary ]] || return 0
  SQL_SECONDS=20 SQL_OPTIONS='-c local_preload_libraries=' local_sql 2>/dev/null <<SQL || return 0
\connect "${DATABASE_NAME}"
SET lock_timeout = '2s';
SET statement_timeout = '10s';
\i '${script_dir}/sql/tables.sql'
SQL
}

# Usage: list_measures
list_measures() {
  list_processor || true
  list_memory || true
  list_configuration || true
  list_growth data "${PGDATA}" || true
  list_growth wal "${WAL_DIRECTORY}" || true
  if [[ -n "${BACKUP_DIRECTORY:-}" && -d "${BACKUP_DIRECTORY:-}" ]]; then list_growth backup "${BACKUP_DIRECTORY}" || true; fi
  list_tables || true
}
