# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts beside it; statuses of the questions are their answers)
# What the procedures on a running installation share: options, steps with their time, and the libraries below. Sourced, never run.

source "${folder}/lib/kubectl.sh"
source "${folder}/lib/members.sh"

# Options of every procedure; what it does not know goes to option(). Usage: parse_procedure FILE ARGUMENTS…
parse_procedure() {
  local file=$1
  shift
  context='' timeout=120 yes=''
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --yes) yes=yes ;;
    --help | -h)
      help "${file}"
      exit 0
      ;;
    *) option "$1" || die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
  [[ -n "${STANDBY:-}" ]] || die 64 "this installation has no standby"
}

# The other one of two members. Usage: other_than STATEFULSET
other_than() { [[ "$1" == "${PRIMARY}" ]] && printf '%s\n' "${STANDBY}" || printf '%s\n' "${PRIMARY}"; }

# An error is no proof. Usage: pod_is_gone STATEFULSET
pod_is_gone() {
  local pod
  pod=$(k get pod "$1-0" --ignore-not-found -o name 2>/dev/null) && [[ -z "${pod}" ]]
}

# Usage: scale_to STATEFULSET REPLICAS
scale_to() { k scale statefulset "$1" --replicas="$2" >/dev/null; }

replicas_of() { field statefulset "$1" '{.spec.replicas}'; }

# Shows the plan and asks, unless --yes was given. Usage: confirm PLAN_LINE…
confirm() {
  local answer line number=0
  say "plan"
  for line in "$@"; do say "  $((++number)). ${line}"; done
  [[ -z "${yes}" ]] || return 0
  [[ -t 0 ]] || die 64 "there is no terminal to ask on; --yes goes ahead"
  read -rp "go ahead? (yes/no) " answer
  [[ "${answer}" == yes ]] || die 1 "nothing was done"
}

milliseconds() { printf '%s\n' "$((${EPOCHREALTIME/[^0-9]/} / 1000))"; }

# Does one step and says how long it took. Usage: step DESCRIPTION COMMAND…
step() {
  local began ended
  began=$(milliseconds)
  "${@:2}" || die 1 "$1: failed; the state is as replication-status.sh shows it, and running this again goes on from there"
  ended=$(milliseconds)
  printf '  %6d.%01d s  %s\n' "$(((ended - began) / 1000))" "$(((ended - began) % 1000 / 100))" "$1"
}

# Usage: wait_until SECONDS COMMAND…
wait_until() {
  local deadline=$((SECONDS + $1))
  until "${@:2}"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# Asks a standby to open read-write, and waits until it has. Usage: promote STATEFULSET [down], where the other is known to be down
promote() {
  local request=(touch /tmp/promote_trigger)
  [[ -z "${2:-}" ]] || request=(bash -c "printf $2 >/tmp/promote_trigger")
  in_member "$1" "${request[@]}" && wait_until "${timeout}" has_role "$1" primary
}
