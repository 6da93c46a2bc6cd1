# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What the cases of automatic failover share: the image with Patroni, and the folder of a specification that has it. Sourced by
# those cases.

image=docker.io/library/postgresql-patroni:${major:?}-4.1.5

# Builds image/Dockerfile of a folder and loads it into the cluster. Where pip has certificates of its own here, a proxy opens
# TLS. Usage: build_image FOLDER
build_image() {
  local context="${scratch}/image-${major}" built
  rm -rf -- "${context}" && cp -R -- "$1/image" "${context}" && sed -i "s/^ARG POSTGRES=.*/ARG POSTGRES=${major}/" "${context}/Dockerfile" || return 1
  if [[ ! -x "${image_builder}" ]]; then
    printf 'BUILD_IMAGE is not set: the cluster is expected to have the image %s\n' "${image}"
    return
  fi
  # One more name, of what it is built from: an image of another state is another one.
  built="${image%:*}:${major}-$(cat -- "${context}"/* | sha256sum | cut -c 1-16)"
  if ! "${image_builder}" list 2>/dev/null | grep -qxF "${built}"; then
    if [[ -n "${PIP_CERT:-}" ]]; then cp -- "${PIP_CERT}" "${context}/pip.crt" || return; fi
    timeout 600 "${image_builder}" build "${built}" "${context}" || return
  fi
  "${image_builder}" tag "${built}" "${image}"
}

# Usage: synthesize SPECIFICATION; into ${scratch}/SPECIFICATION
synthesize() {
  local file
  file=$(specification "${root}/e2e/specs/$1.yaml") && "${root}/pgha" synth --config "${file}" --out "${scratch}/$1"
}

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

# With three members.
leader_pod() { k get pods -l postgresqlha.github.io/role=primary -o 'jsonpath={.items[0].metadata.name}'; }
all_stream() { is 2 sql "$(primary_pod)" "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'postgresql-%'"; }
# Usage: end_three_members; the case has the folder of before in manual
end_three_members() {
  [[ "$(leader_pod)" == "${primary}" ]] || check "the roles are back" eventually 30 "${dist}/switchover.sh" --yes --candidate=postgresql-primary
  dist=${manual:?}
  check "./change-failover.sh --yes: back to manual with one standby" "${dist}/change-failover.sh" --yes
  k delete statefulset postgresql-standby-2 >/dev/null
  k delete pvc data-postgresql-standby-2 wal-postgresql-standby-2 --wait=false >/dev/null
  check "both are healthy" eventually 60 healthy "${primary}"
  k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
}

# From manual to automatic failover, whose folder is the one that is tried from here on.
become_automatic() {
  synthesize automatic
  build_image "${scratch}/automatic"
  dist="${scratch}/automatic"
  check "change-failover.sh to automatic" "${dist}/change-failover.sh" --yes
  check "both serve" eventually 60 settled
}
