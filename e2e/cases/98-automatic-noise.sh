# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# long: noise in automatic mode, with a writer at each member: a Patroni that hangs, frozen, starved, its log full; an API that refuses, is slow, is there half of the time
#
# Environment: NOISE_ROUNDS (20) of each kind; NOISE_KINDS ("hang stop starve log forbidden slow half"); NOISE_SEED, NOISE_FIRST and
# NOISE_NOTES as in 97-noise.sh
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-noise.sh"
source "${root}/e2e/lib-noise-rounds.sh"
source "${root}/e2e/lib-hang.sh"
source "${root}/e2e/lib-noise-automatic.sh"

: "${NOISE_ROUNDS:=20}"
seed=${NOISE_SEED:-$((EPOCHSECONDS % 100000))}
manual=${dist}
if ! command -v nft >/dev/null || ! command -v tc >/dev/null || [[ -z "$(processes_of "${primary}")" ]]; then
  printf 'left out: it needs nft, tc, and nodes that are this machine\n'
else
  synthesize automatic
  build_image "${scratch}/automatic"
  dist="${scratch}/automatic"
  check "change-failover.sh to automatic" "${dist}/change-failover.sh" --yes
  check "both serve" eventually 60 settled
  printf 'NOISE_SEED=%s\n' "${seed}"
  trap end_noise EXIT
  trap "exit 143" TERM INT
  check "both members are there, and the writers" begin_noise
  print_columns
  for kind in ${NOISE_KINDS:-hang stop starve log forbidden slow half}; do
    for ((round = ${NOISE_FIRST:-1}; round < ${NOISE_FIRST:-1} + NOISE_ROUNDS; round++)); do
      before=${current}
      noise_round "${kind}" "${round}"
      [[ "${current}" == "${before}" ]] || printf '%s\n' "${kind}" >>"${scratch}/moved"
    done
    report_kind "${kind}"
    printf '       %s: the primary was another one after %s rounds\n' "${kind}" "$(grep -cx "${kind}" "${scratch}/moved" 2>/dev/null || true)"
  done
  check "no row of any round is missing in the end, but those that were reported" test "$(in_client missing)" -le "$(($(reported_rows) - reported_at_first))"
  end_noise
  trap - EXIT
  roles_back
  dist=${manual}
  check "back to manual" "${dist}/change-failover.sh" --yes
  check "both are healthy" eventually 60 healthy "${primary}"
fi
