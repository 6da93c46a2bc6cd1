#!/usr/bin/env bash
# Copies the primary anew to the standby, whichever member that is. The standby's old data is replaced only when the copy is complete.
#
# Usage: rebuild-standby.sh [OPTIONS]
#   --member=MEMBER     which, where there is more than one standby
#   --delete-volumes    also where its container does not run: deletes its volumes and makes new ones
#   --replace-other-database   also where it holds another database than the primary: you have seen which of the two has your rows
#   --yes               do not ask
#   --namespace N       instead of the namespace in the manifests
#   --context C         instead of kubectl's current context
#   --timeout S         seconds that a step may take (120); copying much data takes longer
#   --help
# Examples:
#   ./rebuild-standby.sh                           shows the plan and asks
#   ./rebuild-standby.sh --yes --delete-volumes    its volumes are lost or hold something else
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/apply.sh"
source "${folder}/lib/holdings.sh"

delete_volumes='' replace_other='' holding='' target=''

option() {
  case $1 in
  --delete-volumes) delete_volumes=yes ;;
  --replace-other-database) replace_other=yes ;;
  --member=*)
    target=${1#*=}
    require_member --member "${target}"
    ;;
  *) return 1 ;;
  esac
}

# Done when another directory has taken the old one's place. A small copy is made in less time than its role is shown.
request_copy() {
  local before
  before=$(data_inode "$1") || return 1
  in_member "$1" touch /tmp/rebuild_request || return 1
  wait_until "${timeout}" is_replaced "$1" "${before}" && return
  say "no copy is in place at $1 after ${timeout} s. Its log says how far it is. Where it says one error all the time, as of data that cannot be read, --delete-volumes begins from empty volumes"
  return 1
}

data_inode() { in_member "$1" stat -c %i /var/lib/postgresql/data/pgdata 2>/dev/null; }

is_replaced() {
  local now
  now=$(data_inode "$1") && [[ "${now}" != "$2" ]]
}

# Killed at any point it begins again: what is gone already is not missed.
new_volumes() {
  scale_to "$1" 0
  wait_until "${timeout}" pod_is_gone "$1" || return 1
  # Where policies of admission ask for it; who may not annotate is told by the deletion.
  k annotate pvc "data-$1" "wal-$1" --overwrite postgresqlha.github.io/allow=delete >/dev/null 2>&1 || true
  k delete pvc "data-$1" "wal-$1" --ignore-not-found --wait --timeout="${timeout}s" >/dev/null || return 1
  render "${NAME}-storage.yaml" | k apply -f - >/dev/null || return 1
  scale_to "$1" 1
}

main() {
  local from role
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  look_at_members
  from=$(seen_as primary)
  [[ -n "${from}" ]] || die 1 "$(all_roles): there is no primary to copy from"
  [[ -n "${target}" || "${MEMBERS}" != *:*:* ]] || die 64 "--member=MEMBER: which of ${MEMBERS//:/ }?"
  target=${target:-$(other_than "${from}")}
  role=${roles[${target}]}
  [[ "${target}" != "${from}" ]] || die 1 "${target} is the primary; a standby is what can be rebuilt: ${MEMBERS//:/ }"
  [[ "${role}" != primary ]] || die 1 "${target} is primary, as ${from} is: split brain; stop one of them first"
  require_one_database "${from}" "${target}" "${replace_other}"
  if [[ -n "${delete_volumes}" ]]; then
    confirm "stop ${target} and delete its volumes of data and WAL: $(fate_of "${target}" deleted)" "make new ones from ${NAME}-storage.yaml" "copy ${from}"
    step "new volumes" new_volumes "${target}"
  elif [[ "${role}" == silent || "${role}" == gone ]]; then
    die 1 "the container of ${target} does not run; --delete-volumes starts from empty volumes"
  else
    confirm "copy ${from} to ${target} (which is ${role}); $(fate_of "${target}")"
    step "copy ${from}" request_copy "${target}"
  fi
  step "${target} streams from ${from}" joins "${from}" "${target}"
  say "${target} is rebuilt"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
