# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (names from NAME.env, variables of rotate-passwords.sh; statuses of the questions are their answers)
# What rotate-passwords.sh does. No password is an argument, and none is shown: what is compared are checksums, and verifiers inside
# the member's container. Sourced by it, never run.

# What has a password in the Secret, one a line. patroni is no role of the database: who has it may ask Patroni's REST API.
roles_of_secret() { tr ':' '\n' <<<"${SECRET_KEYS}" | sed -n 's/-password$//p'; }

# Usage: choose_role ROLE
choose_role() {
  [[ -z "${SECRET_KEYS}" ]] || roles_of_secret | grep -qxF -- "$1" || die 64 "--role: '$1' has no password; there are $(roles_of_secret | tr '\n' ' ')"
  [[ " ${chosen[*]} " == *" $1 "* ]] || chosen+=("$1")
}

plan_passwords() {
  version=$(field secret "${SECRET_NAME}" '{.metadata.resourceVersion}')
  [[ -n "${version}" ]] || die 1 "Secret ${SECRET_NAME} is not there: ./deploy-${NAME}.sh --secrets-only makes it"
  if [[ -n "${dry_run}" ]]; then yes=yes; fi
  confirm "new random passwords in Secret ${SECRET_NAME} for: ${chosen[*]}" "wait until the primary's roles have them: from then on the old ones fail; sessions that are open go on"
  [[ -z "${dry_run}" ]] || exit 0
}

change_passwords() {
  local keys=("${chosen[@]/%/-password}")
  password_patch "${version}" "${keys[@]}" | patch_object secret "${SECRET_NAME}"
  say "Secret ${SECRET_NAME} has new passwords: ${chosen[*]}"
}

# The checksum of each chosen key, as "SUM  KEY" lines in private/sums: what a pod's files have to be.
expect_passwords() {
  local role
  for role in "${chosen[@]}"; do
    k get secret "${SECRET_NAME}" -o go-template="{{with index .data \"${role}-password\"}}{{.}}{{end}}" >"${private}/value" || die 1 "Secret ${SECRET_NAME} cannot be read"
    [[ -s "${private}/value" ]] || die 1 "Secret ${SECRET_NAME}: ${role}-password is missing or empty: ./deploy-${NAME}.sh --secrets-only makes it"
    printf '%s  %s-password\n' "$(base64 -d <"${private}/value" | sha256sum | cut -d ' ' -f 1)" "${role}"
  done >"${private}/sums"
  rm -f -- "${private}/value"
}

# What keeps a member from using the passwords of the Secret. Usage: lacks_passwords POD
lacks_passwords() {
  local said role
  # shellcheck disable=SC2016 # the container's variable
  if ! said=$(k exec -i "$1" -c "${CONTAINER}" --request-timeout=10s -- sh -c 'cd "${SECRET_DIRECTORY}" && sha256sum -c --quiet - 2>&1' <"${private}/sums" 2>&1); then
    if [[ "${said}" == *': FAILED'* ]]; then
      printf 'has not got the Secret yet\n'
    else
      printf 'does not answer: %s\n' "$(last_line "${said}")"
    fi
  else
    role=$(role_of "${1%-0}")
    case ${role} in
    primary) lacks_verifiers "$1" ;;
    unknown*) printf 'cannot be seen: %s\n' "${role#unknown }" ;;
    *) ;;
    esac
  fi
}

# The chosen roles whose password in the database is another one, by the program that the member itself compares with; it has got
# the files. Usage: lacks_verifiers POD
lacks_verifiers() {
  local role said
  for role in "${chosen[@]}"; do
    [[ "${role}" != patroni ]] || continue
    # shellcheck disable=SC2016 # the container's variables
    said=$(k exec -i "$1" -c "${CONTAINER}" --request-timeout=20s -- bash -c '
      read -r role
      present=$(psql -XAtqw -U postgres -d postgres -v role="${role}" <<<"SELECT left(rolpassword, 256) FROM pg_authid WHERE rolname = :'"'role'"'") || exit 1
      [[ "${present}" != md5* ]] || { fitting=md5$(printf "%s%s" "$(<"${SECRET_DIRECTORY}/${role}-password")" "${role}" | md5sum) && fitting=${fitting%% *} || exit 1; }
      [[ "${present}" == md5* ]] || fitting=$({ printf "%s\n" "${present}" && cat "${SECRET_DIRECTORY}/${role}-password"; } | timeout 10 perl /scripts/upkeep/scram-verifier.pl) || exit 1
      [[ -n "${present}" && "${fitting}" == "${present}" ]] && printf "fits\n" || printf "differs\n"' <<<"${role}" 2>"${private}/said") || said="cannot be asked: $(last_line "$(<"${private}/said")")"
    case ${said} in
    fits) ;;
    differs) printf '%s has another password\n' "${role}" && return ;;
    *) printf '%s %s\n' "${role}" "${said}" && return ;;
    esac
  done
}

# Every member that runs has the files, one of them is primary, and its roles have the passwords.
await_passwords() {
  expect_passwords
  wait_for_all running_members lacks_passwords
  compare_roles || die 1 "${compared}; ./rotate-passwords.sh --status shows when that has changed"
  say "the roles have them: from now on the old ones fail"
}

# Whether the roles of the member that is primary now have the passwords; says what was found in compared.
compare_roles() {
  local leader answer
  compared="no member is primary: the roles get the passwords as soon as one is"
  leader=$(member_with_role primary)
  [[ -n "${leader}" ]] || return 1
  answer=$(lacks_verifiers "${leader}-0")
  compared="${leader}-0 is primary: ${answer:-its roles have the passwords of Secret ${SECRET_NAME}}"
  [[ -z "${answer}" ]]
}

show_passwords() {
  local pod answer wrong=''
  expect_passwords
  for pod in $(running_members); do
    answer=$(lacks_passwords "${pod}")
    say "${pod} ${answer:-has got Secret ${SECRET_NAME}}"
    [[ -z "${answer}" ]] || wrong=yes
  done
  compare_roles || wrong=yes
  say "${compared}"
  [[ -z "${wrong}" ]] || exit 1
}

say_what_clients_need() {
  if [[ " ${chosen[*]} " == *" ${DATABASE_OWNER} "* ]]; then
    say "${DATABASE_OWNER}: sessions that are open go on. For new ones every client needs the new password, key ${DATABASE_OWNER}-password of Secret ${SECRET_NAME}:"
    if [[ "${AIRFLOW_CONNECTION}" == deploy ]]; then
      say_what_airflow_needs
    else
      say "  Airflow opens new connections all the time (a pool renews them, each task makes its own), so change its connection now and restart"
      say "  scheduler, webserver or API server, triggerer, DAG processor and workers; until then what they newly open fails and is tried again."
    fi
  fi
  if [[ "${chosen[*]}" != "${DATABASE_OWNER}" ]]; then
    say "The product's own roles: members, jobs and archiver read the Secret themselves; nothing is to be done."
  fi
}
