# shellcheck shell=bash
# Time as a span: by the seconds since the node's start, which nobody can set. A wall clock may jump; only durable notes and logs
# show it. Sourced, never run.

# Sets now, in whole seconds, and now_hundredths. Without a process.
look_at_clock() {
  read -r now _ </proc/uptime
  now_hundredths=$((10#${now/./})) now=${now%.*}
}

# True when NAME was not done for SECONDS, and counts it as done. Usage: every NAME SECONDS
every() {
  local last="last_$1"
  [[ -z "${!last:-}" ]] || ((now - ${!last} >= $2)) || return 1
  printf -v "${last}" '%s' "${now}"
}

# What NAME counts as done is due again. Usage: due_at_once NAME
due_at_once() { unset -v "last_$1"; }

# Usage: elapsed_hundredths SINCE HUNDREDTHS; whether that much time has passed since a reading of now_hundredths
elapsed_hundredths() {
  look_at_clock
  ((now_hundredths - $1 >= $2))
}

look_at_clock
