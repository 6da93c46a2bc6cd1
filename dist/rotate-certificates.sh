#!/usr/bin/env bash
# Renews the certificate of the members, or their CA, while everybody goes on working: each step waits until every pod has what it
# brought. Run again after an interruption, it goes on. It can also only look.
#
# Usage: rotate-certificates.sh [OPTIONS]
#   --ca             a new CA: first everybody trusts the old and the new one, then the members get a certificate of the new one
#   --trust-only     with --ca: only the first half, so that clients with a copy of ca.crt can take the new one; --ca then goes on
#   --finish         after --ca, when every client has the new ca.crt: the old CA is no longer trusted
#   --status         certificate, CAs, where their keys are, and what each member presents; changes nothing
#   --certificate-days N   how long the new certificate is valid (397); a new CA is for 3650 days
#   --ca-directory DIR     where the CA's key is, if not in ~/.local/share/postgresql-ha/CONTEXT/NAMESPACE/NAME
#   --ca-in-cluster  keep the key of a new CA in Secret NAME-ca-key, which no pod mounts
#   --client-wait S  with --ca: seconds that clients which mount the ConfigMap get to see the new CA (120)
#   --dry-run        only show what would be done
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds that a step may take (300)
#   --help
# Examples:
#   ./rotate-certificates.sh                 a new certificate of the present CA
#   ./rotate-certificates.sh --ca            a new CA, and later
#   ./rotate-certificates.sh --finish        the end of the old one
# Exit status: 0 done, 1 failed or, of --status, something is to be done, 2 the cluster does not answer, 64 bad usage, something is
# missing on this machine, or somebody else renews
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/certificates.sh"
source "${folder}/lib/authority.sh"
source "${folder}/lib/tls.sh"
source "${folder}/lib/airflow.sh"
source "${folder}/lib/rotation.sh"
source "${folder}/lib/renewal.sh"

parse() {
  context='' timeout=300 yes='' dry_run='' action=renew trust_only='' client_wait=120
  while (($# > 0)); do
    parse_common "$@"
    ((used > 0)) || parse_authority "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --ca | --finish | --status)
      [[ "${action}" == renew ]] || die 64 "--${action} and $1: one of them"
      action=${1#--}
      ;;
    --trust-only) trust_only=yes ;;
    --client-wait)
      [[ "${2:-}" =~ ^(0|[1-9][0-9]{0,4})$ ]] || die 64 "--client-wait: seconds, a whole number, got '${2:-}'"
      client_wait=$2
      shift
      ;;
    --dry-run) dry_run=yes ;;
    --yes) yes=yes ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
  [[ -z "${trust_only}" || "${action}" == ca ]] || die 64 "--trust-only: goes with --ca"
}

# Who renews, where it is not this program.
require_own() {
  case ${TLS_MODE} in
  generated) ;;
  certManager) [[ "${action}" == status ]] || die 64 "cert-manager renews the certificate in Secret ${TLS_SECRET} by itself (kubectl describe certificate ${TLS_SECRET} --namespace ${NAMESPACE}; at once: cmctl renew ${TLS_SECRET}); the members load it without a restart" ;;
  existingSecret) [[ "${action}" == status ]] || die 64 "Secret ${TLS_SECRET} is maintained by somebody else: a new tls.crt and tls.key there, and ca.crt with the old and the new CA where that changes; the members load them without a restart" ;;
  *) die 64 "there is no certificate: tls.mode is ${TLS_MODE} in the specification" ;;
  esac
}

main() {
  local problem
  read_names "${folder}"
  parse "$@"
  require_own
  needed_program=openssl
  require_cluster
  read_tls
  problem=$(bad_certificate)
  [[ -z "${problem}" ]] || die 1 "Secret ${TLS_SECRET}: ${problem}"
  "do_${action}"
  [[ "${action}" == status ]] || copy_authorities
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
