# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of pooler/follow.sh; statuses are answers)
# What PgBouncer is told by its console. On its socket it knows the user that it runs as, and asks no password. Sourced by pooler/follow.sh.

declare -A owed=()

port_of() { [[ "$1" == write ]] && printf 6432 || printf 6433; }

# Usage: console POOL COMMAND…
console() {
  local port command commands=()
  port=$(port_of "$1")
  for command in "${@:2}"; do commands+=(-c "${command}"); done
  timeout 5 psql -XAtqw -d "host=${PASSFILE_DIRECTORY}/$1 port=${port} user=pgbouncer dbname=pgbouncer" "${commands[@]}"
}

# Told in the order in which it is owed, and again until it was heard. Usage: owe POOL COMMAND
owe() { [[ " ${owed[$1]:-} " == *" $2 "* ]] || owed[$1]="${owed[$1]:-} $2"; }

owe_all() {
  local pool
  for pool in "${pools[@]}"; do owe "${pool}" "$1"; done
}

# One that has not started reads all of it when it does.
pay() {
  local pool port command said
  for pool in "${pools[@]}"; do
    [[ -n "${owed[${pool}]:-}" ]] || continue
    port=$(port_of "${pool}")
    [[ -S "${PASSFILE_DIRECTORY}/${pool}/.s.PGSQL.${port}" ]] || continue
    for command in ${owed[${pool}]}; do
      said=$(console "${pool}" "${command}" 2>&1) || case ${said} in
      *'not paused'*) ;;
      *)
        if every "console_${pool}" 30; then log_warn "PgBouncer (${pool}) did not take ${command}, which is tried again: ${said##*$'\n'}"; fi
        continue 2
        ;;
      esac
      owed[${pool}]=${owed[${pool}]/ ${command}/}
    done
  done
}

# Clients that wait: PgBouncer has no figures but those of its console, and this is the one of them that somebody has to know. Usage: tell_waiting POOL
tell_waiting() {
  local port name value clients=0 longest=0
  port=$(port_of "$1")
  [[ -S "${PASSFILE_DIRECTORY}/$1/.s.PGSQL.${port}" ]] || return 0
  while IFS='|' read -r name value; do
    [[ "${value}" =~ ^[0-9]{1,9}$ ]] || continue
    case ${name} in
    cl_waiting) clients=$((clients + value)) ;;
    maxwait) longest=$((value > longest ? value : longest)) ;;
    *) ;;
    esac
  done < <(console "$1" '\x' 'SHOW POOLS' 2>/dev/null)
  if ((longest >= 5)); then
    log_warn "PgBouncer ($1): ${clients} clients wait for a session of the server, the first of them for ${longest} s: all sessions of the pool are in use, or no member takes new ones"
  fi
}

tell_all_waiting() {
  local pool
  for pool in "${pools[@]}"; do tell_waiting "${pool}"; done
}

# The addresses of the members that answer, one a line; false where one of them has none. Usage: answering_addresses
answering_addresses() {
  local i
  for i in "${!hosts[@]}"; do
    says_nothing "${answers[i]}" || getent ahosts "${hosts[i]}" || return 1
  done | cut -d ' ' -f 1
}

# The numbers of clients whose session is with a member that the pool left, but for members at these addresses. Usage: clients_left_behind POOL ADDRESSES
clients_left_behind() {
  timeout 5 psql -XAtqwx -d "host=${PASSFILE_DIRECTORY}/$1 port=$(port_of "$1") user=pgbouncer dbname=pgbouncer" -c 'SHOW SERVERS' -c 'SHOW CLIENTS' 2>/dev/null | KEPT="$2" awk -F '|' '
    function note() { if (type == "S" && needed == 1 && link != "" && !(address in kept)) left[link] = 1; else if (type == "C" && (ptr in left) && id ~ /^[0-9]+$/) print id }
    BEGIN { split(ENVIRON["KEPT"], lines, "\n"); for (i in lines) kept[lines[i]] = 1 }
    $1 == "type" { note(); type = $2; needed = 0; link = ptr = id = address = "" }
    $1 == "addr" { address = $2 }
    $1 == "close_needed" { needed = $2 }
    $1 == "link" { link = $2 }
    $1 == "ptr" { ptr = $2 }
    $1 == "id" { id = $2 }
    END { note() }' || true
}

# A member whose processes or volume stand still keeps its sessions open and answers nothing. They count as sessions of the pool, which has none left
# for the member that it is led to then. Ten seconds after a change they end, with the clients that wait for them. A reader that a standby still serves
# goes on. Usage: end_left_behind POOL
end_left_behind() {
  local client ended=0 since="led_since_$1" kept='' whom='a member that is primary no more'
  [[ -n "${!since:-}" ]] && ((now - ${!since} >= 10)) && every "left_behind_$1" 5 || return 0
  if [[ "$1" == read ]]; then
    kept=$(answering_addresses) || return 0
    whom='a standby that says nothing'
  fi
  for client in $(clients_left_behind "$1" "${kept}"); do
    if console "$1" "KILL_CLIENT ${client}" >/dev/null 2>&1; then ((++ended)); fi
  done
  if ((ended > 0)); then
    log_warn "${ended} sessions were still with ${whom}: they are ended, and their clients get an error"
  elif ((now - ${!since} >= 120)); then
    printf -v "${since}" ''
  fi
}

declare -A holding=() held=() ending_until=()

# PAUSE waits for transactions that are open, and is no longer in force when who asked for it leaves before: it is said in a session that stays until
# then, and again where it was not heard, or another PgBouncer has started meanwhile. Not before a RESUME that is owed, and not where PgBouncer is to end: then it hears no RESUME any more. Usage: hold POOL
hold() {
  local pid=${holding[$1]:-} port socket
  port=$(port_of "$1")
  socket=$(stat -c %i -- "${PASSFILE_DIRECTORY}/$1/.s.PGSQL.${port}" 2>/dev/null) || true
  if [[ "${pid}" == heard && -n "${socket}" && "${socket}" != "${held[$1]}" ]]; then pid='' holding[$1]=''; fi
  [[ "${pid}" != heard && " ${owed[$1]:-} " != *" RESUME "* ]] && ((now >= ${ending_until[$1]:-0})) || return 0
  if [[ -n "${pid}" ]]; then
    ! is_running "${pid}" || return 0
    holding[$1]=
    if wait "${pid}"; then
      holding[$1]=heard
      return
    fi
  fi
  every "hold_$1" 1 || return 0
  held[$1]=${socket}
  timeout 3600 psql -XAtqw -d "host=${PASSFILE_DIRECTORY}/$1 port=${port} user=pgbouncer dbname=pgbouncer" -c PAUSE >/dev/null 2>&1 &
  holding[$1]=$!
}

# Usage: is_running PID, of a child
is_running() { [[ $'\n'$(jobs -pr)$'\n' == *$'\n'"$1"$'\n'* ]]; }

# Who has not said PAUSE yet never does: heard after RESUME it would hold clients for good. Usage: release POOL
release() {
  local pid=${holding[$1]:-}
  holding[$1]=
  if [[ -n "${pid}" && "${pid}" != heard ]] && is_running "${pid}"; then
    kill "${pid}" 2>/dev/null || true
    wait "${pid}" 2>/dev/null || true
  fi
  owe "$1" RESUME
}

# Asked for by pooler/stop.sh, in a session that stays: PgBouncer opens no other any more once it is to end. While Services still send new clients it
# serves them; then it takes no more, and waits for those that it has; then it ends between two transactions. Usage: end_pool POOL
end_pool() {
  local port
  port=$(port_of "$1")
  rm -f -- "${PASSFILE_DIRECTORY}/$1/stopping"
  # The next one of its container is held again.
  ending_until[$1]=$((now + ${STOP_WAIT_SECONDS:=30} + 30))
  release "$1"
  log_info "PgBouncer ($1) is to end: it waits up to ${STOP_WAIT_SECONDS:=30} s for its clients to leave"
  {
    printf 'RESUME;\n'
    sleep 5
    printf 'SHUTDOWN WAIT_FOR_CLIENTS;\n'
    sleep "${STOP_WAIT_SECONDS}"
    printf 'SHUTDOWN WAIT_FOR_SERVERS;\n'
    sleep 15
  } | psql -XAtqw -d "host=${PASSFILE_DIRECTORY}/$1 port=${port} user=pgbouncer dbname=pgbouncer" >/dev/null 2>&1 &
}

follow_stops() {
  local pool
  for pool in "${pools[@]}"; do [[ ! -e "${PASSFILE_DIRECTORY}/${pool}/stopping" ]] || end_pool "${pool}"; done
}
