# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (names from NAME.env, variables of the programs; statuses of the questions are their answers)
# When what is new has come to every pod: the kubelet brings a changed Secret within about 90 seconds, and the members load it.
# Sourced after lib/members.sh and lib/tls.sh, never run.

# The running pods of the installation, one a line.
running_pods() { k get pods -l "app.kubernetes.io/instance=${NAME}" --field-selector=status.phase=Running -o go-template='{{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}}{{"\n"}}{{end}}{{end}}'; }

is_member() { [[ ":${MEMBERS}:" == *":${1%-0}:"* && "$1" == *-0 ]]; }

# Waits until a question is answered with nothing by every one; says who is waited for when that changes.
# Usage: wait_for_all LIST_COMMAND QUESTION
wait_for_all() {
  local began=${SECONDS} shown='' pending pod answer pods
  while :; do
    pending=''
    pods=$("$1") || die 1 "the pods cannot be listed; running this again goes on from here"
    for pod in ${pods}; do
      answer=$("$2" "${pod}")
      [[ -z "${answer}" ]] || pending+="${pod} ${answer}"$'\n'
    done
    if [[ -n "${pending}" && "${pending}" != "${shown}" ]]; then indent "  $(printf '%4d' "$((SECONDS - began))") s  waiting: " "${pending%$'\n'}"; fi
    [[ -n "${pending}" ]] || return 0
    shown=${pending}
    ((SECONDS - began < timeout)) || die 1 "not within ${timeout} s: ${pending//$'\n'/; }running this again goes on from here"
    sleep 2
  done
}

# What keeps a pod from trusting the CAs of the Secret; a pod that ends meanwhile is asked no more. Usage: lacks_authorities POD
lacks_authorities() {
  local said
  local container=()
  if is_pooler "$1"; then container=(-c follower); fi
  # A member checks what is mounted, and reads its copy of that.
  # shellcheck disable=SC2016 # the container's variable
  if ! said=$(k exec "$1" "${container[@]}" --request-timeout=10s -- sh -c 'cat "${TLS_CA_FILE:-/tls/ca.crt}"' 2>"${private}/said"); then
    # The copy outside has no connection to a member, and mounts nothing.
    if is_member "$1" || ! grep -q 'No such file' "${private}/said"; then printf 'does not answer: %s\n' "$(last_line "$(<"${private}/said")")"; fi
  elif [[ "${said}" != "$(<"${private}/tls/ca.crt")" ]]; then
    printf 'has not got ca.crt yet\n'
  fi
}

is_pooler() { [[ -n "${POOLER:-}" && "$1" == "${POOLER}"-* ]]; }

# The running pods of a kind. Usage: running_of IS_KIND…
running_of() {
  local pod pods kind
  pods=$(running_pods) || return 1
  for pod in ${pods}; do
    for kind in "$@"; do if "${kind}" "${pod}"; then printf '%s\n' "${pod}"; fi; done
  done
}

running_members() { running_of is_member; }

# Those that show the certificate to clients.
running_servers() { running_of is_member is_pooler; }

# The one that has the programs and the certificate. Usage: container_of POD
container_of() { if is_pooler "$1"; then printf 'follower\n'; else printf '%s\n' "${CONTAINER}"; fi; }

# The pooler has the second one for readers, where it has a pool of them. Usage: ports_of POD
ports_of() { if is_pooler "$1"; then printf '%s\n' 6432 6433; else printf '%s\n' 5432 ${PATRONI_SCOPE:+8008}; fi; }

# The certificate that a server in a pod presents, into private/presented. Usage: ask_server POD PORT [OPTION…]
ask_server() {
  k exec "$1" -c "$(container_of "$1")" --request-timeout=15s -- timeout 10 openssl s_client -connect "127.0.0.1:$2" "${@:3}" >"${private}/answer" 2>&1 </dev/null || true
  certificates_in "${private}/answer" | sed '/^-----END/q' >"${private}/presented"
  [[ -s "${private}/presented" ]]
}

# What keeps a server from presenting the certificate of the Secret. Usage: presents_another POD
presents_another() {
  local wanted port ports options
  wanted=$(fingerprint_of "${private}/tls/tls.crt")
  ports=$(ports_of "$1")
  for port in ${ports}; do
    options=()
    [[ "${port}" == 8008 ]] || options=(-starttls postgres)
    if ask_server "$1" "${port}" "${options[@]}"; then
      if [[ "$(fingerprint_of "${private}/presented")" != "${wanted}" ]]; then
        printf 'presents another certificate on port %s\n' "${port}"
        return
      fi
    elif ! is_stopped "$1" "${port}"; then
      printf 'presents no certificate on port %s\n' "${port}"
      return
    fi
  done
}

# A server that does not run presents the new certificate when it starts, if its pod has it. Usage: is_stopped POD PORT
is_stopped() {
  grep -qE 'errno=111|Connection refused' "${private}/answer" || return 1
  [[ "$(k exec "$1" -c "$(container_of "$1")" --request-timeout=10s -- cat /tls/tls.crt 2>/dev/null)" == "$(<"${private}/tls/tls.crt")" ]]
}

wait_for_authorities() { wait_for_all running_pods lacks_authorities; }
wait_for_certificate() { wait_for_all running_servers presents_another; }
