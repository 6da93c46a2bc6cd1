# shellcheck shell=bash disable=SC2046,SC2086,SC2153,SC2154,SC2310,SC2312
# (lists of names from NAME.env; variables of deploy-*.sh)
# The two steps of a deployment that take care: passwords that nobody sees, and members that never restart together. Sourced by
# deploy-*.sh.

# The keys of a Secret that have a value. Usage: keys_of SECRET
keys_of() {
  # shellcheck disable=SC2016 # variables of the template
  k get secret "$1" --ignore-not-found -o go-template='{{range $key, $value := .data}}{{if $value}}{{$key}} {{end}}{{end}}'
}

# Passwords that others bring are never made here. What is missing is named: the members wait for it, and so does the rest of a deployment.
name_missing_passwords() {
  local source secret present='' asked='' missing=()
  for source in ${SECRET_SOURCES//:/ }; do
    secret=${source%%/*}
    if [[ "${secret}" != "${asked}" ]]; then present=$(keys_of "${secret}") asked=${secret}; fi
    [[ " ${present} " == *" ${source#*/} "* ]] || missing+=("${source}")
  done
  if ((${#missing[@]} == 0)); then
    say "  passwords that others bring are there"
  else
    say "  passwords that others bring are missing, as SECRET/KEY: ${missing[*]}"
    say "  members wait for them; kubectl describe secret or externalsecret -n ${NAMESPACE} shows more"
  fi
}

# Random values for the keys that the Secret lacks. They go to kubectl by its standard input: never by an argument or a log.
create_passwords() {
  local key present missing=() version
  if [[ -n "${SECRET_SOURCES:-}" ]]; then name_missing_passwords; fi
  [[ -n "${SECRET_KEYS}" ]] || {
    if [[ -z "${SECRET_SOURCES:-}" ]]; then say "  passwords come from Vault's agent in the pods"; fi
    return 0
  }
  present=$(keys_of "${SECRET_NAME}")
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

# Kubernetes replaces no pod that is not ready. A member that has no data, and waits to be told where they come from, would never
# hear of a specification that says so; nor would one that ends each time that it starts of one that mends it.
# Usage: replace_waiting STATEFULSET…
replace_waiting() {
  local name reason uid
  for name in "$@"; do
    uid=$(field pod "${name}-0" '{.metadata.uid}')
    is_outdated "${name}" || continue
    reason=$(why_unstartable "${name}-0")
    # shellcheck disable=SC2016 # the container's variable
    if [[ -n "${reason}" ]]; then
      say "  ${name}-0 cannot start (${reason}): replaced by one of the new specification"
    elif k exec "${name}-0" -c "${CONTAINER}" -- sh -c 'grep -qE "^(waiting|restoring)$" /tmp/instance.role && [ ! -e "${PGDATA}/PG_VERSION" ]' >/dev/null 2>&1; then
      say "  ${name}-0 has no data and waits: replaced by one of the new specification"
    else
      continue
    fi
    delete_seen_pod "${name}-0" "${uid}" || true
  done
}

# Why a pod never starts as it is specified, as for an image that is not there; nothing where it may. Usage: why_unstartable POD
why_unstartable() {
  local reasons
  reasons=$(field pod "$1" '{.status.containerStatuses[*].state.waiting.reason} {.status.initContainerStatuses[*].state.waiting.reason} {.status.conditions[?(@.type=="PodScheduled")].reason}')
  grep -oxE -m 1 'CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainerConfigError|CreateContainerError|Unschedulable' <<<"${reasons// /$'\n'}" || true
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
    replace_waiting "$@"
    ((SECONDS < deadline)) || die 1 "not ready within ${timeout} s. Look at: kubectl describe pod -n ${NAMESPACE} $1-0; kubectl logs -n ${NAMESPACE} $1-0"
    sleep 2
  done
}

# The pooler's pods, which are replaced one after the other, each when its clients have left. Members that ran before let its role in when they have
# read their new pg_hba.conf, which takes Kubernetes up to two minutes to bring.
wait_for_pooler() {
  local deadline=$((SECONDS + timeout))
  [[ -n "${POOLER:-}" && -z "${dry_run}${change}" ]] || return 0
  say "pooler, for at most ${timeout} s"
  k rollout status "deployment/${POOLER}" --timeout="${timeout}s" >/dev/null 2>&1 || pooler_is_late "it is not ready"
  until k exec "deployment/${POOLER}" -c follower -- /scripts/pooler/follow.sh leads >/dev/null 2>&1; do
    ((SECONDS < deadline)) || pooler_is_late "no member has let it in"
    sleep 2
  done
  say "  ${POOLER} ready, and leads to the primary"
}

# Usage: pooler_is_late WHAT
pooler_is_late() {
  die 1 "the pooler is late: $1 after ${timeout} s; the members serve. Look at: kubectl describe pod -n ${NAMESPACE} -l app.kubernetes.io/instance=${NAME},app.kubernetes.io/component=pooler; kubectl logs -n ${NAMESPACE} deployment/${POOLER} --all-containers"
}

# Which member is primary now; nothing where none is, or it cannot be seen. Usage: primary_now
primary_now() {
  local member role
  for member in ${MEMBERS//:/ }; do
    exists statefulset "${member}" || continue
    role=$(role_of "${member}")
    case ${role} in
    primary)
      printf '%s\n' "${member}"
      return
      ;;
    unknown*) say "  note: it cannot be seen whether ${member} is primary: ${role#unknown }" >&2 ;;
    *) ;;
    esac
  done
}

# The members of a running installation in turn: the primary, whichever member that is, when the others serve. A new installation
# begins with the one named primary. (Members that are replaced together put themselves in order, too.)
apply_members() {
  local leader
  leader=$(primary_now)
  if [[ -z "${STANDBY:-}" ]]; then
    apply "${NAME}-primary.yaml"
  elif [[ -n "${leader}" && "${leader}" != "${PRIMARY}" ]]; then
    apply "${NAME}-primary.yaml"
    wait_ready "${PRIMARY}"
    apply "${NAME}-standby.yaml"
  elif exists statefulset "${STANDBY}"; then
    apply "${NAME}-standby.yaml"
    if [[ "$(field statefulset "${PRIMARY}" '{.status.readyReplicas}')" == 1 ]]; then wait_ready $(standbys); fi
    apply "${NAME}-primary.yaml"
  else
    apply "${NAME}-primary.yaml"
    apply "${NAME}-standby.yaml"
  fi
}

# The two kinds of failover must never run side by side on one database.
require_same_failover() {
  local member running
  for member in ${MEMBERS//:/ }; do
    running=$(failover_of statefulset "${member}")
    [[ -n "${change}" || -z "${running}" || "${running}" == "${FAILOVER}" ]] ||
      die 1 "failover changes from ${running} to ${FAILOVER}: ./change-failover.sh does that without losing data. Nothing was applied"
  done
}

# Members that have no TLS yet load the new pg_hba.conf before they are replaced, and refuse everybody from then on; and no member follows
# one of the other kind, so that a failover meanwhile loses rows.
require_offered_tls() {
  local member runs
  grep -q 'name: TLS_CA_FILE$' "${folder}/${NAME}-primary.yaml" || return 0
  for member in ${MEMBERS//:/ }; do
    runs=$(field statefulset "${member}" '{.spec.replicas}/{.spec.template.spec.containers[?(@.name=="'"${CONTAINER}"'")].env[?(@.name=="TLS_DIRECTORY")].value}')
    [[ "${runs}" != [1-9]*/ ]] ||
      die 1 "${member} runs without TLS, and the specification requires it: first deploy with tls.required: false, then with TLS (docs/how-to/tls.md); to stay without, tls.mode: off. Nothing was applied"
  done
}

# The dump's name is in the job's log: the volume that holds it may be mounted by a member that does not run.
first_backup() {
  if exists job "${BACKUP_CRONJOB}"; then return; fi
  say "first backup"
  [[ -z "${dry_run}" ]] || return 0
  k create job "${BACKUP_CRONJOB}" --from="cronjob/${BACKUP_CRONJOB}" >/dev/null
  wait_for_job "${BACKUP_CRONJOB}" "${timeout}" || die 1 "the first backup failed: kubectl logs -n ${NAMESPACE} job/${BACKUP_CRONJOB}"
  say "  done: $(k logs "job/${BACKUP_CRONJOB}" 2>/dev/null | sed -n 's/.*backup complete: \(.*\)/\1/p' | tail -n 1)"
}
