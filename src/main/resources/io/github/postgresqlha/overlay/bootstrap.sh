#!/usr/bin/env bash
# Makes what no manifest may hold, in the namespace of its own pod: passwords of the roles, a CA and the members' certificate, and the
# Secret by which Airflow connects. It overwrites nothing but that connection, which follows the password, and can be run again at any
# time. The image has no kubectl: the Kubernetes API is asked by openssl, and no password or token is an argument of a program.
#
# Environment:
#   NAME             name of the installation
#   SECRET_NAME      Secret of the passwords, which is there; SECRET_KEYS its keys, with colons between them
#   TLS_SECRET       Secret of the certificate; TLS_NAMES the names in it, with colons between them
#   CA_SECRET        Secret of its CA's key; CA_CONFIGMAP its CA for clients
#   AIRFLOW_SECRET   Secret of Airflow's connection
#   POD_DIRECTORY    (/var/run/secrets/kubernetes.io/serviceaccount) where a pod finds token, ca.crt and namespace
#   KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT   where the Kubernetes API is
# Exit status: 0 done, 1 failed: run it again, 64 bad environment
# shellcheck disable=SC2153,SC2154,SC2310,SC2312 # names from the environment, variables of certificates.sh; statuses of the questions are their answers
set -Eeuo pipefail
# What ends a pipe sets variables here.
shopt -s lastpipe

folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=../dist/lib/certificates.sh
source "${folder}/certificates.sh"

say() { printf '%s\n' "$*"; }

# Usage: die STATUS MESSAGE
die() {
  printf '%s: %s\n' "${0##*/}" "${*:2}" >&2
  exit "$1"
}

# What a certificate names as its organization: certificates.sh asks.
organization() { printf '%s' "${own}"; }

read_environment() {
  local name
  for name in NAME SECRET_NAME SECRET_KEYS TLS_SECRET TLS_NAMES CA_SECRET CA_CONFIGMAP AIRFLOW_SECRET KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT; do
    [[ -n "${!name:-}" ]] || die 64 "${name} is not set"
  done
  : "${POD_DIRECTORY:=/var/run/secrets/kubernetes.io/serviceaccount}"
  own=$(<"${POD_DIRECTORY}/namespace") || die 64 "${POD_DIRECTORY}: is not that of a pod with a token"
  [[ "${own}" =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || die 64 "${POD_DIRECTORY}/namespace: not a name of a namespace"
  private_folder
}

# One question. Sets status to that of HTTP; the answer, in YAML, is in private/answer. Usage: api METHOD PATH [CONTENT_TYPE] <BODY
api() {
  local host=${KUBERNETES_SERVICE_HOST}
  [[ "${host}" != *:* ]] || host="[${host}]"
  cat >"${private}/body"
  {
    printf '%s /api/v1/namespaces/%s/%s HTTP/1.0\r\nHost: kubernetes.default.svc\r\nAccept: application/yaml\r\n' "$1" "${own}" "$2"
    printf 'Content-Type: %s\r\nContent-Length: %s\r\nAuthorization: Bearer ' "${3:-application/json}" "$(wc -c <"${private}/body")"
    tr -d '\r\n' <"${POD_DIRECTORY}/token"
    printf '\r\n\r\n'
    cat -- "${private}/body"
  } | timeout 30 openssl s_client -quiet -connect "${host}:${KUBERNETES_SERVICE_PORT}" -servername kubernetes.default.svc \
    -verify_hostname kubernetes.default.svc -verify_return_error -CAfile "${POD_DIRECTORY}/ca.crt" >"${private}/reply" 2>"${private}/said" || true
  status=$(sed -n '1s/^HTTP\/1\.[01] \([1-5][0-9][0-9]\).*/\1/p' -- "${private}/reply")
  sed '1,/^\r\{0,1\}$/d' -- "${private}/reply" >"${private}/answer"
  [[ -n "${status}" ]] || die 1 "the Kubernetes API does not answer at ${host}:${KUBERNETES_SERVICE_PORT}: $(tail -n 1 -- "${private}/said")"
}

# Usage: refused WHAT
refused() { die 1 "$1: the Kubernetes API says ${status}: $(sed -n 's/^message: //p' -- "${private}/answer")"; }

# The keys of the last answer that have a value, each with it in base64, one a line.
data_in_answer() { sed -n '/^data:$/,/^[^ ]/s/^  \([A-Za-z0-9._-]*\): "\{0,1\}\([A-Za-z0-9+/=]\{1,\}\)"\{0,1\}$/\1 \2/p' -- "${private}/answer"; }
keys_in_answer() { data_in_answer | cut -d ' ' -f 1 | tr '\n' ' '; }

# The value of a key of the last answer. Usage: value_in_answer KEY
value_in_answer() { data_in_answer | sed -n "s/^${1//./\\.} //p" | base64 -d; }

# Files as JSON, under their names: of a Secret in base64, of a ConfigMap PEM as text. Usage: data_of secrets|configmaps FILE…
data_of() {
  local file separator=''
  for file in "${@:2}"; do
    printf '%s"%s": "' "${separator}" "${file##*/}"
    if [[ "$1" == secrets ]]; then base64 <"${file}" | tr -d '\n'; else certificates_in "${file}" | awk '{ printf "%s\\n", $0 }'; fi
    printf '"'
    separator=', '
  done
}

# Makes an object of files; status is 409 where there is one. No tool that prunes takes it away. Usage: create secrets|configmaps NAME FILE…
create() {
  local kind=Secret
  [[ "$1" == secrets ]] || kind=ConfigMap
  {
    printf '{"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s", "labels": {' "${kind}" "$2"
    printf '"app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": "%s", "app.kubernetes.io/component": "credentials", ' "${NAME}"
    printf '"app.kubernetes.io/part-of": "postgresql-ha", "app.kubernetes.io/managed-by": "postgresql-ha"}, "annotations": {'
    printf '"argocd.argoproj.io/compare-options": "IgnoreExtraneous", "argocd.argoproj.io/sync-options": "Prune=false,Delete=false", '
    printf '"kustomize.toolkit.fluxcd.io/force": "disabled", "kustomize.toolkit.fluxcd.io/prune": "disabled"}}, "data": {'
    data_of "$1" "${@:3}"
    printf '}}\n'
  } | api POST "$1"
  [[ "${status}" == 201 || "${status}" == 409 ]] || refused "$1/$2"
}

# Makes a Secret of files, or gives one that is there these keys. Usage: put NAME FILE…
put() {
  create secrets "$@"
  if [[ "${status}" == 409 ]]; then
    { printf '{"data": {' && data_of secrets "${@:2}" && printf '}}\n'; } | api PATCH "secrets/$1" application/merge-patch+json
    [[ "${status}" == 200 ]] || refused "secrets/$1"
  fi
}

# Random values for the keys that the Secret lacks; its version refuses a second writer.
create_passwords() {
  local key present missing=() separator=''
  api GET "secrets/${SECRET_NAME}" </dev/null
  [[ "${status}" == 200 ]] || refused "secrets/${SECRET_NAME}"
  present=$(keys_in_answer)
  for key in ${SECRET_KEYS//:/ }; do
    [[ " ${present}" == *" ${key} "* ]] || missing+=("${key}")
  done
  if ((${#missing[@]} == 0)); then
    say "passwords are there"
    return
  fi
  {
    printf '{"metadata": {"resourceVersion": "%s"}, "stringData": {' "$(sed -n 's/^  resourceVersion: "\([0-9]*\)"$/\1/p' -- "${private}/answer")"
    for key in "${missing[@]}"; do
      printf '%s"%s": "%s"' "${separator}" "${key}" "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
      separator=', '
    done
    printf '}}\n'
  } | api PATCH "secrets/${SECRET_NAME}" application/merge-patch+json
  [[ "${status}" == 200 ]] || refused "secrets/${SECRET_NAME}"
  say "passwords created: ${missing[*]}"
}

# The CA's key is kept before anything is signed by it, where rotate-certificates.sh looks for it.
create_certificate() {
  local id names
  api GET "secrets/${TLS_SECRET}" </dev/null
  case ${status} in
  200)
    [[ "$(keys_in_answer)" == *ca.crt*tls.crt*tls.key* ]] || die 1 "secrets/${TLS_SECRET}: has not all of ca.crt, tls.crt and tls.key, and what is there is never overwritten: delete it, or add what is missing"
    value_in_answer ca.crt >"${private}/ca.crt"
    say "certificate is there"
    ;;
  404)
    mapfile -t names < <(tr ':' '\n' <<<"${TLS_NAMES}")
    make_authority
    id=$(fingerprint_of "${private}/authority.crt")
    id=ca-${id:0:16}
    cp -- "${private}/authority.key" "${private}/${id}.key"
    cp -- "${private}/authority.crt" "${private}/${id}.crt"
    put "${CA_SECRET}" "${private}/${id}.key" "${private}/${id}.crt"
    make_certificate "${names[@]}"
    cp -- "${private}/authority.crt" "${private}/ca.crt"
    create secrets "${TLS_SECRET}" "${private}/ca.crt" "${private}/tls.crt" "${private}/tls.key"
    [[ "${status}" == 201 ]] || refused "secrets/${TLS_SECRET}"
    say "certificate created: ${#names[@]} names, valid until $(day_of "$(end_of "${private}/tls.crt")")"
    ;;
  *) refused "secrets/${TLS_SECRET}" ;;
  esac
  create configmaps "${CA_CONFIGMAP}" "${private}/ca.crt"
}

# Every byte that a URL gives a meaning as %XX, of standard input.
percent_encoded() { perl -0777 -pe 's/([^A-Za-z0-9._~-])/sprintf "%%%02X", ord $1/ge'; }

# The lines of connections.txt are KEY SECRET/KEY TEXT, with PASSWORD in the text where the password goes.
write_connection() {
  local key source text known='^[a-z-]+ [a-z0-9.-]+/[A-Za-z0-9._-]+ [^ ]*PASSWORD[^ ]*$'
  api GET "secrets/${SECRET_NAME}" </dev/null
  [[ "${status}" == 200 ]] || refused "secrets/${SECRET_NAME}"
  mkdir -- "${private}/connection"
  while read -r key source text; do
    [[ "${key}" != '#'* ]] || continue
    [[ "${key} ${source} ${text}" =~ ${known} && "${source%%/*}" == "${SECRET_NAME}" ]] || die 64 "connections.txt has an odd line: ${key} ${source}"
    value_in_answer "${source#*/}" | perl -0777 -pe 's/\n+\z//' >"${private}/password"
    [[ -s "${private}/password" && -z "$(tr -cd '\000\r\n' <"${private}/password" | od -An -tx1)" ]] ||
      die 1 "secrets/${SECRET_NAME}: ${source#*/} is empty, or holds a line break or NUL; give it another password"
    {
      printf '%s' "${text%%PASSWORD*}"
      if [[ "${text}" == PASSWORD ]]; then cat -- "${private}/password"; else percent_encoded <"${private}/password"; fi
      printf '%s' "${text#*PASSWORD}"
    } >"${private}/connection/${key}"
  done <"${folder}/connections.txt"
  put "${AIRFLOW_SECRET}" "${private}"/connection/*
  say "Airflow's connection written: Secret ${AIRFLOW_SECRET}"
}

main() {
  read_environment
  create_passwords
  create_certificate
  write_connection
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then main "$@"; fi
