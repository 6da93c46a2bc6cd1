# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What the cases of automatic failover share: the image with Patroni, and the folder of a specification that has it. Sourced by
# those cases.

image=docker.io/library/postgresql-patroni:17-4.1.5

# Builds image/Dockerfile of a folder and loads it into the cluster; BUILD_IMAGE is a program that does both, called as
# BUILD_IMAGE build NAME CONTEXT. Where pip has certificates of its own here, a proxy opens TLS. Usage: build_image FOLDER
build_image() {
  local builder=${BUILD_IMAGE:-${root}/../shared/cluster/image}
  if [[ ! -x "${builder}" ]]; then
    printf 'BUILD_IMAGE is not set: the cluster is expected to have the image %s\n' "${image}"
  elif ! "${builder}" list 2>/dev/null | grep -qxF "${image}"; then
    rm -rf -- "${scratch}/image" && cp -R -- "$1/image" "${scratch}/image" || return
    if [[ -n "${PIP_CERT:-}" ]]; then cp -- "${PIP_CERT}" "${scratch}/image/pip.crt" || return; fi
    timeout 600 "${builder}" build "${image}" "${scratch}/image"
  fi
}

# Usage: synthesize SPECIFICATION; into ${scratch}/SPECIFICATION
synthesize() { "${root}/pgha" synth --config "${root}/e2e/specs/$1.yaml" --out "${scratch}/$1"; }

# The Patroni in the image is the pinned one. Usage: runs_pinned_patroni FOLDER
runs_pinned_patroni() {
  local pinned
  pinned=$(sed -n 's/^patroni==\([0-9.]*\) .*/\1/p' "$1/image/requirements.txt")
  is "patroni ${pinned}" k exec "${primary}" -c postgresql -- patroni --version
}

patronictl() { k exec "${primary}" -c postgresql -- patronictl "$@"; }

# The Services follow the roles: one address each, the right one. Usage: services_follow
services_follow() {
  local leader
  leader=$(primary_pod)
  is "$(address "${leader}")" endpoints postgresql-primary && is "$(address "$(other_pod "${leader}")")" endpoints postgresql-standby
}
endpoints() { k get endpointslices -l "kubernetes.io/service-name=$1" -o 'jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.addresses[0]}{end}'; }
