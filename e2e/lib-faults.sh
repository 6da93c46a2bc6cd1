# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What the cases of faults do to pods, networks and nodes. Sourced by those cases.

address() { k get pod "$1" -o 'jsonpath={.status.podIP}{"\n"}'; }
power() { "${root}/../shared/cluster/node" "$1" "${2#node-}"; }
node_of() { k get pod "$1" -o 'jsonpath={.spec.nodeName}'; }
in_primary() { in_pod "$(primary_pod)" "$1"; }
kill_postmaster() { in_primary 'kill -KILL "$(head -n 1 "$PGDATA/postmaster.pid")"'; }
in_pod() { k exec "$1" -c postgresql -- bash -c "$2"; }
lose_primary() { in_pod "$1" 'kill -KILL -1' >/dev/null 2>&1 || true; }

# Processes of a member's container, on its node. Usage: processes_of POD
processes_of() {
  local id
  id=$(k get pod "$1" -o 'jsonpath={.status.containerStatuses[?(@.name=="postgresql")].containerID}')
  [[ -n "${id##*/}" ]] || return 0
  grep -slF "${id##*/}" /proc/[0-9]*/cgroup | cut -d / -f 3
}

# Usage: choose_processes POD supervisor|postmaster|both|all
choose_processes() {
  local pid name
  for pid in $(processes_of "$1"); do
    name=$(tr '\0' ' ' 2>/dev/null <"/proc/${pid}/cmdline") || continue
    if [[ "$2" == all ]] ||
      { [[ "$2" != postmaster ]] && grep -qsE '^NSpid:.*\s1$' "/proc/${pid}/status"; } ||
      { [[ "$2" != supervisor && "${name}" == "postgres -D "* ]]; }; then printf '%s\n' "${pid}"; fi
  done
}
# The end of a container as the kernel does it; nothing in the container can do this. Usage: kill_process_one POD
kill_process_one() { kill -KILL "$(choose_processes "$1" supervisor)"; }

# The namespace's own, for runs beside each other.
cut_table=e2e_cut_${namespace//-/_}

# Drops packets between a pod and other addresses. Usage: cut_off FROM TO…
cut_off() {
  local from=$1 to
  shift
  nft add table ip "${cut_table}"
  nft add chain ip "${cut_table}" f '{ type filter hook forward priority 5; }'
  nft add chain ip "${cut_table}" i '{ type filter hook input priority 5; }'
  for to in "$@"; do
    nft add rule ip "${cut_table}" f ip saddr "${from}" ip daddr "${to}" drop
    nft add rule ip "${cut_table}" f ip saddr "${to}" ip daddr "${from}" drop
    nft add rule ip "${cut_table}" i ip saddr "${from}" ip daddr "${to}" drop
  done
}
heal() { nft delete table ip "${cut_table}" 2>/dev/null || true; }
api_addresses() { kubectl get endpoints kubernetes -n default -o 'jsonpath={.subsets[*].addresses[*].ip}' 2>/dev/null; }

# Starts a procedure, kills it with its children when it has done some steps. Usage: killed_after STEPS COMMAND…
killed_after() {
  local pid file="${scratch}/killed"
  setsid "${@:2}" >"${file}" 2>&1 &
  pid=$!
  until (($(grep -cE '^ +[0-9]+\.[0-9] s' "${file}") >= $1)) && grep -q '^plan' "${file}"; do
    kill -0 "${pid}" 2>/dev/null || break
    sleep 0.05
  done
  sleep 0.2
  kill -KILL -- "-${pid}" 2>/dev/null || true
  wait "${pid}" 2>/dev/null || true
}

# What was interrupted has come to its end by itself, or does when it is run again. Usage: ends STATE… -- COMMAND…
ends() {
  local state=()
  while [[ "$1" != -- ]]; do state+=("$1") && shift; done
  shift
  eventually 20 "${state[@]}" || "$@" || return 1
  eventually 30 "${state[@]}"
}

# Only the installation's pods: DNS and the client are somebody else's. Usage: drain NODE
drain() { kubectl drain "$1" --ignore-daemonsets --delete-emptydir-data --timeout=120s --pod-selector=app.kubernetes.io/instance=postgresql; }

# Somebody scales the primary to 0, GitOps scales it to 1 at once: the trigger comes before or after. Usage: heals_and_triggers "heal trigger"
heals_and_triggers() {
  local what
  start_counting
  k scale statefulset postgresql-primary --replicas=0 >/dev/null
  for what in $1; do
    case ${what} in
    heal) k scale statefulset postgresql-primary --replicas=1 >/dev/null ;;
    *) k exec "${standby}" -- touch /tmp/promote_trigger ;;
    esac
  done
  holds_after "a primary scaled to 0, then at once: $1" 120
}

roles_back() { [[ "$(primary_pod)" == "${primary}" ]] || check "the roles are back" eventually 30 "${dist}/switchover.sh" --yes; }

# Both members start with passwords that no role has, as where a namespace was restored with its volumes alone. Usage: lose_secret
lose_secret() {
  k scale statefulset postgresql-primary postgresql-standby --replicas=0 >/dev/null
  k wait pod "${primary}" "${standby}" --for=delete --timeout=120s >/dev/null
  k delete secret postgresql-secret >/dev/null
  "${dist}/deploy-postgresql.sh" --secrets-only >/dev/null
  k scale statefulset postgresql-primary postgresql-standby --replicas=1 >/dev/null
}
