#!/usr/bin/env bash
# Tries the way to a server step by step, so that the first step that fails tells what is wrong: name, port, server, password, query.
# Usage: connection-test.sh HOST
#
# Environment: PGPORT (5432)              the port
#              SECRET_DIRECTORY           holds monitor-password
#              TLS_CA_FILE                of the authority that the server is verified with; unset: it is not
#              POSTGRES_MAJOR (17)        of the programs here
#              PASSFILE_DIRECTORY (/tmp)   for the passfile
# Examples:
#   kubectl exec -n airflow postgresql-primary-0 -- /scripts/connection-test.sh postgresql-standby
# Exit status: 0 every step works, 2 cannot connect, 64 bad usage or environment
# shellcheck disable=SC2154,SC2310,SC2312 # the environment; statuses of the checks are their answers
set -Eeuo pipefail

script_dir=$(dirname -- "${BASH_SOURCE[0]}")
source "${script_dir}/lib/help.sh"
source "${script_dir}/lib/log.sh"
source "${script_dir}/lib/postgres.sh"
source "${script_dir}/lib/secrets.sh"
source "${script_dir}/health/status.sh"

passed() { printf '%-8s  %-10s  %s\n' ok "$1" "$2"; }

# Usage: failed STEP DETAIL REMEDY
failed() {
  printf '%-8s  %-10s  %s\n' failed "$1" "$2"
  printf '%s: cannot connect; %s\n' "${host}" "$3"
  exit 2
}

milliseconds() { printf '%s' "$(((${EPOCHREALTIME/[^0-9]/} - $1) / 1000))"; }

resolve() {
  local address
  address=$(getent ahostsv4 "${host}" | awk 'NR == 1 { print $1 }') || true
  [[ -n "${address}" ]] || failed name "${host} is not known" "kubectl get services shows the names there are"
  passed name "${host} is ${address}"
}

open_port() {
  local began=${EPOCHREALTIME/[^0-9]/}
  # shellcheck disable=SC2016 # the inner shell's own arguments
  timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "${host}" "${port}" 2>/dev/null ||
    failed port "TCP ${port} does not answer" "is a pod behind the Service ready, and does a NetworkPolicy allow this pod?"
  passed port "TCP ${port} answers in $(milliseconds "${began}") ms"
}

accepts() {
  pg_isready -q -t 5 -h "${host}" -p "${port}" || failed server "PostgreSQL does not accept connections" "see the log of the pod"
  passed server "PostgreSQL accepts connections"
}

# Usage: fail_login ANSWER
fail_login() {
  case $1 in
  *certificate* | *' SSL '* | *'TLS'*) failed tls "${1##*failed: }" "does its certificate hold the name ${host}, and is it of the authority in ${TLS_CA_FILE:-ca.crt}?" ;;
  *) failed login "${1##*FATAL:  }" "does the Secret hold the password of the role monitor?" ;;
  esac
}

log_in() {
  local answer began=${EPOCHREALTIME/[^0-9]/}
  answer=$(sql -F ' ' "host=${host} port=${port} user=monitor dbname=postgres connect_timeout=5$(connection_security)" -c \
    "SELECT CASE WHEN pg_is_in_recovery() THEN 'standby, read-only' ELSE 'primary, read and write' END || ', ' || current_setting('cluster_name') || ', PostgreSQL ' || current_setting('server_version')" 2>&1) ||
    fail_login "${answer}"
  passed login "as monitor, by password, $(milliseconds "${began}") ms"
  passed role "${answer}"
}

main() {
  offer_help "${BASH_SOURCE[0]}" "$@"
  [[ $# -eq 1 && "$1" != -* ]] || die 64 "usage: connection-test.sh HOST"
  require_env SECRET_DIRECTORY
  host=$1 port=${PGPORT:-5432}
  [[ "${host}" =~ ^[A-Za-z0-9._-]+$ ]] || die 64 "'${host}' is no host name"
  require_passfile "${host}" "${port}" monitor
  resolve
  open_port
  accepts
  log_in
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
