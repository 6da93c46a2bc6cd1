# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# How a member speaks with a Patroni, its own or another's: by TLS with both sides verified where that is required, else in clear.
# Sourced by patroni.sh.

# Who this member is for the others: its name where it has a certificate to prove it, else its address.
api_name() { if [[ -n "${TLS_CA_FILE:-}" ]]; then own_host; else printf '%s\n' "${POD_IP}"; fi; }

# Sends its standard input, a request in HTTP/1.0, and prints the answer. NAME is what the other side's certificate has to hold. Only who wants
# something changed shows a certificate: one that has ended would be refused. The own Patroni is known by its name whatever the date is.
# Usage: speak_http ADDRESS NAME [change]
speak_http() {
  local LC_ALL=C api request='' line='' options=()
  if [[ -n "${TLS_CA_FILE:-}" ]]; then
    if [[ "${3:-}" == change ]]; then options=(-cert "${TLS_CA_FILE%/*}/tls.crt" -cert_chain "${TLS_CA_FILE%/*}/tls.crt" -key "${TLS_CA_FILE%/*}/tls.key"); fi
    if [[ "$1" == 127.0.0.1 ]]; then options+=(-no_check_time); fi
    timeout 4 openssl s_client -quiet -connect "$1:${PATRONI_PORT}" -servername "$2" -verify_hostname "$2" -verify_return_error \
      -no-CApath -no-CAstore -CAfile "${TLS_CA_FILE}" "${options[@]}"
    return
  fi
  IFS= read -rd '' request || true
  exec {api}<>"/dev/tcp/$1/${PATRONI_PORT}" || return 1
  printf '%s' "${request}" >&"${api}"
  while IFS= read -rt 3 -u "${api}" line || [[ -n "${line}" ]]; do printf '%s\n' "${line}" && line=''; done
} 2>/dev/null

# On the way between no TLS and required TLS some members speak the one and some the other. Their state is no secret, and nothing is told.
# Usage: speak_unverified ADDRESS
speak_unverified() { timeout 4 openssl s_client -quiet -connect "$1:${PATRONI_PORT}" 2>/dev/null; }

# What a Patroni says of itself. Usage: get_state ADDRESS NAME
get_state() {
  local said request=$'GET /patroni HTTP/1.0\r\n\r\n'
  said=$(printf '%s' "${request}" | speak_http "$1" "$2") || true
  if [[ "${said}" != HTTP/* && -n "${TLS_DIRECTORY:-}" && -z "${TLS_CA_FILE:-}" ]]; then said=$(printf '%s' "${request}" | speak_unverified "$1") || true; fi
  printf '%s' "${said}"
}
