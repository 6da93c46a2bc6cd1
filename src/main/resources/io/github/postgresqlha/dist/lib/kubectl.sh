# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts beside it; statuses of the questions are their answers)
# What the scripts in this folder share: the installation's names, their options, kubectl. Sourced, never run.

say() { printf '%s\n' "$*"; }

# Prints a text with a prefix before each line. Usage: indent PREFIX TEXT
indent() {
  local line
  while IFS= read -r line; do printf '%s%s\n' "$1" "${line}"; done <<<"$2"
}

# Usage: die STATUS MESSAGE
die() {
  printf '%s: %s\n' "${0##*/}" "${*:2}" >&2
  exit "$1"
}

# The one NAME.env of a folder. Usage: names_file FOLDER
names_file() {
  local files=() file
  for file in "$1"/*.env; do [[ ! -e "${file}" ]] || files+=("${file##*/}"); done
  ((${#files[@]} > 0)) || die 64 "$1: NAME.env is missing, which comes with the manifests: take the whole folder"
  ((${#files[@]} == 1)) || die 64 "$1: more than one NAME.env (${files[*]}): the folder of one installation has one, remove the others"
  printf '%s\n' "$1/${files[0]}"
}

# A synthesis that was interrupted leaves old files beside new ones, and says so in the second line of its list. Usage: require_whole FOLDER
require_whole() {
  local state=''
  [[ ! -r "$1/.generated-files" ]] || { read -r && read -r state; } <"$1/.generated-files" || true
  [[ "${state}" != '# Incomplete'* ]] || die 64 "$1: is half written, as pgha synth or mvnw package was interrupted: run it again, or take the folder back as it was committed"
}

# The names that the specification gave. A file that is not as it was generated is refused. Usage: read_names FOLDER
read_names() {
  local file key value names=' '
  local known='^(NAME|NAMESPACE|FAILOVER|MEMBERS|CONTAINER|MANIFESTS|IMAGE|PATRONI_SCOPE|POSTGRES_MAJOR|WAL_ARCHIVER|POOLER|DATA_DURABILITY|NEVER_PRIMARY|(PRIMARY|STANDBY)(_POD|_SERVICE)?|SECRET_(NAME|KEYS|SOURCES)|TLS_(MODE|SECRET|CA_CONFIGMAP|NAMES)|DATABASE_(NAME|OWNER)|AIRFLOW_(SECRET|NAMESPACE|CONNECTION)|[A-Z_]+_CRONJOB)$'
  require_whole "$1"
  file=$(names_file "$1") || exit 64
  [[ -f "${file}" && -r "${file}" ]] || die 64 "${file}: cannot be read"
  unset STANDBY NEVER_PRIMARY PATRONI_SCOPE POOLER SECRET_SOURCES
  AIRFLOW_SECRET='' AIRFLOW_NAMESPACE='' AIRFLOW_CONNECTION=''
  TLS_MODE=off TLS_SECRET='' TLS_CA_CONFIGMAP='' TLS_NAMES=''
  while IFS='=' read -r key value || [[ -n "${key}" ]]; do
    [[ "${key}" =~ ${known} ]] || continue
    [[ "${value}" =~ ^[A-Za-z0-9._:/@+-]*$ ]] || die 64 "${file}: ${key} has an odd value or line end; take the file as it was generated"
    declare -g "${key}=${value}"
    names+="${key} "
  done <"${file}"
  for key in NAME NAMESPACE FAILOVER MEMBERS PRIMARY CONTAINER MANIFESTS; do
    [[ "${names}" == *" ${key} "* && -n "${!key}" ]] || die 64 "${file}: ${key} is missing; take the file as it was generated"
  done
  own_namespace=${NAMESPACE}
}

# Prints the header comment of a program as its help, without what it says to shellcheck. Usage: help FILE
help() { sed -n '2,/^[^#]/{/^# shellcheck /d;s/^# \{0,1\}//p;}' -- "$1"; }

# kubectl with the chosen context and namespace.
k() { kubectl ${context:+--context "${context}"} --namespace "${NAMESPACE}" "$@"; }

# What a certificate names as its organization: lib/certificates.sh asks.
organization() { printf '%s' "${NAMESPACE}"; }

# Usage: parse_common ARGUMENT [VALUE]; sets used to how many of them it took, 0 where it knows none
parse_common() {
  used=2
  case $1 in
  --namespace | --context | --timeout) [[ -n "${2:-}" ]] || die 64 "$1: a value is missing; --help shows the options" ;;
  *) ;;
  esac
  case $1 in
  --namespace) NAMESPACE=$2 ;;
  --context) context=$2 ;;
  --timeout)
    [[ "$2" =~ ^[1-9][0-9]*$ ]] || die 64 "--timeout: seconds, a whole number of at least 1, got '$2'"
    timeout=$2
    ;;
  *) used=0 ;;
  esac
}

# The programs, a context and a server that answers; says where everything goes.
require_cluster() {
  local version
  require_programs
  [[ -n "${context}" ]] || context=$(kubectl config current-context 2>/dev/null) || die 64 "kubectl has no current context: kubectl config use-context NAME, or --context NAME"
  version=$(k version --request-timeout=10s 2>&1) || die 2 "the cluster of context ${context} does not answer: ${version##*$'\n'}"
  say "context ${context}, namespace ${NAMESPACE}, $(sed -n 's/^Server Version: /Kubernetes /p' <<<"${version}")"
}

# Usage: exists KIND NAME
exists() { [[ -n "$(k get "$1" "$2" --ignore-not-found -o name)" ]]; }

# Usage: field KIND NAME JSONPATH
field() { k get "$1" "$2" --ignore-not-found -o "jsonpath=$3"; }

# Who decides in a workload: manual or automatic; nothing where it is not there, or runs neither. Usage: failover_of pod|statefulset NAME
failover_of() {
  local path='.spec'
  [[ "$1" == pod ]] || path='.spec.template.spec'
  field "$1" "$2" "{${path}.containers[?(@.name==\"${CONTAINER}\")].command[0]}" | sed -n 's/.*patroni\.sh$/automatic/p; s/.*instance\.sh$/manual/p'
}

# The members of the manifests but the one named primary, one a line.
standbys() { tr ':' '\n' <<<"${MEMBERS}" | grep -vxF -- "${PRIMARY}"; }

# psql in a member's container, on its own socket. Usage: psql_in POD ROLE DATABASE ARGUMENTS…
psql_in() { k exec -i "$1" -c "${CONTAINER}" -- psql -XAtqw -v ON_ERROR_STOP=1 -U "$2" -d "$3" "${@:4}"; }

# Waits for a Job to end, and shows its log where it failed. Usage: wait_for_job NAME SECONDS
wait_for_job() {
  local deadline=$((SECONDS + $2)) ended
  while ((SECONDS < deadline)); do
    ended=$(field job "$1" '{range .status.conditions[?(@.status=="True")]}{.type} {end}')
    case ${ended} in
    *Complete*) return 0 ;;
    *Failed*) break ;;
    *) sleep 1 ;;
    esac
  done
  k logs "job/$1" --tail=20 >&2 || true
  return 1
}
