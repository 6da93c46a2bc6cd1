# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# How long the certificate lasts that a server really shows, whatever its Secret holds. Sourced by health-check.sh.

# "Jan  1 00:00:00 2030 GMT"; nothing where none is shown. Usage: end_of_shown_certificate NUMBER
end_of_shown_certificate() {
  local shown
  shown=$(timeout 2 openssl s_client -starttls postgres -connect "${hosts[$1]}:${ports[$1]}" </dev/null 2>/dev/null) || [[ -n "${shown}" ]] || return 1
  shown=$(openssl x509 -noout -enddate 2>/dev/null <<<"${shown}") || return 1
  is_fact 'notAfter=[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4} GMT' "${shown}" && printf '%s\n' "${shown#*=}"
}

# Also of a member that did not answer: a certificate that has ended may be why. Usage: check_certificate NUMBER
check_certificate() {
  local end days check="${fact[$1_instance]} certificate"
  end=${ends[$1]:-}
  if [[ -z "${end}" ]]; then
    [[ -n "${failure[$1]:-}" ]] || report warning "${check}" "none is shown: the server does not offer TLS; see its log"
    return 0
  fi
  days=$((($(date -u -d "${end}" +%s) - EPOCHSECONDS) / 86400))
  if (($(date -u -d "${end}" +%s) <= EPOCHSECONDS)); then
    report critical "${check}" "it has ended, ${end}: nobody who verifies it connects; renew it"
  elif ((days < CERTIFICATE_MIN_DAYS)); then
    report warning "${check}" "${days} days, until ${end}; warns below ${CERTIFICATE_MIN_DAYS} days: renew it"
  else
    report ok "${check}" "${days} days, warns below ${CERTIFICATE_MIN_DAYS} days"
  fi
}
