# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (names from NAME.env, variables of the programs, read by what is called; statuses of the questions are their answers)
# The Secret of the URLs by which Airflow connects. lib/airflow-urls.txt says what is in it, with PASSWORD where the password goes. No
# password is an argument of a program, or shown, not even by bash -x: what holds one in a variable switches that off. Sourced after lib/tls.sh, never run.

# Where Airflow runs: another namespace than the database's stays what it is. Usage: airflow_namespace
airflow_namespace() {
  if [[ "${AIRFLOW_NAMESPACE}" == "${own_namespace}" ]]; then printf '%s\n' "${NAMESPACE}"; else printf '%s\n' "${AIRFLOW_NAMESPACE}"; fi
}

# A command on objects of Airflow's namespace. Usage: for_airflow COMMAND…
for_airflow() {
  local place
  place=$(airflow_namespace)
  local NAMESPACE=${place}
  "$@"
}

# The kit's manifest, in its own namespace. Usage: apply_kit FILE
apply_kit() {
  if [[ "${AIRFLOW_NAMESPACE}" != "${own_namespace}" ]]; then
    local NAMESPACE=${AIRFLOW_NAMESPACE} own_namespace=${AIRFLOW_NAMESPACE}
  fi
  apply "$1"
}

# Every byte that a URL gives a meaning is written as %XX, a blank as well: nobody decodes a plus sign. Usage: percent_encoded TEXT
percent_encoded() {
  local -
  set +x
  local LC_ALL=C text=$1 byte code i result=''
  for ((i = 0; i < ${#text}; i++)); do
    byte=${text:i:1}
    case ${byte} in
    [A-Za-z0-9._~-]) result+=${byte} ;;
    *)
      printf -v code '%d' "'${byte}"
      printf -v byte '%%%02X' "$((code & 255))"
      result+=${byte}
      ;;
    esac
  done
  printf '%s' "${result}"
}

# The password of a key into private/password, as the role has it: without newlines at its end. Usage: fetch_password SECRET/KEY
fetch_password() {
  local -
  set +x
  local text
  k get secret "${1%%/*}" --ignore-not-found -o go-template="{{with .data}}{{with index . \"${1#*/}\"}}{{.}}{{end}}{{end}}" >"${private}/encoded" ||
    die 1 "Secret ${1%%/*} cannot be read"
  [[ -s "${private}/encoded" ]] || return 1
  base64 -d <"${private}/encoded" >"${private}/raw" || die 1 "Secret ${1%%/*}: key ${1#*/} cannot be decoded"
  [[ -z "$(tr -cd '\000\r' <"${private}/raw" | od -An -tx1)" ]] || die 1 "Secret ${1%%/*}: key ${1#*/} holds a carriage return or NUL; give it another password"
  text=$(<"${private}/raw")
  [[ "${text}" != *$'\n'* ]] || die 1 "Secret ${1%%/*}: key ${1#*/} holds a line break; give it another password"
  printf '%s' "${text}" >"${private}/password"
  [[ -s "${private}/password" ]]
}

# One value into private/airflow. Usage: write_value KEY URL
write_value() {
  local -
  set +x
  local password url=$2
  password=$(<"${private}/password")
  if [[ "${url}" != PASSWORD ]]; then
    password=$(percent_encoded "${password}")
    url=${url//".${own_namespace}.svc"/".${NAMESPACE}.svc"}
  fi
  printf '%s%s%s' "${url%%PASSWORD*}" "${password}" "${url#*PASSWORD}" >"${private}/airflow/$1"
}

# Fills private/airflow with the Secret's values. Returns 1 where a password is missing, and names it.
make_values() {
  local key source url rest known='^[a-z-]+ [a-z0-9.-]+/[A-Za-z0-9._-]+ [A-Za-z0-9._:/?=&@,+-]*PASSWORD[A-Za-z0-9._:/?=&@,+-]*$'
  rm -rf -- "${private}/airflow"
  mkdir -- "${private}/airflow"
  while IFS= read -r rest || [[ -n "${rest}" ]]; do
    [[ "${rest}" != '#'* ]] || continue
    [[ "${rest}" =~ ${known} ]] || die 64 "${folder}/lib/airflow-urls.txt has an odd line; take the file as it was generated"
    read -r key source url <<<"${rest}"
    if ! fetch_password "${source}"; then
      say "  Secret ${AIRFLOW_SECRET} of Airflow's connection waits for a password: ${source}"
      return 1
    fi
    write_value "${key}" "${url}"
  done <"${folder}/lib/airflow-urls.txt"
}

# Whether the Secret has just these values. Usage: has_values FOLDER
has_values() {
  local file
  for file in "${private}"/airflow/*; do
    cmp -s -- "${file}" "$1/${file##*/}" || return 1
  done
}

# The Secret, where the passwords are there and it has others; run in Airflow's namespace.
put_values() {
  fetch_object secret "${AIRFLOW_SECRET}" "${private}/present" || true
  if [[ -n "${version}" ]] && has_values "${private}/present"; then
    say "  Airflow's connection is there"
  elif [[ -n "${dry_run:-}" ]]; then
    say "  would write Airflow's connection: Secret ${AIRFLOW_SECRET}"
  else
    put_files secret "${AIRFLOW_SECRET}" "${version}" "${private}"/airflow/*
    say "  Airflow's connection written: Secret ${AIRFLOW_SECRET} in namespace ${NAMESPACE}"
  fi
}

# The connection by the present passwords. It can be made again at any time.
create_connection() {
  local place
  case ${AIRFLOW_CONNECTION} in
  deploy) ;;
  externalSecrets)
    say "  Airflow's connection: External Secrets makes Secret ${AIRFLOW_SECRET}"
    return
    ;;
  vault)
    say "  Airflow's connection: the passwords are in Vault alone; make Secret ${AIRFLOW_SECRET} by the lines of lib/airflow-urls.txt"
    return
    ;;
  *) return 0 ;;
  esac
  place=$(airflow_namespace)
  if ! exists namespace "${place}"; then
    say "  note: namespace ${place} of Airflow is not there yet: ./deploy-${NAME}.sh --secrets-only makes Secret ${AIRFLOW_SECRET} when it is"
    return
  fi
  private_folder
  make_values || return 0
  for_airflow put_values
  rm -f -- "${private}/encoded" "${private}/raw" "${private}/password"
}

# The authorities for an Airflow in a namespace of its own. Usage: copy_authorities
copy_authorities() {
  [[ -n "${AIRFLOW_SECRET}" && "${AIRFLOW_NAMESPACE}" != "${own_namespace}" && -n "${TLS_CA_CONFIGMAP}" && -z "${dry_run:-}" ]] || return 0
  exists namespace "${AIRFLOW_NAMESPACE}" || return 0
  fetch_object configmap "${TLS_CA_CONFIGMAP}" "${private}/published" || return 0
  for_airflow put_authorities
}

put_authorities() {
  fetch_object configmap "${TLS_CA_CONFIGMAP}" "${private}/theirs" || true
  [[ -z "${version}" || ! -f "${private}/theirs/ca.crt" ]] || ! cmp -s -- "${private}/theirs/ca.crt" "${private}/published/ca.crt" || return 0
  put_files configmap "${TLS_CA_CONFIGMAP}" "${version}" "${private}/published/ca.crt"
  say "  ConfigMap ${TLS_CA_CONFIGMAP} in namespace ${NAMESPACE}: the same for Airflow"
}

# What Airflow needs after a new password of a role. Usage: say_what_airflow_needs
say_what_airflow_needs() {
  say "Airflow: Secret ${AIRFLOW_SECRET} has the new connection. Components with airflow_local_settings.py take the new password from the"
  say "  mounted file within about 90 seconds, and try again until then: no restart. Others, and Airflow where its chart is given another"
  say "  connection: kubectl rollout restart deployment,statefulset -l tier=airflow -n $(airflow_namespace)"
}
