#!/usr/bin/env bash
# Brings an installation into a cluster, or up to date: creates missing passwords and a missing certificate, applies the manifests in
# order (the member that is primary now comes last), waits until every member and the pooler serve, and takes a first backup. It can be
# run again at any time. A certificate is made with a CA of its own: P-256, the CA for 3650 days, the certificate for 397.
#
# Usage: deploy-*.sh [OPTIONS]
#   --dry-run        only show what would be done
#   --secrets-only   only create the namespace, missing passwords and a missing certificate, for GitOps
#   --certificate-days N   how long a new certificate is valid (397)
#   --ca-directory DIR     where the CA's key is kept: ~/.local/share/postgresql-ha/CONTEXT/NAMESPACE/NAME
#   --ca-in-cluster        keep the CA's key in Secret NAME-ca-key instead, which no pod mounts
#   --change-failover   for change-failover.sh: apply although the kind of failover changes, and do not wait
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds to wait for the members, and for the pooler (600)
#   --help
# Examples:
#   ./deploy-postgresql.sh                   installs, or applies what changed
#   ./deploy-postgresql.sh --secrets-only    passwords and certificate, before GitOps applies the rest
#   ./deploy-postgresql.sh --dry-run --namespace staging
# Exit status: 0 done, 1 failed or not ready in time, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2046,SC2086,SC2153,SC2154,SC2310,SC2312 # lists of names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/members.sh"
source "${folder}/lib/apply.sh"
source "${folder}/lib/certificates.sh"
source "${folder}/lib/authority.sh"
source "${folder}/lib/tls.sh"
source "${folder}/lib/airflow.sh"
source "${folder}/lib/deploy.sh"

parse() {
  context='' timeout=600 dry_run='' secrets_only='' change=''
  while (($# > 0)); do
    parse_common "$@"
    ((used > 0)) || parse_authority "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --dry-run) dry_run=yes ;;
    --secrets-only) secrets_only=yes ;;
    --change-failover) change=yes ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
}

# On a cluster without the namespace its own API cannot check the rest, so kubectl does.
choose_dry_run() {
  [[ -n "${dry_run}" ]] || return 0
  dry_run=client
  if exists namespace "${NAMESPACE}"; then dry_run=server; fi
}

# One that somebody else owns has to be there.
take_namespace() {
  if [[ -f "${folder}/${NAME}-namespace.yaml" ]]; then
    apply "${NAME}-namespace.yaml"
  else
    exists namespace "${NAMESPACE}" ||
      die 1 "namespace ${NAMESPACE}: is not there, or may not be looked at, and is not made here (createNamespace: false in the specification): have its owner make it: kubectl create namespace ${NAMESPACE}"
  fi
}

require_storage() {
  if grep -q 'storageClassName:' "${folder}/${NAME}-storage.yaml"; then return; fi
  kubectl --context "${context}" get storageclass -o jsonpath='{.items[*].metadata.annotations}' | grep -q 'is-default-class":"true"' ||
    say "note: this cluster has no default StorageClass; claims wait until somebody provides volumes, or the specification names a class"
}

next_steps() {
  local leader
  leader=$(primary_now 2>/dev/null)
  say ""
  say "Next:"
  say "  ./test-${NAME}-ha.sh                       prove that it works"
  say "  kubectl exec -it -n ${NAMESPACE} ${leader:-${PRIMARY}}-0 -- psql -U ${DATABASE_OWNER} -d ${DATABASE_NAME}"
  say "  README-${NAME}.md                          how to operate it"
}

main() {
  local file
  read_names "${folder}"
  parse "$@"
  if [[ "${TLS_MODE}" == generated ]]; then needed_program=openssl; fi
  require_own_policies
  require_cluster
  choose_dry_run
  require_same_failover
  require_offered_tls
  say "namespace, passwords and certificate"
  take_namespace
  [[ ! -f "${folder}/${NAME}-secret.yaml" ]] || apply "${NAME}-secret.yaml"
  create_passwords
  create_certificate
  create_connection
  if [[ -n "${secrets_only}" ]]; then
    publish_foreign_authorities
    copy_authorities
    exit 0
  fi
  say "manifests"
  require_storage
  for file in ${MANIFESTS//:/ }; do
    case ${file} in
    "${NAME}"-namespace.yaml | "${NAME}"-secret.yaml | "${NAME}"-standby.yaml) ;;
    "${NAME}"-primary.yaml) apply_members ;;
    "${NAME}"-airflow.yaml) apply_kit "${file}" ;;
    *) apply "${file}" ;;
    esac
  done
  say "members, for at most ${timeout} s"
  wait_ready ${MEMBERS//:/ }
  wait_for_pooler
  publish_foreign_authorities
  copy_authorities
  [[ -z "${change}" ]] || exit 0
  first_backup
  [[ -n "${dry_run}" ]] || next_steps
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
