# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts beside it; statuses of the questions are their answers)
# What the procedures on a running installation share: options, the members' roles, steps with their time. Sourced after
# lib/kubectl.sh, never run.

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

# The number in --accept-data-loss=N.
bytes_of() {
  [[ "${1#*=}" =~ ^(0|[1-9][0-9]*)$ ]] || die 64 "--accept-data-loss: bytes of WAL, a whole number, got '${1#*=}'; without the option a refusal names them"
  printf '%s\n' "${1#*=}"
}

# Refuses to lose more than a person has named. Usage: allow_loss MEMBER MISSING_BYTES
allow_loss() {
  (($2 <= accept_loss)) || die 1 "$1 lacks $2 bytes of WAL that the lost member had: bring that one back, or lose them with --accept-data-loss=$2"
  say "  $1 lacks $2 bytes of what was seen of the lost member"
}

# A program in a member's container. Usage: in_member STATEFULSET COMMAND…
in_member() { k exec "$1-0" -c "${CONTAINER}" --request-timeout=10s -- "${@:2}"; }

# What a member is: the supervisor's word, or silent. Usage: role_of STATEFULSET
role_of() {
  timeout 10 kubectl ${context:+--context "${context}"} --namespace "${NAMESPACE}" exec "$1-0" -c "${CONTAINER}" -- cat /tmp/instance.role 2>/dev/null || printf 'silent\n'
}

# Usage: sql_of STATEFULSET QUERY
sql_of() { in_member "$1" psql -XAtqw -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$2"; }

other_than() { [[ "$1" == "${PRIMARY}" ]] && printf '%s\n' "${STANDBY}" || printf '%s\n' "${PRIMARY}"; }

pod_is_gone() { ! exists pod "$1-0"; }

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

# The first member with a role; nothing where none has it. Usage: member_with_role ROLE
member_with_role() {
  local member
  for member in ${MEMBERS//:/ }; do
    if has_role "${member}" "$1"; then
      printf '%s\n' "${member}"
      return
    fi
  done
}

has_role() { [[ "$(role_of "$1")" == "$2" ]]; }

# Asks a standby to open read-write, and waits until it has. Usage: promote STATEFULSET
promote() {
  in_member "$1" touch /tmp/promote_trigger && wait_until "${timeout}" has_role "$1" primary
}

# Patroni names members after their pods.
streams_from() { [[ "$(sql_of "$1" "SELECT count(*) FROM pg_stat_replication WHERE application_name IN ('$2', '$2-0') AND state = 'streaming'" 2>/dev/null)" == 1 ]]; }

# Usage: joins PRIMARY STANDBY
joins() { wait_until "${timeout}" joined "$1" "$2"; }
joined() { streams_from "$1" "$2" && has_role "$2" standby; }

lsn_number() { printf '%s\n' "$(((16#${1%/*} << 32) + 16#${1#*/}))"; }
