# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# A change of every StatefulSet at once, as GitOps tools apply it: each pod template gets another annotation. Sourced by the cases of
# rolls.

# Usage: apply_to_all; both StatefulSets by one kubectl apply -k
apply_to_all() {
  local file changed="${scratch}/rolled"
  rm -rf -- "${changed}"
  cp -r -- "${dist}" "${changed}"
  for file in "${changed}"/*-{primary,standby}.yaml; do sed -i "s/\(restart-checksum: \).*/\1rolled-${EPOCHREALTIME/[^0-9]/}/" "${file}"; done
  kubectl apply -k "${changed}" >/dev/null 2>&1
}

uids() { k get pods "${primary}" "${standby}" -o 'jsonpath={.items[*].metadata.uid}' 2>/dev/null; }

# Usage: both_replaced UIDS_BEFORE
both_replaced() {
  local before after
  read -ra before <<<"$1"
  read -ra after < <(uids)
  ((${#after[@]} == 2)) && [[ "${after[0]}" != "${before[0]}" && "${after[1]}" != "${before[1]}" ]]
}

# Rolls under writers, ROLL_ROUNDS of them (1): no row lost in any, and the median time without writes within its limit.
# Usage: rolls DESCRIPTION MILLISECONDS_WITHOUT_WRITES
rolls() {
  local round gaps=() median
  for ((round = 1; round <= ${ROLL_ROUNDS:-1}; round++)); do
    roll_once "$1"
    gaps+=("${gap}")
  done
  median=$(printf '%s\n' "${gaps[@]}" | sort -n | awk '{ at[NR] = $1 } END { print at[int((NR + 1) / 2)] }')
  check "$1: at most $2 ms without writes in the median, there were ${gaps[*]}" test "${median}" -le "$2"
}

# Sets gap. Where roll_from names a member it is made primary first. Usage: roll_once DESCRIPTION
roll_once() {
  local before
  if [[ -n "${roll_from:-}" && "$(primary_pod)" != "${roll_from}" ]]; then check "$1: by a switchover" "${dist}/switchover.sh" --yes; fi
  start_counting
  before=$(uids)
  sleep 2
  check "$1: applied to all at once" apply_to_all
  check "$1: both pods are replaced" eventually 180 both_replaced "${before}"
  eventually 60 settled || true
  gap=$(longest_gap)
  holds_after "$1" 60
}
