#!/usr/bin/env bash
# What the writers of e2e/client-noise.sh noted; runs in their pod.
#
# Usage: count-noise.sh feed | begin ROUND | await SECONDS | count ROUND NEWEST HEALED_AT | missing
#   feed     reads "POD ADDRESS" lines from standard input: where the members are
#   begin    from now on rows belong to this round; 0 is between rounds
#   await    waits until one member is primary and the other has its newest rows, for three seconds without a break; prints the
#            primary and when that began, or nothing
#   count    of a round: rows acknowledged, rows missing, overlapping rows, those among them that were sent after the first row on
#            the newer timeline, those that were acknowledged after HEALED_AT, the last of them in milliseconds after it, the
#            longest time without a row in milliseconds, the newest timeline. An overlapping row was acknowledged on an older
#            timeline after a row on a newer one; NEWEST is the newest before this round.
#   missing  rows of all rounds that are missing
# Environment: as e2e/client-noise.sh
# Exit status: 0 done, 1 not within SECONDS, or no primary to ask, 64 bad usage
# shellcheck disable=SC2154,SC2312 # the environment; notes that are not there are no rows
set -Eeuo pipefail
unset PGHOST PGTARGETSESSIONATTRS
export PGSSLMODE=verify-ca # the certificate holds no address

# A session with an address that is no longer the member's may never end by itself.
feed() {
  local pod address
  while read -r pod address; do
    [[ " ${MEMBERS} " == *" ${pod} "* && "$(<"${NOTES}/address.${pod}")" != "${address}" ]] || continue
    printf '%s\n' "${address}" >"${NOTES}/address.${pod}"
    kill "$(<"${NOTES}/session.${pod}")" 2>/dev/null || true
  done
}

# The one primary, where the other member has rows that are three seconds old at most. Usage: healed_primary
healed_primary() {
  local pod state at now=${EPOCHREALTIME/[^0-9]/} primaries=() standbys=0
  for pod in ${MEMBERS}; do
    read -r state at <"${NOTES}/state.${pod}" || return 0
    ((now - at < 3000000)) || return 0
    if [[ "${state}" == primary ]]; then primaries+=("${pod}"); else standbys=$((standbys + 1)); fi
  done
  if ((${#primaries[@]} == 1 && standbys == 1)); then printf '%s\n' "${primaries[0]}"; fi
}

await() {
  local deadline=$((SECONDS + $1)) found last='' since=0
  while ((SECONDS < deadline + 3)); do
    found=$(healed_primary)
    if [[ -z "${found}" || "${found}" != "${last}" ]]; then
      since=${EPOCHREALTIME/[^0-9]/}
    elif ((${EPOCHREALTIME/[^0-9]/} - since >= 3000000)); then
      printf '%s %s\n' "${found}" "${since}"
      return
    fi
    last=${found}
    sleep 0.2
  done
  return 1
}

# Usage: acknowledged ROUND|'*'
acknowledged() { compgen -G "${NOTES}/acknowledged.$1.*" | xargs -r cat -- | sort -n -T "${NOTES}"; }

# A state that is just being written is no state, so it is looked at again.
primary_address() {
  local pod state attempt
  for ((attempt = 0; attempt < 50; attempt++)); do
    for pod in ${MEMBERS}; do
      read -r state _ <"${NOTES}/state.${pod}" || continue
      if [[ "${state}" == primary ]]; then cat -- "${NOTES}/address.${pod}" && return; fi
    done
    sleep 0.1
  done
  return 1
}

# Usage: missing ROUND
missing() {
  local address
  address=$(primary_address)
  {
    printf 'CREATE TEMP TABLE acknowledged (writer text, row bigint);\nCOPY acknowledged FROM STDIN;\n'
    acknowledged "$1" | awk -v OFS='\t' '{ print $3, $4 }'
    printf '\\.\nSELECT count(*) FROM acknowledged LEFT JOIN noise USING (writer, row) WHERE noise.row IS NULL;\n'
  } | PGHOST=${address} psql -XAtqw -v ON_ERROR_STOP=1
}

# Timelines have leading zeros, so that they compare as text. Usage: figures NEWEST HEALED_AT MISSING <ROWS
figures() {
  awk -v newest="$1" -v healed="$2" -v missing="$3" 'NR > 1 && $1 - last > gap { gap = $1 - last }
    { last = $1 }
    $2 "" > newest "" { newest = $2; began = $1 }
    $2 "" < newest "" { overlap++; if ($5 > began) later++; if ($1 > healed) { after++; end = $1 - healed } }
    END { printf "%d %d %d %d %d %d %d %s\n", NR, missing, overlap, later, after, end / 1000, gap / 1000, newest }'
}

main() {
  local lost
  case ${1:-} in
  feed) feed ;;
  begin) printf '%s\n' "${2:?a round}" >"${NOTES}/round" ;;
  await) await "${2:?seconds}" ;;
  count)
    printf '0\n' >"${NOTES}/round"
    sleep 0.5
    # shellcheck disable=SC2310 # asked again
    lost=$(missing "${2:?a round}") || lost=$(sleep 3 && missing "$2")
    acknowledged "$2" | figures "${3:?a timeline}" "${4:?a time}" "${lost}"
    ;;
  missing) missing '*' ;;
  *)
    sed -n '2,/^# Exit/s/^# \{0,1\}//p' -- "${BASH_SOURCE[0]}" >&2
    exit 64
    ;;
  esac
}

main "$@"
