# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a partition between the members, a promotion during it, healing: what the older primary acknowledged meanwhile is reported exactly
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"

cut_members() { cut_off "$(address "${primary}")" "$(address "${standby}")"; }

# The committed transactions that the former primary reports as lost.
reported() { k exec "${primary}" -- bash -c 'cat /var/lib/postgresql/wal/abandoned-*/README' | sed -n 's/.*: \([0-9]*\) committed transactions.*/\1/p' | tail -n 1; }

if [[ ! -x "${root}/../shared/cluster/node" ]] || ! command -v nft >/dev/null; then
  printf 'left out: it needs the test cluster and nft\n'
else
  trap heal EXIT
  k exec "${primary}" -- bash -c 'rm -rf /var/lib/postgresql/wal/abandoned-*'
  start_counting
  check "the members are cut from each other" cut_members
  sleep 25
  check "the primary goes on alone" writes_go_on
  k exec "${standby}" -- touch /tmp/promote_trigger
  sleep 5
  check "silence is no proof: the standby waits" is t in_recovery "${standby}"
  k exec "${standby}" -- bash -c 'printf down >/tmp/promote_trigger'
  check "the standby is promoted, as a person says that the primary is down" eventually 20 is f in_recovery "${standby}"
  sleep 3
  heal
  check "the older primary stops itself and comes back as a standby" eventually 60 healthy "${standby}"
  check "writes go on" eventually 30 writes_go_on
  missing=$(missing_rows)
  found=$(reported)
  printf '       %s rows acknowledged, %s missing, %s reported as abandoned\n' "$(acknowledged | wc -l)" "${missing}" "${found}"
  check "every missing row was reported" test "${missing}" -gt 0 -a "${missing}" -le "${found:-0}"
  check "back by a switchover" eventually 60 "${dist}/switchover.sh" --yes
  check "the roles are back" eventually 30 healthy "${primary}"

  # Without a promotion a partition costs nothing but the standby's lag.
  start_counting
  cut_members
  sleep 25
  heal
  holds_after "a partition of 25 s without a promotion" 60
fi
