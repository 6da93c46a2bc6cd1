#!/usr/bin/env bash
# Brings an installation into a cluster, or up to date: creates missing passwords, applies the manifests in order, waits until
# every member serves, and takes a first backup. It can be run again at any time.
#
# Usage: deploy-*.sh [OPTIONS]
#   --dry-run        only show what would be done
#   --secrets-only   only create the namespace, the Secret and its missing passwords, for GitOps
#   --change-failover   for change-failover.sh: apply although the kind of failover changes, and do not wait
#   --namespace N    instead of the namespace in the manifests
#   --context C      instead of kubectl's current context
#   --timeout S      seconds to wait for the members (600)
#   --help
# Exit status: 0 done, 1 failed or not ready in time, 2 the cluster does not answer, 64 bad usage
# shellcheck disable=SC2046,SC2086,SC2153,SC2154,SC2310,SC2312 # lists of names from NAME.env; statuses of the questions are their answers
set -Eeuo pipefail

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "${folder}/lib-kubectl.sh"

parse() {
  context='' timeout=600 dry_run='' secrets_only='' change=''
  while (($# > 0)); do
    parse_common "$@"
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

# One manifest file; in another namespace by way of kustomize, which changes every reference to it as well.
render() {
  if [[ "${NAMESPACE}" == "${own_namespace}" ]]; then
    cat -- "${folder}/$1"
  else
    cp -- "${folder}/$1" "${overlay}/"
    printf 'namespace: %s\nresources: [%s]\n' "${NAMESPACE}" "$1" >"${overlay}/kustomization.yaml"
    kubectl kustomize "${overlay}"
  fi
}

# Usage: apply FILE
apply() {
  local output
  output=$(render "$1" | k apply ${dry_run:+--dry-run="${dry_run}"} -f - 2>&1) || die 1 "$1 was not applied:
${output}"
  indent "  " "${output}"
}

# On a cluster without the namespace its own API cannot check the rest, so kubectl does.
choose_dry_run() {
  [[ -n "${dry_run}" ]] || return 0
  dry_run=client
  if exists namespace "${NAMESPACE}"; then dry_run=server; fi
}

require_storage() {
  if grep -q 'storageClassName:' "${folder}/${NAME}-storage.yaml"; then return; fi
  kubectl --context "${context}" get storageclass -o jsonpath='{.items[*].metadata.annotations}' | grep -q 'is-default-class":"true"' ||
    say "note: this cluster has no default StorageClass; claims wait until somebody provides volumes, or the specification names a class"
}

# Random values for the keys that the Secret lacks. They go to kubectl by its standard input: never by an argument or a log.
create_passwords() {
  local key present missing=() version
  [[ -n "${SECRET_KEYS}" ]] || {
    say "  passwords come from Secret ${SECRET_NAME}, which others maintain"
    return
  }
  # shellcheck disable=SC2016 # variables of the template
  present=$(k get secret "${SECRET_NAME}" --ignore-not-found -o go-template='{{range $key, $value := .data}}{{if $value}}{{$key}} {{end}}{{end}}')
  for key in ${SECRET_KEYS//:/ }; do
    [[ " ${present} " == *" ${key} "* ]] || missing+=("${key}")
  done
  if ((${#missing[@]} == 0)); then
    say "  passwords are there"
  elif [[ -n "${dry_run}" ]]; then
    say "  would create passwords: ${missing[*]}"
  else
    version=$(field secret "${SECRET_NAME}" '{.metadata.resourceVersion}')
    password_patch "${version}" "${missing[@]}" | k patch secret "${SECRET_NAME}" --type=merge --patch-file=/dev/stdin >/dev/null ||
      die 1 "Secret ${SECRET_NAME} was not filled; run this again"
    say "  passwords created: ${missing[*]}"
  fi
}

# Usage: password_patch RESOURCE_VERSION KEY…; the version refuses a second writer
password_patch() {
  local key separator=''
  printf '{"metadata": {"resourceVersion": "%s"}, "stringData": {' "$1"
  for key in "${@:2}"; do
    printf '%s"%s": "%s"' "${separator}" "${key}" "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
    separator=', '
  done
  printf '}}\n'
}

# What a member shows: its name and whether it is ready. Usage: member_state STATEFULSET
member_state() {
  local desired ready updated
  read -r desired ready updated < <(field statefulset "$1" '{.spec.replicas} {.status.readyReplicas} {.status.updateRevision}={.status.currentRevision}') || true
  if [[ "${desired}" == 0 ]]; then
    say "$1 scaled to 0"
  elif [[ "${ready}" == 1 && "${updated%=*}" == "${updated#*=}" ]]; then
    say "$1 ready"
  else
    say "$1 $(k get pods -l "app.kubernetes.io/instance=${NAME}" -o go-template='{{range .items}}{{if eq .metadata.name "'"$1-0"'"}}{{.status.phase}}{{end}}{{end}}')"
  fi
}

# Usage: wait_ready STATEFULSET…
wait_ready() {
  local deadline=$((SECONDS + timeout)) shown='' now name
  [[ -z "${dry_run}${change}" ]] || return 0
  while :; do
    now=$(for name in "$@"; do member_state "${name}"; done)
    if [[ "${now}" != "${shown}" ]]; then indent "  $(printf '%4d' "${SECONDS}") s  " "${now}"; fi
    shown=${now}
    grep -qvE ' (ready|scaled to 0)$' <<<"${now}" || return 0
    ((SECONDS < deadline)) || die 1 "not ready within ${timeout} s. Look at: kubectl describe pod -n ${NAMESPACE} $1-0; kubectl logs -n ${NAMESPACE} $1-0"
    sleep 2
  done
}

# The two kinds of failover must never run side by side on one database.
require_same_failover() {
  local running
  running=$(failover_of statefulset "${PRIMARY}")
  [[ -n "${change}" || -z "${running}" || "${running}" == "${FAILOVER}" ]] ||
    die 1 "failover changes from ${running} to ${FAILOVER}: ./change-failover.sh does that without losing data. Nothing was applied"
}

# A running installation gets its standbys first, and the primary when those serve: never both at once.
apply_members() {
  if [[ -n "${STANDBY:-}" ]] && exists statefulset "${STANDBY}"; then
    apply "${NAME}-standby.yaml"
    if [[ "$(field statefulset "${PRIMARY}" '{.status.readyReplicas}')" == 1 ]]; then wait_ready $(standbys); fi
    apply "${NAME}-primary.yaml"
  else
    apply "${NAME}-primary.yaml"
    [[ -z "${STANDBY:-}" ]] || apply "${NAME}-standby.yaml"
  fi
}

first_backup() {
  if exists job "${BACKUP_CRONJOB}"; then return; fi
  say "first backup"
  [[ -z "${dry_run}" ]] || return 0
  k create job "${BACKUP_CRONJOB}" --from="cronjob/${BACKUP_CRONJOB}" >/dev/null
  wait_for_job "${BACKUP_CRONJOB}" "${timeout}" || die 1 "the first backup failed: kubectl logs -n ${NAMESPACE} job/${BACKUP_CRONJOB}"
  say "  done: $(k exec "${PRIMARY_POD}" -c "${CONTAINER}" -- ls /var/lib/postgresql/backups | grep '\.sql\.gz$' | tail -n 1)"
}

next_steps() {
  say ""
  say "Next:"
  say "  ./test-${NAME}-ha.sh                       prove that it works"
  say "  kubectl exec -it -n ${NAMESPACE} ${PRIMARY_POD} -- psql -U ${DATABASE_OWNER} -d ${DATABASE_NAME}"
  say "  README-${NAME}.md                          how to operate it"
}

main() {
  local file
  read_names "${folder}"
  parse "$@"
  require_cluster
  choose_dry_run
  require_same_failover
  overlay=$(mktemp -d)
  trap 'rm -rf -- "${overlay}"' EXIT
  say "namespace and passwords"
  apply "${NAME}-namespace.yaml"
  [[ ! -f "${folder}/${NAME}-secret.yaml" ]] || apply "${NAME}-secret.yaml"
  create_passwords
  [[ -z "${secrets_only}" ]] || exit 0
  say "manifests"
  require_storage
  for file in ${MANIFESTS//:/ }; do
    case ${file} in
    "${NAME}"-namespace.yaml | "${NAME}"-secret.yaml | "${NAME}"-standby.yaml) ;;
    "${NAME}"-primary.yaml) apply_members ;;
    *) apply "${file}" ;;
    esac
  done
  say "members, for at most ${timeout} s"
  wait_ready ${MEMBERS//:/ }
  [[ -z "${change}" ]] || exit 0
  first_backup
  [[ -n "${dry_run}" ]] || next_steps
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
