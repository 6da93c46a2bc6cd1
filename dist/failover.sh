#!/usr/bin/env bash
# Unplanned: the primary is gone, the standby takes over. The lost member is kept from coming back until that is done, and then
# joins as a standby. Killed between any two steps, it goes on when it is run again.
#
# Usage: failover.sh [OPTIONS]
#   --yes                 do not ask
#   --accept-data-loss=N  go ahead although the standby is known to lack up to N bytes of WAL that the primary had
#   --node-is-off         go ahead although the lost member's node does not answer: you know that it is switched off
#   --namespace N         instead of the namespace in the manifests
#   --context C           instead of kubectl's current context
#   --timeout S           seconds that a step may take (120)
#   --help
# Exit status: 0 done, 1 failed or refused, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/procedure.sh"

accept_loss=0 node_is_off=''

option() {
  case $1 in
  --accept-data-loss=*) accept_loss=$(bytes_of "$1") || exit 64 ;;
  --node-is-off) node_is_off=yes ;;
  *) return 1 ;;
  esac
}

# Bytes of WAL that the lost member was seen to have and the standby has not. What it wrote after the last look, a second or
# two before it was lost, nobody can know.
missing_bytes() {
  sql_of "$1" "WITH notes AS (SELECT split_part(line, '=', 1) AS key, split_part(line, '=', 2) AS value FROM regexp_split_to_table(postgresql_ha.instance_state(), '\n') AS line)
    SELECT greatest(0, coalesce(pg_wal_lsn_diff(nullif((SELECT value FROM notes WHERE key = 'peer_lsn'), '')::pg_lsn, pg_last_wal_receive_lsn()), 0))::bigint"
}

require_no_loss() {
  local missing
  missing=$(missing_bytes "$1")
  allow_loss "$1" "${missing}"
}

# A pod on a node that does not answer may still run. Usage: require_node LOST
require_node() {
  local node
  node=$(field pod "$1-0" '{.spec.nodeName}')
  [[ -n "${node}" ]] || return 0
  [[ "$(kubectl --context "${context}" get node "${node}" --ignore-not-found -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" != True ]] || return 0
  [[ -n "${node_is_off}" ]] || die 1 "node ${node} of $1 does not answer: its PostgreSQL may still accept writes. Switch it off, then --node-is-off"
}

scale_to() { k scale statefulset "$1" --replicas="$2" >/dev/null; }

keep_away() {
  scale_to "$1" 0
  [[ -n "${node_is_off}" ]] || wait_until "${timeout}" pod_is_gone "$1"
}

# Usage: take_back LOST NEW
take_back() {
  step "start $1" scale_to "$1" 1
  if [[ -n "${node_is_off}" ]]; then
    say "$2 is primary; $1 joins as its standby when its node is back"
    return
  fi
  step "$1 streams from $2" joins "$2" "$1"
  say "$2 is primary, $1 is its standby"
}

main() {
  local new='' lost member
  read_names "${folder}"
  parse_procedure "${BASH_SOURCE[0]}" "$@"
  require_cluster
  for member in "${PRIMARY}" "${STANDBY}"; do
    lost=$(other_than "${member}")
    case "$(role_of "${member}") $(role_of "${lost}")" in
    primary\ *)
      [[ "$(replicas_of "${lost}")" == 0 ]] || die 1 "${member} is primary and accepts writes: nothing is to be failed over. Planned: ./switchover.sh"
      say "${member} is primary, ${lost} is kept away: going on with an earlier failover"
      confirm "start ${lost} as a standby"
      take_back "${lost}" "${member}"
      return
      ;;
    standby\ silent | undecided\ silent | standby\ maintenance) new=${member} ;;
    *) ;;
    esac
  done
  [[ -n "${new}" ]] || die 1 "${PRIMARY} is $(role_of "${PRIMARY}"), ${STANDBY} is $(role_of "${STANDBY}"): no standby waits for a lost primary; two members that see each other settle it by themselves"
  lost=$(other_than "${new}")
  require_node "${lost}"
  require_no_loss "${new}"
  confirm "keep ${lost} away (scale to 0), so that it cannot come back meanwhile" "promote ${new}" "start ${lost} as a standby"
  step "keep ${lost} away" keep_away "${lost}"
  step "promote ${new}" promote "${new}"
  take_back "${lost}" "${new}"
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
