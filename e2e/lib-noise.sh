# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# Rounds of noise around a promotion in manual mode: what happens in each kind, by numbers that a seed gives. Sourced by
# e2e/cases/97-noise.sh after lib-count.sh and lib-faults.sh.
#
# A kind does its worst to former, the primary, and next, its standby; it sets parameters, and healed_at where time is counted from.

# The same numbers for the same seed, kind and round, whichever other rounds are run. Usage: sow SEED KIND ROUND
sow() { sown=$(cksum <<<"$1 $2 $3" | cut -d ' ' -f 1); }
# A number from FROM to TO, in drawn. Usage: draw FROM TO
draw() {
  sown=$(((sown * 1103515245 + 12345) % 2147483648))
  drawn=$(($1 + (sown / 8) % ($2 - $1 + 1)))
}
# Usage: choose WORD…; one of them, in drawn
choose() {
  draw 1 "$#"
  drawn=${!drawn}
}

now() { printf '%s\n' "${EPOCHREALTIME/[^0-9]/}"; }
# Usage: seconds MILLISECONDS
seconds() { printf '%d.%03d' "$(($1 / 1000))" "$(($1 % 1000))"; }
# Usage: wait_until MICROSECONDS
wait_until() {
  local left=$(($1 - ${EPOCHREALTIME/[^0-9]/}))
  ((left <= 0)) || sleep "$(seconds "$((left / 1000))")"
}

scale() { k scale statefulset "${1%-0}" --replicas="$2" >/dev/null; }
# The member may be away, or refuse: that is noise too. Usage: try_trigger POD [WORD]
try_trigger() { in_pod "$1" "printf '%s' '${2:-}' >/tmp/promote_trigger" >/dev/null 2>&1 || parameters+=" (trigger not placed)"; }

# Somebody scales the primary to 0, GitOps scales it to 1 at once, and somebody else promotes.
noise_scale() {
  local began delay
  draw 0 8000 && delay=${drawn}
  parameters="${former%-0} 0 and 1, trigger after $(seconds "${delay}") s"
  began=$(now)
  scale "${former}" 0
  scale "${former}" 1
  wait_until "$((began + delay * 1000))"
  try_trigger "${next}"
}

# The trigger is pending, as the primary is there; then process 1 of a container is killed on its node.
noise_kill() {
  local delay victims pids
  draw 0 4000 && delay=${drawn}
  choose former former former next both && victims=${drawn}
  parameters="pending trigger at ${next%-0}, after $(seconds "${delay}") s killed: ${victims}"
  pids=''
  [[ "${victims}" == next ]] || pids+=" $(choose_processes "${former}" supervisor)"
  [[ "${victims}" == former ]] || pids+=" $(choose_processes "${next}" supervisor)"
  try_trigger "${next}"
  sleep "$(seconds "${delay}")"
  # shellcheck disable=SC2086 # several processes
  kill -KILL ${pids}
}

# A partition between the members, which ends while the standby is promoted, or soon after or before. Whoever asks says more often
# than not that the other one is down, which is not so: without a word a silent primary is waited for.
noise_partition() {
  local before after word
  draw 500 4000 && before=${drawn}
  draw 0 7000 && after=${drawn}
  choose '' down down force && word=${drawn}
  parameters="trigger${word:+ ${word}} at ${next%-0} $(seconds "${before}") s after the cut, healed $(seconds "${after}") s later"
  cut_off "$(address "${former}")" "$(address "${next}")"
  sleep "$(seconds "${before}")"
  try_trigger "${next}" "${word}"
  sleep "$(seconds "${after}")"
  heal
}

# Usage: freeze MICROSECONDS MILLISECONDS PID…; from a moment on, for a time
freeze() {
  wait_until "$1"
  kill -STOP "${@:3}" 2>/dev/null || true
  sleep "$(seconds "$2")"
  kill -CONT "${@:3}" 2>/dev/null || true
}

# Processes of either server are frozen around a promotion. The primary is scaled to 0 before it and back to 1 after it, or it is
# only believed dead.
noise_freeze() {
  local victim which hold offset way trigger pids freezer
  choose "${former}" "${next}" && victim=${drawn}
  choose supervisor postmaster both all && which=${drawn}
  draw 500 10000 && hold=${drawn}
  draw -2000 2000 && offset=${drawn}
  way=scaled
  if [[ "${victim}" == "${former}" ]]; then choose scaled scaled "not scaled" && way=${drawn}; fi
  parameters="${victim%-0} ${which} frozen for $(seconds "${hold}") s, ${offset} ms from the trigger at ${next%-0}, primary ${way}"
  mapfile -t pids < <(choose_processes "${victim}" "${which}")
  trigger=$(($(now) + 2000000))
  freeze "$((trigger + offset * 1000))" "${hold}" "${pids[@]}" &
  freezer=$!
  if [[ "${way}" == scaled ]]; then
    wait_until "$((trigger - 500000))"
    scale "${former}" 0
  fi
  wait_until "${trigger}"
  try_trigger "${next}"
  wait "${freezer}"
  wait_until "$((trigger + 2000000))"
  [[ "${way}" != scaled ]] || scale "${former}" 1
}
