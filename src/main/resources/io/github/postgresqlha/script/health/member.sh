# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# The checks of one member: its connections, volumes, release, and what its supervisor notes. Sourced by health-check.sh.

# Usage: check_instance NUMBER
check_instance() {
  local name=${fact[$1_instance]} volume
  report_limit "${name} connections" "$((fact[$1_connections] * 100 / fact[$1_max_connections]))" "${CONNECTIONS_MAX_PERCENT}" " %"
  for volume in data wal backup; do
    [[ -z "${fact[$1_${volume}_used_percent]:-}" ]] || report_limit "${name} ${volume} volume" "$((10#${fact[$1_${volume}_used_percent]}))" "${DISK_MAX_PERCENT}" " %" 95
    check_forecast "$1" "${volume}"
  done
  if ((fact[$1_checksum_failures] > 0)); then report critical "${name} checksums" "${fact[$1_checksum_failures]} pages failed: restore or rebuild this member"; fi
  check_minor "$1"
  check_load "$1"
  check_drift "$1"
  if ((fact[$1_pending_restart] > 0)); then report warning "${name} configuration" "${fact[$1_pending_restart]} parameters wait for a restart: kubectl rollout restart statefulset/${name}"; fi
  if ((${fact[$1_abandoned]:-0} > 0)); then report warning "${name} abandoned rows" "${fact[$1_abandoned]} folders abandoned-* on its WAL volume, or beside its data, hold transactions that were lost in a failover, or what could not be counted; remove them when you have looked"; fi
  check_notes "$1"
}

# A node keeps the image that it fetched once for a tag: so a minor release can be old for years. Usage: check_minor NUMBER
check_minor() {
  local name=${fact[$1_instance]} major=$((fact[$1_version] / 10000)) minor=$((fact[$1_version] % 10000))
  [[ -n "${MINIMUM_MINOR:-}" ]] || return 0
  if ((minor < MINIMUM_MINOR)); then
    report warning "${name} release" "${major}.${minor} is older than ${major}.${MINIMUM_MINOR}: name a newer image in the specification, best by its digest"
  else
    report ok "${name} release" "${major}.${minor}, warns below ${major}.${MINIMUM_MINOR}"
  fi
}

# What the supervisor says of its volumes: a figure that is missing or old would hide the alarm that it is for. Usage: check_notes NUMBER
check_notes() {
  local name=${fact[$1_instance]} key missing='' age
  for key in updated data_used_percent wal_used_percent abandoned; do [[ -n "${fact[$1_${key}]:-}" ]] || missing+=" ${key}"; done
  if [[ -n "${fact[$1_refused]:-}" ]]; then report critical "${name} figures" "not understood: ${fact[$1_refused]# }; look at its state/instance.state and at the backup volume"; fi
  if [[ -n "${missing}" ]]; then
    report critical "${name} supervisor" "its notes lack:${missing}. Is the data volume full or read-only? See the container log"
    return
  fi
  age=$((fact[$1_clock] - fact[$1_updated]))
  if ((age > 60 || age < -60)); then report critical "${name} supervisor" "its notes, and so the figures of its volumes, are ${age} s old. Is the data volume full or read-only? See the container log"; fi
}
