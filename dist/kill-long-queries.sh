#!/usr/bin/env bash
# Cancels statements of clients that run for too long, or ends sessions that hold a transaction open. Shows first whom it would
# hit, and who waits for them. The product's own sessions, superusers and replication are never among them, nor is a restore.
#
# Usage: kill-long-queries.sh [OPTIONS]
#   --older-than S   seconds since the statement began, or since the transaction went idle (300)
#   --idle           sessions that are idle in a transaction, instead of those that run a statement; they are ended
#   --role ROLE      only sessions of this role
#   --pid PID        only this session
#   --database DB    sessions of this database, instead of the application's
#   --member MEMBER  of this member, as of a standby whose reports hold replay back; else of the primary
#   --terminate      end the session instead of cancelling its statement
#   --dry-run        only show
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds to wait until they are gone (10)
#   --help
# Examples:
#   ./kill-long-queries.sh --dry-run                     what has run for more than five minutes
#   ./kill-long-queries.sh --role reporting --yes        cancel what this role runs
#   ./kill-long-queries.sh --idle --older-than 600       end sessions that hold a transaction and do nothing
# Exit status: 0 none was found, or all are gone, 1 some are still there or nothing was done, 2 the cluster does not answer, 64 bad
# usage or something is missing on this machine
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/sessions.sh"

# Usage: value OPTION VALUE PATTERN WHAT; what is given goes on only where it matches
value() { [[ "$2" =~ ^$3$ ]] || die 64 "$1: $4, got '$2'"; }

parse() {
  context='' timeout=10 yes='' dry_run='' age=300 idle='' role='' pid='' database=${DATABASE_NAME} member='' terminate=''
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --older-than | --role | --pid | --database | --member)
      take "$1" "${2:-}"
      shift
      ;;
    --*=*) take "${1%%=*}" "${1#*=}" ;;
    --idle) idle=yes ;;
    --terminate) terminate=yes ;;
    --dry-run) dry_run=yes ;;
    --yes) yes=yes ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
  [[ -z "${idle}" ]] || terminate=yes
}

# An option with a value. Usage: take OPTION VALUE
take() {
  case $1 in
  --older-than) value "$1" "$2" '(0|[1-9][0-9]{0,6})' 'seconds, a whole number' && age=$2 ;;
  --role) value "$1" "$2" '[A-Za-z_][A-Za-z0-9_$-]{0,62}' 'a name of a role' && role=$2 ;;
  --pid) value "$1" "$2" '[1-9][0-9]{0,9}' 'a process id, as the list shows it' && pid=$2 ;;
  --database) value "$1" "$2" '[A-Za-z_][A-Za-z0-9_$-]{0,62}' 'a name of a database' && database=$2 ;;
  --member) require_member "$1" "$2" && member=$2 ;;
  *) die 64 "$1: unknown option; --help shows the options" ;;
  esac
}

main() {
  local found
  read_names "${folder}"
  parse "$@"
  require_cluster
  choose_member
  found=$(list_sessions) || die 1 "the sessions of ${member} cannot be listed; does it serve? kubectl exec -n ${NAMESPACE} ${member}-0 -- /scripts/replication-status.sh"
  if [[ -z "${found}" ]]; then
    say "none: on ${member}, database ${database}, no $(if [[ -n "${idle}" ]]; then printf 'transaction has been idle'; else printf 'statement has run'; fi) for ${age} s${role:+ as ${role}}${pid:+ in process ${pid}}"
    return
  fi
  show_sessions "${found}"
  [[ -z "${dry_run}" ]] || return 0
  confirm "$(if [[ -n "${terminate}" ]]; then printf 'end these sessions'; else printf 'cancel these statements'; fi): the clients get an error, and their transactions roll back"
  hit_sessions "${found}"
  await_sessions "${found}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
