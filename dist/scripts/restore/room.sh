# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore.sh; statuses of the checks are their answers)
# Room for a restored database beside the old one, on each member: what the primary writes, every standby writes too. Sourced by
# restore.sh after restore/dump.sh and lib/facts.sh, never run.

# What a member notes of its volumes, and what its WAL takes and may grow to. Each is left out where the server does not know it.
IFS= read -rd '' room_question <<'SQL' || true
SELECT postgresql_ha.instance_state();
SELECT 'wal_bytes=' || sum(size) FROM pg_ls_waldir();
SELECT 'max_wal_bytes=' || setting::bigint * 1048576 FROM pg_settings WHERE name = 'max_wal_size';
SELECT 'max_slot_bytes=' || setting::bigint * 1048576 FROM pg_settings WHERE name = 'max_slot_wal_keep_size' AND setting::bigint >= 0;
SQL

# What the database took when it was dumped; where the dump does not say so, twice its text. Usage: needed_bytes DUMP
needed_bytes() {
  local noted
  noted=$({ gzip -dc -- "${BACKUP_DIRECTORY}/$1" 2>/dev/null || true; } | LC_ALL=C sed -n '/^-- bytes: /{s///p;q};/^[^-]/q')
  if is_fact "${fact_number}" "${noted}"; then
    printf '%s\n' "${noted}"
  else
    printf '%s\n' "$((2 * $({ gzip -dc -- "${BACKUP_DIRECTORY}/$1" || true; } | wc -c)))"
  fi
}

# Usage: member_lacks HOST NEEDED PORT; prints which volume lacks how much, nothing where there is room or the member does not say
member_lacks() {
  local answer data wal limit separator=''
  local -A room=()
  answer=$(PGOPTIONS="${pinned_options}" sql "host=$1 port=$3 user=postgres dbname=postgres connect_timeout=5 ${silence_limits}$(security_as postgres)" <<<"${room_question}" 2>/dev/null) || return 0
  read_facts room data_free_bytes="${fact_number}" wal_free_bytes="${fact_number}" wal_bytes="${fact_number}" max_wal_bytes="${fact_number}" max_slot_bytes="${fact_number}" <<<"${answer}"
  data=${room[data_free_bytes]:-} wal=${room[wal_free_bytes]:-}
  if [[ -n "${data}" ]] && ((data < $2)); then printf 'the data volume of %s has %s bytes free, about %s are needed' "$1" "${data}" "$2" && separator='; '; fi
  [[ -n "${wal}" && -n "${room[wal_bytes]:-}" && -n "${room[max_wal_bytes]:-}" ]] || return 0
  # What is there may be kept by a slot, and then it is not written over.
  limit=$((room[max_wal_bytes] + ${room[max_slot_bytes]:-$((room[wal_bytes] + $2))}))
  if ((limit > room[wal_bytes] + $2)); then limit=$((room[wal_bytes] + $2)); fi
  if ((wal + room[wal_bytes] < limit)); then printf '%sthe WAL volume of %s has %s bytes free, about %s of WAL are written' "${separator}" "$1" "${wal}" "$2"; fi
}

# Usage: lacking_room NEEDED; what every member lacks
lacking_room() {
  local i lacking problems='' hosts=() ports=()
  IFS=, read -ra hosts <<<"${MEMBER_HOSTS}"
  IFS=, read -ra ports <<<"${PGPORT:-5432}"
  for i in "${!hosts[@]}"; do
    lacking=$(member_lacks "${hosts[i]}" "$1" "${ports[i]:-${ports[0]}}")
    [[ -z "${lacking}" ]] || problems+="${problems:+; }${lacking}"
  done
  printf '%s' "${problems}"
}

# Members measure their volumes twice a minute, so room that was just made is waited for. Usage: require_room_for DUMP
require_room_for() {
  local needed problems attempt
  needed=$(needed_bytes "$1")
  for ((attempt = 1; attempt <= 10; attempt++)); do
    problems=$(lacking_room "${needed}")
    [[ -n "${problems}" ]] || return 0
    ((attempt > 1)) || log_warn "no room for a database beside ${DATABASE_NAME} as it was measured last: ${problems}. Looking again for 45 s"
    ((attempt == 10)) || sleep 5
  done
  die 1 "no room for a database beside ${DATABASE_NAME}: ${problems}. Nothing was touched; enlarge the claim, or drop a database that an earlier restore kept. Where the database was bloated and will be smaller: --ignore-room"
}
