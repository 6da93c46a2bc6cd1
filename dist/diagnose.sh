#!/usr/bin/env bash
# Collects what a person needs who is to help from afar into one archive: states, events, logs, settings, the last health check,
# replication. It changes nothing and needs no more rights than the Role of operators. No Secret is asked for; passwords and keys that stand in
# logs are masked, and a last scan refuses the archive where one is left.
#
# Usage: diagnose.sh [OPTIONS]
#   --out FILE       the archive, instead of NAME-NAMESPACE-diagnosis-TIME.tar.gz in the current folder
#   --lines N        of each log (5000)
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds for each question (20)
#   --help
# Examples:
#   ./diagnose.sh
#   ./diagnose.sh --out /tmp/incident-42.tar.gz
# Exit status: 0 the archive is there, 1 it is not, 2 the cluster does not answer, 64 bad usage or something is missing on this machine
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib/requirements.sh"
source "${folder}/lib/kubectl.sh"
source "${folder}/lib/mask.sh"
source "${folder}/lib/diagnosis.sh"

parse() {
  context='' timeout=20 lines=5000 out=''
  while (($# > 0)); do
    parse_common "$@"
    shift "${used}"
    ((used == 0)) || continue
    case $1 in
    --out)
      [[ -n "${2:-}" ]] || die 64 "$1: a value is missing; --help shows the options"
      out=$2
      shift
      ;;
    --lines)
      [[ "${2:-}" =~ ^[1-9][0-9]{0,6}$ ]] || die 64 "--lines: a whole number of at least 1, got '${2:-}'"
      lines=$2
      shift
      ;;
    --help | -h)
      help "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) die 64 "$1: unknown option; --help shows the options" ;;
    esac
    shift
  done
}

# Where the archive goes; an earlier one is not overwritten.
choose_out() {
  [[ -n "${out}" ]] || out="${NAME}-${NAMESPACE}-diagnosis-$(date -u +%Y%m%dT%H%M%SZ).tar.gz"
  [[ ! -e "${out}" ]] || die 64 "--out: ${out} is there already"
  [[ -d "$(dirname -- "${out}")" && -w "$(dirname -- "${out}")" ]] || die 64 "--out: ${out}: its folder is not there, or cannot be written"
}

main() {
  read_names "${folder}"
  parse "$@"
  require_cluster
  choose_out
  umask 077
  work=$(mktemp -d) || die 1 "no temporary folder can be made"
  trap 'rm -rf -- "${work}"' EXIT # a variable of the whole program: main has ended by then
  collected="${work}/${NAME}-${NAMESPACE}"
  mkdir -- "${collected}"
  know_secrets "${work}/secrets"
  collect
  refuse_secrets
  { tar -C "${work}" -czf "${work}/archive" "${NAME}-${NAMESPACE}" && mv -- "${work}/archive" "${out}"; } || die 1 "${out}: cannot be written"
  say "${out}: $(find "${collected}" -type f | wc -l | tr -d ' ') files, $(wc -c <"${out}" | tr -d ' ') bytes${missing:+; ${missing} questions had no answer, summary.txt names them}"
  say 'It holds names of pods, nodes, roles, databases and tables, and messages of PostgreSQL. Read it before you give it away.'
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
