# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# Rounds of noise in automatic mode: a Patroni that hangs, is frozen, starved or cannot write its log, and a Kubernetes API that
# refuses, is slow or is there half of the time. Sourced by e2e/cases/98-automatic-noise.sh after lib-noise.sh.
#
# A kind does its worst to former, the primary, and next, its standby, and sets parameters.

# Patroni's own process on its node. Usage: patroni_of POD
patroni_of() {
  local pid
  for pid in $(processes_of "$1"); do
    if [[ "$(tr '\0' ' ' <"/proc/${pid}/cmdline")" == *patroni/bin/python*patroni\ /* ]]; then printf '%s\n' "${pid}" && return; fi
  done 2>/dev/null
  return 1
}

# The pod's network as its node sees it. Usage: interface_of POD
interface_of() {
  local pid index
  pid=$(choose_processes "$1" supervisor)
  index=$(nsenter -t "${pid}" -n cat /sys/class/net/eth0/iflink)
  grep -lx "${index}" /sys/class/net/*/ifindex | cut -d / -f 5
}

service_of_api() { kubectl get service kubernetes -n default -o 'jsonpath={.spec.clusterIP}'; }

# The first thread is Patroni's loop, and the others answer.
noise_hang() {
  draw 10 45
  parameters="Patroni's loop hangs for ${drawn} s"
  hang_loop "${former}" "${drawn}" >/dev/null 2>&1 || parameters+=" (or until it was ended)"
}

# Once it is Patroni alone, once everything in the container.
noise_stop() {
  local hold pids=()
  draw 3 40 && hold=${drawn}
  choose patroni all
  parameters="${drawn} frozen for ${hold} s"
  if [[ "${drawn}" == all ]]; then mapfile -t pids < <(choose_processes "${former}" all); else pids=("$(patroni_of "${former}")"); fi
  freeze 0 "$((hold * 1000))" "${pids[@]}"
}

# A hundredth of a CPU for a minute. Its own group goes with the container.
noise_starve() {
  local group
  group=/sys/fs/cgroup/cpu$(sed -n 's/^[0-9]*:\([^:]*,\)\{0,1\}cpu\(,[^:]*\)\{0,1\}://p' "/proc/$(choose_processes "${former}" supervisor)/cgroup")
  parameters="10m of CPU for 60 s"
  printf '100000\n' >"${group}/cpu.cfs_period_us"
  printf '1000\n' >"${group}/cpu.cfs_quota_us"
  sleep 60
  printf '%s\n' -1 >"${group}/cpu.cfs_quota_us" 2>/dev/null || parameters+=" (its container was ended)"
}

# Who reads the container's output stops reading, and the pipe is filled.
noise_log() {
  local hold reader
  draw 10 45 && hold=${drawn}
  parameters="nobody reads its log for ${hold} s"
  reader=$(pgrep -f "containerd --config .*$(node_of "${former}")/")
  in_pod "${former}" "(sleep 1; exec timeout ${hold} yes full >/proc/1/fd/1 2>/dev/null) >/dev/null 2>&1 </dev/null & true"
  sleep 0.5
  kill -STOP "${reader}"
  sleep "${hold}"
  kill -CONT "${reader}"
}

# What the members may do is taken from them.
noise_forbidden() {
  local hold
  draw 20 60 && hold=${drawn}
  parameters="the API answers 403 for ${hold} s"
  k delete rolebinding -l app.kubernetes.io/instance=postgresql >/dev/null
  sleep "${hold}"
  k apply -f "${dist}/postgresql-rbac.yaml" >/dev/null
}

# Answers come late, to both.
noise_slow() {
  local delay pod interface api
  api=$(service_of_api)
  draw 2700 8000 && delay=${drawn}
  parameters="the API's packets take $(seconds "${delay}") s, for 60 s"
  for pod in "${former}" "${next}"; do
    interface=$(interface_of "${pod}")
    tc qdisc add dev "${interface}" root handle 1: prio
    tc qdisc add dev "${interface}" parent 1:3 handle 30: netem delay "${delay}ms" limit 10000
    tc filter add dev "${interface}" parent 1:0 protocol ip u32 match ip src "${api}/32" flowid 1:3
  done
  sleep 60
  for pod in "${former}" "${next}"; do
    tc qdisc del dev "$(interface_of "${pod}")" root 2>/dev/null || parameters+=" (${pod%-0}: a new pod)"
  done
}

# It is there and away by turns, for both.
noise_half() {
  local turn i pod
  draw 1 8 && turn=${drawn}
  parameters="the API is away for ${turn} s and there for ${turn} s, for 60 s"
  for ((i = 0; i < 60 / (2 * turn); i++)); do
    for pod in "${former}" "${next}"; do
      # shellcheck disable=SC2046 # a list of addresses
      cut_off "$(address "${pod}")" $(api_addresses)
    done
    sleep "${turn}"
    heal
    sleep "${turn}"
  done
}
