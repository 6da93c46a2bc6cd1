# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of failover-test.sh; statuses of the checks are their answers)
# The client that writes through a failover drill, and the drill's clock. Sourced by failover-test.sh.

# Microseconds since 1970.
now() { printf '%s\n' "${EPOCHREALTIME/[^0-9]/}"; }

seconds() { printf '%d.%02d' "$(($1 / 1000000))" "$(($1 % 1000000 / 10000))"; }

# Usage: step NAME BEGAN
step() { steps+=("$1|$(($(now) - $2))"); }

# Usage: wait_until COMMAND…; until it succeeds or STEP_SECONDS have passed
wait_until() {
  local deadline=$((EPOCHSECONDS + STEP_SECONDS))
  until "$@"; do
    ((EPOCHSECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# Usage: accepts_writes NUMBER
accepts_writes() { [[ "$(timeout 3 psql -XAtqw "$(status_connection "$1" monitor postgres)" -c 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" == t ]]; }

# Usage: streams_from NUMBER STANDBY
streams_from() {
  [[ "$(timeout 3 psql -XAtqw -v name="$2" "$(status_connection "$1" monitor postgres)" 2>/dev/null <<<"SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name IN (:'name', :'name' || '-0') AND state = 'streaming')")" == t ]]
}

# A request to the peer's supervisor; it goes through the same guards as one by hand. Usage: ask_peer promote|restart
ask_peer() { wait_until send_request "$1" || die 2 "${PEER_NAME} does not take the request to $1"; }

# The role of primary back to this member.
ask_back() {
  if [[ -n "${PATRONI_SCOPE:-}" ]]; then : >"${runtime}/promote_trigger"; else ask_peer restart; fi
}

send_request() {
  timeout 5 psql -XAtqw -v ON_ERROR_STOP=1 "$(status_connection "${there}" rewinder postgres)" -c "SELECT postgresql_ha.request('$1')" >/dev/null
}

# One row after another, each its own connection to whichever member accepts writes. Only what was acknowledged is noted.
write_rows() {
  local id hosts_list ports_list
  hosts_list=$(IFS=, && printf '%s' "${hosts[*]}") ports_list=$(IFS=, && printf '%s' "${ports[*]}")
  while [[ ! -e "${notes}/stop" ]]; do
    if id=$(timeout 3 psql -XAtqw "host=${hosts_list} port=${ports_list} user=rewinder dbname=postgres target_session_attrs=read-write connect_timeout=2 application_name=failover-test.sh$(connection_security)" \
      -c 'INSERT INTO postgresql_ha.failover_probe DEFAULT VALUES RETURNING id' 2>/dev/null); then
      printf '%s %s\n' "${EPOCHREALTIME/[^0-9]/}" "${id}" >>"${notes}/acknowledged"
    fi
  done
}

start_writer() {
  : >"${notes}/acknowledged"
  write_rows &
  writer=$!
  wait_until_writing || die 2 "no write is accepted before the drill begins"
}

stop_writer() {
  [[ -n "${writer}" ]] || return 0
  : >"${notes}/stop"
  wait "${writer}" || true
  writer=
}

# From here on the next outage is looked for.
mark_outage() { marked=$(wc -l <"${notes}/acknowledged"); }

# Until three more rows are acknowledged than now.
wait_until_writing() { wait_until has_rows "$(($(wc -l <"${notes}/acknowledged") + 3))"; }
has_rows() { (($(wc -l <"${notes}/acknowledged") >= $1)); }

# The longest pause between two acknowledged rows since the mark. Usage: outage NAME
outage() {
  local longest
  longest=$(tail -n "+$((marked > 0 ? marked : 1))" "${notes}/acknowledged" | awk 'NR > 1 && $1 - last > longest { longest = $1 - last } { last = $1 } END { printf "%d", longest }')
  outages+=("$1|${longest}")
}

# Every acknowledged row must be there.
count_rows() {
  acknowledged=$(wc -l <"${notes}/acknowledged")
  local found connection
  connection="$(status_connection "${here}" rewinder postgres)"
  found=$({ printf 'SELECT count(*) FROM postgresql_ha.failover_probe WHERE id IN (0' && sed 's/.* /,/' "${notes}/acknowledged" && printf ');\n'; } | sql "${connection}")
  lost=$((acknowledged - found))
  sql "${connection}" -c 'DELETE FROM postgresql_ha.failover_probe' || log_warn "the drill's rows could not be removed"
}

print_text() {
  local line
  printf '%-32s %10s\n' step seconds
  for line in "${steps[@]}"; do printf '%-32s %10s\n' "${line%|*}" "$(seconds "${line#*|}")"; done
  printf '\n%-32s %10s\n' 'time without writes' seconds
  for line in "${outages[@]}"; do printf '%-32s %10s\n' "${line%|*}" "$(seconds "${line#*|}")"; done
  printf '\n%s rows acknowledged, %s lost\n' "${acknowledged}" "${lost}"
}

print_json() {
  local line separator=''
  printf '{"steps": ['
  for line in "${steps[@]}"; do
    printf '%s{"step": %s, "seconds": %s}' "${separator}" "$(json_string "${line%|*}")" "$(seconds "${line#*|}")"
    separator=', '
  done
  printf '], "withoutWrites": ['
  separator=''
  for line in "${outages[@]}"; do
    printf '%s{"phase": %s, "seconds": %s}' "${separator}" "$(json_string "${line%|*}")" "$(seconds "${line#*|}")"
    separator=', '
  done
  printf '], "rowsAcknowledged": %s, "rowsLost": %s}\n' "${acknowledged}" "${lost}"
}
