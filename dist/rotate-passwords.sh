#!/usr/bin/env bash
# New random passwords for the roles of the database: into the Secret, and it waits until the primary's roles and every member's own
# connections have them. No session ends. It can also only look.
#
# Usage: rotate-passwords.sh --role ROLE… | --all | --status [OPTIONS]
#   --role ROLE      of this role; can be given several times
#   --all            of every role
#   --status         whether each role has the password of the Secret; changes nothing
#   --dry-run        only show what would be done
#   --yes            do not ask
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds to wait until the roles have them (300)
#   --help
# Examples:
#   ./rotate-passwords.sh --role airflow     then Airflow needs the new one for new connections
#   ./rotate-passwords.sh --all --yes        every role, the product's own too
#   ./rotate-passwords.sh --status           after an interruption: have the roles what the Secret has?
# Exit status: 0 done, 1 failed, not in time or, of --status, a role has another password, 2 the cluster does not answer, 64 bad usage,
# something is missing on this machine, or somebody else maintains the Secret
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/procedure.sh"
source "${folder}/lib/certificates.sh"
source "${folder}/lib/tls.sh"
source "${folder}/lib/airflow.sh"
source "${folder}/lib/deploy.sh"
source "${folder}/lib/rotation.sh"
source "${folder}/lib/passwords.sh"

parse() {
  context='' timeout=300 yes='' dry_run='' status='' chosen=()
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --role)
      choose_role "${2:-}"
      shift
      ;;
    --role=*) choose_role "${1#*=}" ;;
    --all) mapfile -t chosen < <(roles_of_secret) ;;
    --status) status=yes ;;
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
  [[ -n "${SECRET_KEYS}" ]] || die 64 "Secret ${SECRET_NAME} is maintained by somebody else: change the key ROLE-password there; the role gets it within about 90 seconds, without a restart"
  [[ -z "${status}" ]] || mapfile -t chosen < <(roles_of_secret)
  ((${#chosen[@]} > 0)) || die 64 "which role: --role ROLE or --all; there are $(roles_of_secret | tr '\n' ' ')"
}

main() {
  read_names "${folder}"
  parse "$@"
  require_cluster
  private_folder
  if [[ -n "${status}" ]]; then
    show_passwords
    return
  fi
  plan_passwords
  change_passwords
  await_passwords
  create_connection
  say_what_clients_need
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
