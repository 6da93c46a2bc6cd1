# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What the cases share: checks, commands as the documentation has them, waiting. Sourced by e2e/run.

dist="${root:?}/dist"
namespace=$(sed -n 's/^NAMESPACE=//p' "${dist}"/*.env)
committed_major=$(sed -n 's/^POSTGRES_MAJOR=//p' "${dist}"/*.env)
major=${committed_major}
image_builder=${BUILD_IMAGE:-${root}/../shared/cluster/image}
primary=postgresql-primary-0 standby=postgresql-standby-0

# Usage: record passed|failed DESCRIPTION
record() {
  printf '%s %s\n' "$1" "$2" >>"${scratch}/results"
  printf '%-6s %s\n' "$1" "$2"
}

# A function or program that must succeed; its output is shown where it does not. Usage: check DESCRIPTION COMMAND…
check() {
  if "${@:2}" >"${scratch}/output" 2>&1; then
    record passed "$1"
  else
    record failed "$1"
    tail -n 60 "${scratch}/output" | sed 's/^/       /'
  fi
}

# A command line as the documentation has it, which must succeed and print what matches, if anything. Usage: documented COMMAND PATTERN [INPUT]
documented() {
  local status=0
  (cd -- "${dist}" && timeout 300 bash -o pipefail -c "$1") >"${scratch}/output" 2>&1 <<<"${3:-}" || status=$?
  if ((status == 0)) && { [[ -z "$2" ]] || grep -qE -- "$2" "${scratch}/output"; }; then
    record passed "$1"
  else
    record failed "$1: exit status ${status}, expected $2"
    tail -n 60 "${scratch}/output" | sed 's/^/       /'
  fi
}

# Like documented, for logs. A kubelet that shares its machine with another one, as in some test clusters, removes the other's
# log files each minute; then REFRESH makes a new log. Usage: documented_log REFRESH COMMAND PATTERN
documented_log() {
  local attempt
  for attempt in 1 2 3; do
    (cd -- "${dist}" && timeout 60 bash -c "$2") >"${scratch}/output" 2>&1 || true
    if grep -qE -- "$3" "${scratch}/output"; then
      record passed "$2"
      return
    fi
    "$1" >/dev/null 2>&1 || true
  done
  record failed "$2: expected $3"
  tail -n 60 "${scratch}/output" | sed 's/^/       /'
}

# Collects the log of a container that is about to start, for two minutes. Usage: follow POD FILE
follow() {
  local end=$((SECONDS + 120))
  (while ((SECONDS < end)) && ! timeout "$((end - SECONDS))" kubectl logs --namespace "${namespace}" "$1" -f >>"$2" 2>/dev/null; do sleep 0.2; done) &
}

k() { kubectl --namespace "${namespace}" "$@"; }

# SQL in a member's container, as postgres or as the application. Usage: sql POD QUERY
sql() { k exec "$1" -c postgresql -- psql -XAtqw -v ON_ERROR_STOP=1 -U postgres -d postgres -c "$2"; }
app_sql() { k exec "$1" -c postgresql -- psql -XAtqw -v ON_ERROR_STOP=1 -U airflow -d airflow -c "$2"; }

# Usage: eventually SECONDS COMMAND…
eventually() {
  local deadline=$((SECONDS + $1))
  until "${@:2}" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || {
      "${@:2}"
      return 1
    }
    sleep 0.5
  done
}

# Usage: is VALUE COMMAND…; the command prints exactly this. kubectl now and then adds a line of its own to the other stream.
is() {
  local actual
  actual=$("${@:2}" 2>"${scratch}/stderr") || true
  [[ "${actual}" == "$1" ]] || { printf "expected '%s', got '%s' %s\n" "$1" "${actual}" "$(<"${scratch}/stderr")" && return 1; }
}

# Usage: refuses PATTERN COMMAND…; the command fails and says why
refuses() {
  local output
  if output=$("${@:2}" 2>&1); then
    printf 'it succeeded: %s\n' "${output}"
    return 1
  fi
  grep -qE -- "$1" <<<"${output}" || { printf 'another reason: %s\n' "${output}" && return 1; }
}

in_recovery() { sql "$1" 'SELECT pg_is_in_recovery()'; }
ready() { k wait pod "$1" --for=condition=Ready --timeout="${2:-120}s"; }
restarts() { k get pod "$1" -o 'jsonpath={.metadata.uid} {.status.containerStatuses[?(@.name=="postgresql")].restartCount}'; }

# Whether a job came to its end, either way. Usage: has_ended JOB
has_ended() { [[ "$(k get job "$1" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}')" =~ Complete|Failed ]]; }

# A new run of the health check: its answer, whether it has a line, by a pattern of grep -E.
health_answer() {
  k delete job e2e-health --ignore-not-found >/dev/null
  k create job --from=cronjob/postgresql-health-check e2e-health >/dev/null
  eventually 120 has_ended e2e-health && k logs job/e2e-health
}
health_says() { health_answer | grep -E -- "$1"; }

# The given member is primary and the other streams from it. Usage: healthy PRIMARY_POD
healthy() {
  local other=${standby}
  [[ "$1" == "${primary}" ]] && other=${standby} || other=${primary}
  is f in_recovery "$1" && is t in_recovery "${other}" &&
    is streaming sql "$1" "SELECT state FROM pg_stat_replication WHERE application_name IN ('${other%-0}', '${other}')"
}

# The specification in a file, for the major that is tried. Usage: specification FILE; prints the path of its copy
specification() {
  local copy
  copy="${scratch}/specification-$(basename -- "$1")"
  sed -e '/^postgresVersion:/d' -e "s/^\\(image: .*:\\)[0-9]*\\(-[0-9.]*\\)\\{0,1\\}\$/\\1${major}\\2/" -- "$1" >"${copy}"
  printf 'postgresVersion: %s\n' "${major}" >>"${copy}"
  printf '%s\n' "${copy}"
}

# The folder of the default installation with another major, and its image. From here on it is what the cases try.
other_major() {
  local file
  file=$(specification "${root}/postgresql-ha.yaml")
  dist="${scratch}/dist"
  "${root}/pgha" synth --config "${file}" --out "${dist}"
  [[ ! -x "${image_builder}" ]] || "${image_builder}" postgres "${major}"
}

start_anew() {
  printf 'deleting namespace %s\n' "${namespace}"
  kubectl delete namespace "${namespace}" --ignore-not-found --wait --timeout=180s
}

# On the backup volume, which the members can only read. Usage: in_backups COMMANDS
in_backups() { k exec deployment/postgresql-wal-archiver -- sh -c "cd /var/lib/postgresql/backups && $1"; }
