#!/usr/bin/env bash
# Copies the primary anew to the standby. The standby's old data is replaced only when the copy is complete.
#
# Usage: rebuild-standby.sh [OPTIONS]
#   --member=MEMBER     which, where there is more than one standby
#   --delete-volumes    also where its container does not run: deletes its volumes and makes new ones
#   --yes               do not ask
#   --namespace N       instead of the namespace in the manifests
#   --context C         instead of kubectl's current context
#   --timeout S         seconds that a step may take (120); copying much data takes longer
#   --help
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/procedure.sh"

delete_volumes='' target=''

option() {
  case $1 in
  --delete-volumes) delete_volumes=yes ;;
  --member=*) target=${1#*=} ;;
  *) return 1 ;;
  esac
}

# Done when another directory has taken the old one's place. A small copy is made in less time than its role is shown.
request_copy() {
  local before
  before=$(data_inode "$1") || return 1
  in_member "$1" touch /tmp/rebuild_request && wait_until "${timeout}" is_replaced "$1" "${before}"
}

data_inode() { in_member "$1" stat -c %i /var/lib/postgresql/data/pgdata 2>/dev/null; }

is_replaced() {
  local now
  now=$(data_inode "$1") && [[ "${now}" != "$2" ]]
}

new_volumes() {
  k scale statefulset "$1" --replicas=0 >/dev/null
  wait_until "${timeout}" pod_is_gone "$1" || return 1
  k delete pvc "data-$1" "wal-$1" --wait --timeout="${timeout}s" >/dev/null
  k apply -f "${folder}/${NAME}-storage.yaml" >/dev/null
  k scale statefulset "$1" --replicas=1 >/dev/null
}

main() {
  local from role
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  from=$(member_with_role primary)
  [[ -n "${from}" ]] || die 1 "no member is primary: there is nothing to copy from"
  [[ -n "${target}" || "${MEMBERS}" != *:*:* ]] || die 64 "--member=MEMBER: which of ${MEMBERS//:/ }?"
  target=${target:-$(other_than "${from}")}
  role=$(role_of "${target}")
  [[ "${role}" != primary ]] || die 1 "${target} is primary, too: split brain; stop one of them first"
  if [[ -n "${delete_volumes}" ]]; then
    confirm "stop ${target} and delete its volumes" "make new ones from ${NAME}-storage.yaml" "copy ${from}"
    step "new volumes" new_volumes "${target}"
  elif [[ "${role}" == silent ]]; then
    die 1 "the container of ${target} does not run; --delete-volumes starts from empty volumes"
  else
    confirm "copy ${from} to ${target} (which is ${role}); the old data goes when the copy is complete"
    step "copy ${from}" request_copy "${target}"
  fi
  step "${target} streams from ${from}" joins "${from}" "${target}"
  say "${target} is rebuilt"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
