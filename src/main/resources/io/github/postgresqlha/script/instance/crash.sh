# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# When one of its processes crashes PostgreSQL ends all others, and then itself: restart_after_crash is off. Started by itself it
# would acknowledge commits before anybody has looked at the peer. It is started here, in place, as at every start: the role is
# decided anew, and who opens does so behind a closed gate. Sourced by instance.sh.

# Who crashes again sooner ends the container, so that Kubernetes shows it, and waits longer each time. A primary does not: after such
# a wait it could not open without the other member any more.
CRASH_LOOP_SECONDS=60

# Less than RESTART_IN_PLACE_SECONDS.
CRASH_PAUSE_SECONDS=10

# A server that never served does not serve at its next start either; the one that opens counts from when it was seen open.
had_served() {
  case ${role} in
  primary | standby | undecided) ;;
  opening) [[ -n "${opening_question}" ]] ;;
  *) return 1 ;;
  esac
}

# A server that crashed ended its processes before itself. One that left any has not done that, and they may still write.
leaves_processes() {
  local process
  for process in /proc/[0-9]*; do
    if is_postmaster "${process#/proc/}"; then return; fi
  done
  return 1
}

# A status of 128 and more is a signal's, and then nobody ended the server's processes. Usage: may_start_in_place STATUS
may_start_in_place() {
  [[ -n "${postmaster_is_child}" ]] && (($1 > 0 && $1 < 128)) && had_served && ! leaves_processes || return 1
  every start_in_place "${CRASH_LOOP_SECONDS}" && return
  if [[ "${role}" == primary || "${role}" == opening ]]; then
    log_error "it was started in place less than ${CRASH_LOOP_SECONDS} s ago, and crashes again: started once more in ${CRASH_PAUSE_SECONDS} s"
    pause "${CRASH_PAUSE_SECONDS}"
    return 0
  fi
  log_warn "it was started in place less than ${CRASH_LOOP_SECONDS} s ago: the container ends"
  return 1
}

# The heartbeat stays, and is not written any more: with it a primary may open in place.
start_in_place() {
  log_info "PostgreSQL ends like that when one of its processes crashes, and says above which. The role is decided again, and PostgreSQL started in place"
  postmaster_pid='' postmaster_is_child=''
  await_beat
  keep_closed
  start_in_role
}
