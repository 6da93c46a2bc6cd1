# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# A claim's volume as a small file system of its own, where volumes are folders on this machine. Sourced by the cases of full volumes.

folder=''

# The volume of a claim becomes a file system of its own, with some room. Usage: shrink CLAIM MEGABYTES
shrink() {
  folder=$(k get pv "$(k get pvc "$1" -o 'jsonpath={.spec.volumeName}')" -o 'jsonpath={.spec.local.path}')
  [[ -d "${folder}" ]] || return 1
  cp -a -- "${folder}" "${scratch}/volume"
  mount -t tmpfs -o "size=$(($(du -sm -- "${folder}" | cut -f 1) + $2))m" tmpfs "${folder}"
  cp -a -- "${scratch}/volume/." "${folder}/"
  chown --reference="${scratch}/volume" -- "${folder}"
  chmod --reference="${scratch}/volume" -- "${folder}"
}

# What is on it goes back to the folder below.
restore_volume() {
  [[ -n "${folder}" ]] && mountpoint -q -- "${folder}" || return 0
  rm -rf -- "${scratch}/volume"
  cp -a -- "${folder}" "${scratch}/volume"
  umount -- "${folder}"
  find "${folder}" -mindepth 1 -delete
  cp -a -- "${scratch}/volume/." "${folder}/"
}

stop_primary() {
  k scale statefulset postgresql-primary --replicas=0 >/dev/null
  k wait pod "${primary}" --for=delete --timeout=60s
}
start_primary() { k scale statefulset postgresql-primary --replicas=1; }
