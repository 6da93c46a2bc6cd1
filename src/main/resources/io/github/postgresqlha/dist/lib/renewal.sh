# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (names from NAME.env, variables of rotate-certificates.sh; statuses of the questions are their answers)
# What rotate-certificates.sh does. Where it stands it sees from the Secret: ca.crt lists the CAs from the oldest to the newest, and one
# of them signed the certificate. Sourced by it, never run.

# Why nothing can be renewed; nothing where it can.
bad_certificate() {
  if [[ -z "${has["ca.crt"]:-}" || -z "${has["tls.crt"]:-}" || -z "${has["tls.key"]:-}" ]]; then
    printf 'lacks tls.crt, tls.key or ca.crt: '
    if [[ "${TLS_MODE}" == generated ]]; then printf './deploy-%s.sh --secrets-only makes them\n' "${NAME}"; else printf '%s fills it\n' "$(who_renews)"; fi
  elif ((trusted == 0)); then
    printf 'ca.crt holds no certificate\n'
  elif ! said_by "${private}/tls/tls.crt" -enddate >/dev/null; then
    printf 'tls.crt is no certificate\n'
  fi
}

# Tells a plan, and whether to go on: asks, unless --yes; ends where it is only to be shown. Usage: agree PLAN_LINE…
agree() {
  if [[ -n "${dry_run}" ]]; then yes=yes; fi
  confirm "$@"
  [[ -z "${dry_run}" ]] || exit 0
}

# The last day of a certificate that is made now.
last_day() { day_of "$((EPOCHSECONDS + certificate_days * 86400))"; }

# A certificate of private/authority.*, in the Secret; and every server presents it.
replace_certificate() {
  local names
  mapfile -t names < <(server_names)
  make_certificate "${names[@]}"
  put_files secret "${TLS_SECRET}" "${tls_version}" "${private}/tls.crt" "${private}/tls.key"
  say "  Secret ${TLS_SECRET} has a certificate of $(subject_of "${private}/authority.crt"), valid until $(last_day)"
  await_certificate
}

await_certificate() {
  read_tls
  wait_for_certificate
  say "  every member and pooler that runs presents it"
}

do_renew() {
  local by authority left
  by=$(signer)
  [[ -n "${by}" ]] || die 1 "no CA of Secret ${TLS_SECRET} signed its certificate: ./rotate-certificates.sh --ca makes a new CA and certificate"
  authority="${private}/bundle/${by}"
  left=$(days_left "${authority}")
  ((left >= certificate_days)) || die 1 "the CA itself ends in ${left} days, on $(day_of "$(end_of "${authority}")"): --ca makes a new one, or --certificate-days of at most ${left}"
  take_authority "${authority}" || die 1 "the key of $(subject_of "${authority}") is neither in ${authority_directory} nor in Secret ${NAME}-ca-key: --ca-directory says where it is; if it is lost, --ca makes a new CA, which needs only the Secret"
  agree "a new key and certificate for $(server_names | wc -l) names in Secret ${TLS_SECRET}, valid until $(last_day), by $(subject_of "${authority}")" \
    "wait until every member and pooler presents it; no connection ends"
  replace_certificate
  publish_authorities
  if ((trusted > 1)); then say "note: ${trusted} CAs are trusted: ./rotate-certificates.sh --status says what is left to do"; fi
}

# Which of three: done up to --finish, begun, or not begun.
do_ca() {
  local by
  by=$(signer)
  if [[ -n "${by}" ]] && ((trusted > 1 && by == trusted)); then
    say "the certificate is of the newest CA already"
    [[ -z "${dry_run}" ]] || return 0
    publish_authorities
    wait_for_authorities
    await_certificate
    say_what_is_left
    return
  fi
  if [[ -n "${by}" ]] && ((trusted > 1)) && take_authority "${private}/bundle/${trusted}"; then
    agree "go on: every pod trusts $(subject_of "${private}/bundle/${trusted}")" "a certificate by it, valid until $(last_day)" "wait until every member and pooler presents it; no connection ends"
  else
    agree "make a new CA (${authority_days} days) and add it to ca.crt in Secret ${TLS_SECRET} and ConfigMap ${TLS_CA_CONFIGMAP}: the old one stays trusted" \
      "wait until every pod has both, and ${client_wait} s for clients that mount the ConfigMap; those with a copy of ca.crt need it before: --trust-only" \
      "a new key and certificate by the new CA, valid until $(last_day)" "wait until every member and pooler presents it; no connection ends"
    trust_another "${by}"
  fi
  publish_authorities
  wait_for_authorities
  say "  every pod that runs trusts the old CA and the new one"
  if [[ -n "${trust_only}" ]]; then
    say "Give ca.crt of ConfigMap ${TLS_CA_CONFIGMAP} to clients that have a copy of it, then: ./rotate-certificates.sh --ca"
    return
  fi
  sleep "${client_wait}"
  replace_certificate
  say_what_is_left
}

# Adds a CA to the one that signed the present certificate. One that was added before and whose key is lost has signed nothing.
# Usage: trust_another NUMBER_OF_THE_PRESENT_CA
trust_another() {
  local old="${private}/tls/ca.crt"
  collect_authorities
  new_authority 86400
  if [[ -n "$1" ]]; then old="${private}/bundle/$1"; fi
  { certificates_in "${old}" && certificates_in "${private}/authority.crt"; } >"${private}/ca.crt"
  put_files secret "${TLS_SECRET}" "${tls_version}" "${private}/ca.crt"
  read_tls
}

say_what_is_left() {
  say "The old CA is still trusted. When every client has ca.crt of ConfigMap ${TLS_CA_CONFIGMAP}: ./rotate-certificates.sh --finish"
}

do_finish() {
  local i by
  by=$(signer)
  if ((trusted == 1)); then
    say "one CA is trusted, $(subject_of "${private}/bundle/1"): nothing is left to do"
    [[ -n "${dry_run}" ]] || publish_authorities
    return
  fi
  [[ "${by}" == "${trusted}" ]] || die 1 "the certificate is not of the newest CA yet: ./rotate-certificates.sh --ca goes on with that"
  agree "see that every member and pooler presents a certificate of $(subject_of "${private}/bundle/${by}")" \
    "take the other CA out of ca.crt in Secret ${TLS_SECRET} and ConfigMap ${TLS_CA_CONFIGMAP}, and delete its key: a client that has only the old ca.crt connects no more"
  wait_for_certificate
  for ((i = 1; i < trusted; i++)); do drop_authority "${private}/bundle/${i}"; done
  certificates_in "${private}/bundle/${by}" >"${private}/ca.crt"
  put_files secret "${TLS_SECRET}" "${tls_version}" "${private}/ca.crt"
  read_tls
  publish_authorities
  wait_for_authorities
  say "one CA is trusted: $(subject_of "${private}/bundle/1")"
}

# Says what was found, and whether there is something to do. Usage: todo TEXT
todo() {
  say "  TO DO: $1"
  to_do=yes
}

do_status() {
  local certificate="${private}/tls/tls.crt" by i missing pods
  to_do=''
  by=$(signer)
  say "certificate in Secret ${TLS_SECRET}: $(subject_of "${certificate}"), until $(day_of "$(end_of "${certificate}")"), $(days_left "${certificate}") days"
  say "  names: $(names_in "${certificate}" | tr '\n' ' ')"
  missing=$(missing_names "${certificate}")
  [[ -z "${missing}" ]] || todo "names of the specification that it lacks: ${missing//$'\n'/ }: $(how_to_renew)"
  (($(days_left "${certificate}") >= 30)) || todo "it ends soon: $(how_to_renew)"
  [[ -n "${by}" ]] || todo "none of the CAs signed it: nobody who verifies can connect"
  for ((i = 1; i <= trusted; i++)); do status_of_authority "${i}" "${by}"; done
  if ((trusted > 1)) && [[ "${TLS_MODE}" == generated ]]; then
    if [[ "${by}" == "${trusted}" ]]; then todo "the old CA is still trusted: --finish when every client has the new ca.crt"; else todo "a new CA is trusted, and has not signed the certificate yet: --ca goes on"; fi
  fi
  status_of_clients
  pods=$(running_servers) || die 1 "the pods cannot be listed"
  for i in ${pods}; do status_of_server "${i}"; done
  [[ -z "${to_do}" ]] || exit 1
}

how_to_renew() { if [[ "${TLS_MODE}" == generated ]]; then printf './rotate-certificates.sh\n'; else printf '%s renews it\n' "$(who_renews)"; fi; }

# Usage: status_of_authority NUMBER NUMBER_OF_THE_SIGNER
status_of_authority() {
  local authority="${private}/bundle/$1" key='its key is not here' role=''
  [[ "$1" != "$2" ]] || role=', signed the certificate'
  if [[ "${TLS_MODE}" != generated ]]; then key=''; elif take_authority "${authority}"; then key='its key is at hand'; fi
  say "CA: $(subject_of "${authority}"), until $(day_of "$(end_of "${authority}")"), $(days_left "${authority}") days${role}${key:+, ${key}}"
  if [[ -n "${role}" ]] && (($(days_left "${authority}") < ($([[ "${TLS_MODE}" != generated ]] && printf 30 || printf '%s' "${certificate_days}")))); then
    todo "it ends before a certificate that is made now: $(how_to_renew)$([[ "${TLS_MODE}" != generated ]] || printf ' --ca')"
  fi
}

status_of_clients() {
  fetch_object configmap "${TLS_CA_CONFIGMAP}" "${private}/published" || true
  if [[ -f "${private}/published/ca.crt" && "$(certificates_in "${private}/published/ca.crt")" == "$(certificates_in "${private}/tls/ca.crt")" ]]; then
    say "ConfigMap ${TLS_CA_CONFIGMAP} has the same CAs for clients"
  else
    todo "ConfigMap ${TLS_CA_CONFIGMAP} has other CAs: ./deploy-${NAME}.sh --secrets-only"
  fi
}

# Usage: status_of_server POD
status_of_server() {
  local answer
  answer=$(lacks_authorities "$1")
  answer=${answer:-$(presents_another "$1")}
  if [[ -n "${answer}" ]]; then todo "$1 ${answer}"; else say "$1 presents it, and trusts these CAs"; fi
}
