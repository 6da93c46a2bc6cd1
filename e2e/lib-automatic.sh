# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What the cases of automatic failover share: the image with Patroni, and the folder of a specification that has it. Sourced by
# those cases.

image=docker.io/library/postgresql-patroni:17

# Builds image/Dockerfile of a folder and loads it into the cluster; BUILD_IMAGE is a program that does both, called as
# BUILD_IMAGE build NAME CONTEXT. Usage: build_image FOLDER
build_image() {
  local builder=${BUILD_IMAGE:-${root}/../shared/cluster/image}
  if [[ ! -x "${builder}" ]]; then
    printf 'BUILD_IMAGE is not set: the cluster is expected to have the image %s\n' "${image}"
  elif ! "${builder}" list 2>/dev/null | grep -qxF "${image}"; then
    timeout 600 "${builder}" build "${image}" "$1/image"
  fi
}

# Usage: synthesize SPECIFICATION; into ${scratch}/SPECIFICATION
synthesize() { "${root}/pgha" synth --config "${root}/e2e/specs/$1.yaml" --out "${scratch}/$1"; }

patronictl() { k exec "${primary}" -c postgresql -- patronictl "$@"; }

# The Services follow the roles: one address each, the right one. Usage: services_follow
services_follow() {
  local leader
  leader=$(primary_pod)
  is "$(address "${leader}")" endpoints postgresql-primary && is "$(address "$(other_pod "${leader}")")" endpoints postgresql-standby
}
address() { k get pod "$1" -o 'jsonpath={.status.podIP}{"\n"}'; }
endpoints() { k get endpointslices -l "kubernetes.io/service-name=$1" -o 'jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.addresses[0]}{end}'; }
power() { "${root}/../shared/cluster/node" "$1" "${2#node-}"; }
node_of() { k get pod "$1" -o 'jsonpath={.spec.nodeName}'; }
in_pod() { k exec "$1" -c postgresql -- bash -c "$2"; }
lose_primary() { in_pod "$1" 'kill -KILL -1' >/dev/null 2>&1 || true; }

# Drops packets of a pod: to another address, or to all. Usage: cut FROM TO…
cut_off() {
  local from=$1 to
  shift
  nft add table ip e2e_cut
  nft add chain ip e2e_cut f '{ type filter hook forward priority 5; }'
  nft add chain ip e2e_cut i '{ type filter hook input priority 5; }'
  for to in "$@"; do
    nft add rule ip e2e_cut f ip saddr "${from}" ip daddr "${to}" drop
    nft add rule ip e2e_cut f ip saddr "${to}" ip daddr "${from}" drop
    nft add rule ip e2e_cut i ip saddr "${from}" ip daddr "${to}" drop
  done
}
heal() { nft delete table ip e2e_cut 2>/dev/null || true; }
api_addresses() { kubectl get endpoints kubernetes -n default -o 'jsonpath={.subsets[*].addresses[*].ip}' 2>/dev/null; }
