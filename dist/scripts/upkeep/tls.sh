# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# The certificate of this member. What is mounted is checked as a whole, and copied to where the server, Patroni and this member's own
# connections read it: what was renewed badly never takes the place of what serves. Sourced by the supervisors after lib/secrets.sh.

tls_sum='' tls_problem=''

# In memory in the pods: a key is on no disk. It outlives the container, as the pod does.
tls_copies() { printf '%s/tls' "$(passfile_directory)"; }

# The name under which the other members know this one; nothing where the list has none, as of a member that has no other.
own_host() {
  local host hosts
  IFS=, read -ra hosts <<<"${MEMBER_HOSTS:-}"
  for host in "${hosts[@]}"; do [[ "${host}" != "${INSTANCE_NAME}-0".* ]] || printf '%s\n' "${host}"; done
}

# Only what was asked, and trusting nobody but ca.crt: this system's own authorities sign for anybody. Keys and signatures have to be as
# strong as servers and clients want them. Usage: check_chain FOLDER [OPTION…]; sets said to what speaks against it
check_chain() {
  said=$(openssl verify -no-CApath -no-CAstore -auth_level 2 -purpose sslserver "${@:2}" -CAfile "$1/ca.crt" -untrusted "$1/tls.crt" "$1/tls.crt" 2>&1) && return
  said=$(sed -n 's/^error [0-9 a-z]*depth lookup: //p' <<<"${said}")
  said=${said//$'\n'/, }
  return 1
}

# Sets tls_problem to why the files of a folder are of no use; to nothing where they are. Their end is another question.
# Usage: find_tls_problem FOLDER
find_tls_problem() {
  local file certificate key host said
  for file in tls.crt tls.key ca.crt; do
    tls_problem="${file} is missing or empty"
    [[ -s "$1/${file}" ]] || return 0
  done
  tls_problem='tls.crt holds no certificate'
  certificate=$(openssl x509 -in "$1/tls.crt" -noout -pubkey 2>/dev/null) || return 0
  tls_problem='tls.key holds no private key, or one with a passphrase'
  key=$(openssl pkey -in "$1/tls.key" -passin pass: -pubout 2>/dev/null) || return 0
  tls_problem='tls.key does not belong to tls.crt'
  [[ "${key}" == "${certificate}" ]] || return 0
  check_chain "$1" -no_check_time || {
    tls_problem="tls.crt is not signed by ca.crt${said:+: ${said}}"
    return 0
  }
  [[ -z "${PATRONI_SCOPE:-}" || -z "${TLS_CA_FILE:-}" ]] || check_chain "$1" -no_check_time -purpose sslclient || {
    tls_problem='tls.crt is for servers alone, and with Patroni members are clients of each other: it needs the usage client auth'
    return 0
  }
  host=$(own_host)
  tls_problem="tls.crt does not hold the name ${host}"
  [[ -z "${host}" ]] || openssl x509 -in "$1/tls.crt" -noout -checkhost "${host}" 2>/dev/null | grep -q 'does match' || return 0
  tls_problem=
}

# Sets tls_problem to why files that are of use are not now; to nothing where they are. Usage: find_time_problem FOLDER
find_time_problem() {
  local said
  tls_problem="tls.crt has ended: $(end_of_certificate "$1")"
  openssl x509 -in "$1/tls.crt" -noout -checkend 0 >/dev/null 2>&1 || return 0
  check_chain "$1" || {
    tls_problem="tls.crt, or an authority that signed it, is not valid now: ${said}"
    return 0
  }
  tls_problem=
}

# "Jan  1 00:00:00 2030 GMT". Usage: end_of_certificate FOLDER
end_of_certificate() { openssl x509 -in "$1/tls.crt" -noout -enddate 2>/dev/null | sed 's/^notAfter=//'; }

# Takes what is mounted, where it can be used, and sets tls_problem where not. The folder is looked at after it was copied: what is mounted
# changes at any moment. Usage: take_tls [ended]; with ended also a certificate that has ended, or not begun, which is better than none
take_tls() {
  local copies file sum
  copies=$(tls_copies)
  tls_problem="${copies} cannot be written"
  rm -rf -- "${copies}.new" && (umask 077 && mkdir -p -- "${copies}" "${copies}.new") || return 1
  for file in tls.crt tls.key ca.crt; do
    (umask 077 && cat -- "${TLS_DIRECTORY}/${file}" >"${copies}.new/${file}") 2>/dev/null || true
  done
  find_tls_problem "${copies}.new"
  [[ -z "${tls_problem}" ]] || return 1
  find_time_problem "${copies}.new"
  [[ -z "${tls_problem}" || "${1:-}" == ended ]] || return 1
  sum=$(sum_of_tls "${copies}.new")
  # Who connects meanwhile trusts the new authority before anybody shows its certificate.
  for file in ca.crt tls.key tls.crt; do mv -fT -- "${copies}.new/${file}" "${copies}/${file}" || return 1; done
  tls_sum=${sum} # of what was taken: what is mounted may be another by now
}

# Usage: sum_of_tls FOLDER
sum_of_tls() { cat -- "$1"/{tls.crt,tls.key,ca.crt} 2>/dev/null | sha256sum; }

# Returns when there is a certificate to serve with. What an earlier container of this pod served with will do.
await_tls() {
  [[ -n "${TLS_DIRECTORY:-}" ]] || return 0
  local copies why
  copies=$(tls_copies)
  until take_tls; do
    why=${tls_problem}
    find_tls_problem "${copies}"
    [[ -n "${tls_problem}" ]] || find_time_problem "${copies}"
    if [[ -n "${tls_problem}" ]]; then
      if take_tls ended; then break; fi
      why=${tls_problem}
      find_tls_problem "${copies}"
    fi
    if [[ -z "${tls_problem}" ]]; then
      tls_problem=${why}
      refuse_tls
      return 0
    fi
    if every awaiting_tls 30; then log_warn "${TLS_DIRECTORY}: waiting: ${why}. deploy-*.sh --secrets-only makes a certificate that is missing, rotate-certificates.sh one that lacks a name; others have to be corrected in the Secret"; fi
    tick
  done
  if [[ -n "${tls_problem}" ]]; then log_error "${TLS_DIRECTORY}: ${tls_problem}: nobody who verifies it connects; renew it, which needs no restart"; fi
}

refuse_tls() { log_warn "${TLS_DIRECTORY}: ${tls_problem}: not loaded; the certificate that serves stays until this is corrected in the Secret"; }

# Follows the mounted Secret. Usage: follow_tls; succeeds where another certificate or authority was taken
follow_tls() {
  [[ -n "${TLS_DIRECTORY:-}" ]] || return 1
  local sum copies
  sum=$(sum_of_tls "${TLS_DIRECTORY}")
  [[ "${sum}" != "${tls_sum}" ]] || return 1
  if ! take_tls; then
    if [[ "${sum}" != "${tls_refused:-}" ]] || every refused_tls 600; then refuse_tls; fi
    tls_refused=${sum}
    return 1
  fi
  tls_refused=
  copies=$(tls_copies)
  log_info "the certificate changed: reloading; it ends $(end_of_certificate "${copies}")"
  [[ -z "${postmaster_pid}" ]] || kill -HUP "${postmaster_pid}"
}
