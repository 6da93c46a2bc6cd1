# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (names from NAME.env, variables of the programs; statuses of the questions are their answers)
# The Secret of the members' certificate and the ConfigMap of its CA for clients. What is written goes to kubectl by its standard
# input, and only on top of what was read: a second writer is refused. Sourced after lib/certificates.sh, never run.

# Copies the keys of an object into a folder, but no key tls.key. Sets version, to nothing where it is not there, which is false.
# Usage: fetch_object secret|configmap NAME FOLDER
fetch_object() {
  local key value decode='base64 -d'
  # shellcheck disable=SC2016 # variables of the template
  local template='{{.metadata.resourceVersion}}{{"\n"}}{{range $key, $value := .data}}{{if and $value (ne $key "tls.key")}}{{$key}} {{$value}}{{"\n"}}{{end}}{{end}}'
  # A ConfigMap's values are text of several lines; Go quotes each.
  # shellcheck disable=SC2016 # variables of the template
  [[ "$1" == secret ]] || template=${template/'{{$value}}'/'{{printf "%q" $value}}'} decode=unquoted
  rm -rf -- "$3"
  mkdir -- "$3"
  k get "$1" "$2" --ignore-not-found -o go-template="${template}" >"${private}/object" || die 1 "$1 $2 cannot be read"
  version=''
  while IFS=' ' read -r key value; do
    if [[ -z "${version}" ]]; then
      version=${key}
    elif [[ "${key}" =~ ^[A-Za-z0-9._-]+$ && "${key}" != .* ]]; then
      ${decode} <<<"${value}" >"$3/${key}" || die 1 "$1 $2: key ${key} cannot be decoded"
    fi
  done <"${private}/object"
  [[ -n "${version}" ]]
}

# A text that go-template quoted.
unquoted() {
  local text
  IFS= read -r text
  text=${text#\"} text=${text%\"}
  text=${text//\\n/$'\n'} text=${text//\\t/$'\t'} text=${text//\\\"/\"}
  printf '%s' "${text//\\\\/\\}"
}

# The JSON of keys and their values: of a Secret in base64, of a ConfigMap PEM as text. Usage: json_of secret|configmap FILE…
json_of() {
  local file separator=''
  for file in "${@:2}"; do
    printf '%s"%s": "' "${separator}" "${file##*/}"
    if [[ "$1" == secret ]]; then base64 <"${file}" | tr -d '\n'; else certificates_in "${file}" | awk '{ printf "%s\\n", $0 }'; fi
    printf '"'
    separator=', '
  done
}

# Puts files into an object as keys of their names; makes it where there is none. Sets version to the new one.
# Usage: put_files secret|configmap NAME RESOURCE_VERSION FILE…; an empty version where it is not there
put_files() {
  local kind=Secret
  [[ "$1" == secret ]] || kind=ConfigMap
  if [[ -n "$3" ]]; then
    { printf '{"metadata": {"resourceVersion": "%s"}, "data": {' "$3" && json_of "$1" "${@:4}" && printf '}}\n'; } | patch_object "$1" "$2"
    version=$(<"${private}/version")
    return
  fi
  {
    printf '{"apiVersion": "v1", "kind": "%s", "metadata": {"name": "%s", "labels": {' "${kind}" "$2"
    printf '"app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": "%s", "app.kubernetes.io/component": "credentials", ' "${NAME}"
    printf '"app.kubernetes.io/part-of": "postgresql-ha", "app.kubernetes.io/managed-by": "postgresql-ha"}, "annotations": {'
    printf '"argocd.argoproj.io/compare-options": "IgnoreExtraneous", "argocd.argoproj.io/sync-options": "Prune=false,Delete=false", '
    printf '"kustomize.toolkit.fluxcd.io/force": "disabled", "kustomize.toolkit.fluxcd.io/prune": "disabled"}}, "data": {'
    json_of "$1" "${@:4}"
    printf '}}\n'
  } | k create -f - -o 'jsonpath={.metadata.resourceVersion}' >"${private}/version" ||
    die 1 "$1 $2 was not made; run this again"
  version=$(<"${private}/version")
}

# The new version is in private/version. Usage: patch_object secret|configmap NAME <PATCH
patch_object() {
  k patch "$1" "$2" --type=merge --patch-file=/dev/stdin -o 'jsonpath={.metadata.resourceVersion}' >"${private}/version" ||
    die 1 "$1 $2 was not changed: did somebody else change it? Run this again"
}

# What the certificate's Secret holds: sets tls_version, has[KEY], and fills private/tls and private/bundle/1…; trusted is how many CAs.
read_tls() {
  local key
  declare -gA has=()
  private_folder
  fetch_object secret "${TLS_SECRET}" "${private}/tls" || true
  tls_version=${version} trusted=0
  for key in $(keys_of_tls); do has[${key}]=yes; done
  mkdir -p -- "${private}/bundle"
  rm -f -- "${private}"/bundle/*
  if [[ -n "${has["ca.crt"]:-}" ]]; then trusted=$(split_certificates "${private}/tls/ca.crt" "${private}/bundle"); fi
}

# The keys with a value: that of tls.key does not come here.
keys_of_tls() {
  # shellcheck disable=SC2016 # variables of the template
  k get secret "${TLS_SECRET}" --ignore-not-found -o go-template='{{range $key, $value := .data}}{{if $value}}{{$key}} {{end}}{{end}}' || die 1 "Secret ${TLS_SECRET} cannot be read"
}

# Whether ca.crt holds an authority. Usage: is_trusted CERTIFICATE
is_trusted() {
  local i
  for ((i = 1; i <= ${trusted:-0}; i++)); do
    [[ "$(fingerprint_of "$1")" != "$(fingerprint_of "${private}/bundle/${i}")" ]] || return 0
  done
  return 1
}

# Which CA of ca.crt signed the certificate, counted from 1; nothing where none did. The newest one is the last.
signer() {
  local i
  for ((i = trusted; i > 0; i--)); do
    if is_signed_by "${private}/tls/tls.crt" "${private}/bundle/${i}"; then
      printf '%s\n' "${i}"
      return
    fi
  done
}

# The CAs of the Secret for clients, in a ConfigMap.
publish_authorities() {
  if [[ -z "${has["ca.crt"]:-}" ]] || ((trusted == 0)); then
    say "  note: Secret ${TLS_SECRET} has no ca.crt, so ConfigMap ${TLS_CA_CONFIGMAP} gives clients none"
    return
  fi
  fetch_object configmap "${TLS_CA_CONFIGMAP}" "${private}/published" || true
  if [[ -n "${version}" && -f "${private}/published/ca.crt" ]] &&
    [[ "$(certificates_in "${private}/published/ca.crt")" == "$(certificates_in "${private}/tls/ca.crt")" ]]; then
    return
  fi
  put_files configmap "${TLS_CA_CONFIGMAP}" "${version}" "${private}/tls/ca.crt"
  say "  ConfigMap ${TLS_CA_CONFIGMAP}: ca.crt for clients, ${trusted} CA$( ((trusted == 1)) || printf s)"
}

# The certificate of a new installation. One that is there is never overwritten.
create_certificate() {
  local names
  case ${TLS_MODE} in
  off) return ;;
  generated) ;;
  *)
    say "  the certificate comes from Secret ${TLS_SECRET}, which $(who_renews) maintains"
    return
    ;;
  esac
  read_tls
  case ${has["ca.crt"]:-no}${has["tls.crt"]:-no}${has["tls.key"]:-no} in
  yesyesyes)
    say "  certificate is there"
    note_certificate
    ;;
  nonono)
    mapfile -t names < <(server_names)
    if [[ -n "${dry_run}" ]]; then
      choose_authority_directory
      say "  would create a CA (${authority_days} days) and a certificate (${certificate_days} days) for ${#names[@]} names"
      return
    fi
    collect_authorities
    new_authority 315360000
    make_certificate "${names[@]}"
    cp -- "${private}/authority.crt" "${private}/ca.crt"
    put_files secret "${TLS_SECRET}" "${tls_version}" "${private}/ca.crt" "${private}/tls.crt" "${private}/tls.key"
    say "  certificate created: ${#names[@]} names, valid until $(day_of "$(end_of "${private}/tls.crt")") (${certificate_days} days); ./rotate-certificates.sh renews it"
    read_tls
    ;;
  *) die 1 "Secret ${TLS_SECRET} has only ${!has[*]} of tls.crt, tls.key and ca.crt, and what is there is never overwritten: add what is missing, or kubectl delete secret ${TLS_SECRET} --namespace ${NAMESPACE} and run this again" ;;
  esac
  publish_authorities
}

# What a person has to do about a certificate that is there.
note_certificate() {
  local missing left
  missing=$(missing_names "${private}/tls/tls.crt")
  # A member whose own name it lacks would wait for ever, and the deployment for it.
  ! grep -qE "^(${MEMBERS//:/|})-0\." <<<"${missing}" ||
    die 1 "the certificate in Secret ${TLS_SECRET} lacks names of members: ${missing//$'\n'/ }: ./rotate-certificates.sh --yes first, then this again. No member was changed"
  left=$(days_left "${private}/tls/tls.crt")
  if [[ -n "${missing}" ]]; then say "  note: it lacks names that the specification has: ${missing//$'\n'/ }: ./rotate-certificates.sh"; fi
  if ((left < 30)); then say "  note: it ends in ${left} days: ./rotate-certificates.sh"; fi
  ((trusted < 2)) || say "  note: ${trusted} CAs are trusted: ./rotate-certificates.sh --status says what is left to do"
}

who_renews() { if [[ "${TLS_MODE}" == certManager ]]; then printf 'cert-manager\n'; else printf 'somebody else\n'; fi; }

# Where others fill the Secret its CA is known late.
publish_foreign_authorities() {
  [[ "${TLS_MODE}" == certManager || "${TLS_MODE}" == existingSecret ]] || return 0
  [[ -z "${dry_run}" ]] || return 0
  read_tls
  publish_authorities
}

# The names that the certificate has to have, in the namespace that was chosen, one a line.
server_names() {
  local name own=${own_namespace//./\\.}
  for name in ${TLS_NAMES//:/ }; do
    if [[ "${NAMESPACE}" != "${own_namespace}" && "${name}" =~ ^(.+)\.${own}(\.svc(\..+)?)?$ ]]; then
      name="${BASH_REMATCH[1]}.${NAMESPACE}${BASH_REMATCH[2]}"
    fi
    printf '%s\n' "${name}"
  done
}

# Those that a certificate lacks. Usage: missing_names FILE
missing_names() { server_names | grep -vxF -f <(names_in "$1") || true; }
