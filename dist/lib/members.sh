# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (names from NAME.env, roles[] of the programs; statuses of the questions are their answers)
# What the members are now: by their supervisors' word, never by their names. Sourced after lib/kubectl.sh, never run.

# shellcheck source=/dev/null # beside this folder in dist/ only
source "${folder}/scripts/lib/facts.sh"

# A program in a member's container. Usage: in_member STATEFULSET COMMAND…
in_member() { k exec "$1-0" -c "${CONTAINER}" --request-timeout=10s -- "${@:2}"; }

# Usage: sql_of STATEFULSET QUERY
sql_of() { in_member "$1" psql -XAtqw -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$2"; }

# What a member is, in one word: its supervisor's, or
#   silent   its pod is there, and the container does not answer
#   gone     Kubernetes has no pod of it
#   unknown  kubectl could not tell, with the reason behind it. This is never taken for one of the others.
# Usage: role_of STATEFULSET
role_of() {
  local said status=0 word
  said=$(timeout 10 kubectl ${context:+--context "${context}"} --namespace "${NAMESPACE}" exec "$1-0" -c "${CONTAINER}" -- cat /tmp/instance.role 2>&1) || status=$?
  if ((status != 0)); then
    why_silent "$1" "${said}"
    return
  fi
  while IFS= read -r word; do
    if is_fact "${fact_word}" "${word}"; then
      printf '%s\n' "${word}"
      return
    fi
  done <<<"${said}"
  printf 'unknown its supervisor says no role\n'
}

# An exec that failed tells of the container only when the API server let it through. Usage: why_silent STATEFULSET WHAT_KUBECTL_SAID
why_silent() {
  local pod
  if is_refusal "$2"; then
    printf 'unknown %s\n' "$(last_line "$2")"
  elif ! pod=$(k get pod "$1-0" --ignore-not-found --request-timeout=10s -o name 2>&1); then
    printf 'unknown %s\n' "$(last_line "${pod}")"
  elif [[ "${pod}" == *pod/* ]]; then
    # The container runs, but its supervisor has not begun.
    if [[ "$2" == *'command terminated with exit code'* ]]; then printf 'starting\n'; else printf 'silent\n'; fi
  elif pod=$(k get statefulset "$1" --request-timeout=10s -o name 2>&1); then
    printf 'gone\n'
  else
    printf 'unknown %s\n' "$(last_line "${pod}")"
  fi
}

# Whether a member's pod is older than what its StatefulSet has now. Usage: is_outdated STATEFULSET
is_outdated() {
  local revision
  revision=$(field pod "$1-0" '{.metadata.labels.controller-revision-hash}')
  [[ -n "${revision}" && "${revision}" != "$(field statefulset "$1" '{.status.updateRevision}')" ]]
}

# Deletes the pod that was looked at, and never one that has taken its name meanwhile. Usage: delete_seen_pod POD UID
delete_seen_pod() {
  is_fact "${fact_nonce}" "$2" || return 1
  printf '{"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": "%s"}}' "$2" |
    k delete --raw "/api/v1/namespaces/${NAMESPACE}/pods/$1" -f - >/dev/null 2>&1
}

# What the API server or kubectl itself refused, or a connection that was not made. Usage: is_refusal TEXT
is_refusal() {
  case $1 in
  *[Ff]orbidden* | *[Uu]nauthorized* | *'denied the request'* | *'logged in to the server'* | *'getting credentials'*) return 0 ;;
  *'Unable to connect to the server'* | *'connection to the server'* | *'asked for the client to provide credentials'*) return 0 ;;
  *'does not exist'* | *'bad handshake'* | *'Upgrade request required'*) return 0 ;;
  *) return 1 ;;
  esac
}

# For a message: one line, not too long. Usage: last_line TEXT
last_line() {
  local line=${1##*$'\n'}
  printf '%s\n' "${line:0:300}"
}

has_role() { [[ "$(role_of "$1")" == "$2" ]]; }

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

# Fills roles[] for every member. A procedure that cannot see one of them knows nothing, and ends here. Usage: look_at_members
look_at_members() {
  local member
  declare -gA roles=()
  for member in ${MEMBERS//:/ }; do
    roles[${member}]=$(role_of "${member}")
    [[ "${roles[${member}]}" != unknown* ]] || die "$(status_of_unknown "${roles[${member}]}")" "cannot tell what ${member} is: ${roles[${member}]#unknown }. Nothing was done; a procedure needs to read pods and statefulsets, and to exec into pods"
  done
}

status_of_unknown() {
  case $1 in
  *'Unable to connect'* | *'connection to the server'*) printf '2\n' ;;
  *) printf '1\n' ;;
  esac
}

# "A is primary, B is standby". Usage: all_roles
all_roles() {
  local member text=''
  for member in ${MEMBERS//:/ }; do text+="${text:+, }${member} is ${roles[${member}]}"; done
  printf '%s\n' "${text}"
}

# By roles[], as look_at_members saw it; nothing where none is. Usage: seen_as ROLE
seen_as() {
  local member
  for member in ${MEMBERS//:/ }; do
    if [[ "${roles[${member}]}" == "$1" ]]; then
      printf '%s\n' "${member}"
      return
    fi
  done
}

# Usage: require_member OPTION MEMBER
require_member() {
  [[ ":${MEMBERS}:" == *":$2:"* && "$2" != *:* && -n "$2" ]] || die 64 "$1: '$2' is not a member; there are ${MEMBERS//:/ }"
}

# Usage: may_be_primary MEMBER
may_be_primary() { [[ ":${NEVER_PRIMARY:-}:" != *":$1:"* ]]; }

# Patroni names members after their pods.
streams_from() { [[ "$(sql_of "$1" "SELECT count(*) FROM pg_stat_replication WHERE application_name IN ('$2', '$2-0') AND state = 'streaming'" 2>/dev/null)" == 1 ]]; }

# Usage: joins PRIMARY STANDBY
joins() { wait_until "${timeout}" joined "$1" "$2"; }
joined() { streams_from "$1" "$2" && has_role "$2" standby; }

# An LSN as a number of bytes; it matched its pattern before. Usage: lsn_bytes 16/B374D848
lsn_bytes() { printf '%s\n' "$(((16#${1%/*} << 32) + 16#${1#*/}))"; }
