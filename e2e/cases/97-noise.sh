# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# long: noise around promotions in manual mode, with a writer at each member: scaled to 0 and 1, killed, cut off, frozen
#
# Environment: NOISE_ROUNDS (40) of each kind; NOISE_KINDS ("scale kill partition freeze"); NOISE_SEED (printed, to be given again);
# NOISE_FIRST (1) the number of the first round; NOISE_NOTES a folder that keeps the table, and notes and logs of bad rounds
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-noise.sh"
source "${root}/e2e/lib-noise-rounds.sh"

seed=${NOISE_SEED:-$((EPOCHSECONDS % 100000))}
if ! command -v nft >/dev/null || [[ -z "$(processes_of "${primary}")" ]]; then
  printf 'left out: it needs nft, and nodes that are this machine\n'
else
  printf 'NOISE_SEED=%s\n' "${seed}"
  trap end_noise EXIT
  trap "exit 143" TERM INT
  check "both members are there, and the writers" begin_noise
  print_columns
  for kind in ${NOISE_KINDS:-scale kill partition freeze}; do
    for ((round = ${NOISE_FIRST:-1}; round < ${NOISE_FIRST:-1} + ${NOISE_ROUNDS:-40}; round++)); do
      noise_round "${kind}" "${round}"
    done
    report_kind "${kind}"
  done
  check "no row of any round is missing in the end, but those that were reported" test "$(in_client missing)" -le "$(($(reported_rows) - reported_at_first))"
fi
