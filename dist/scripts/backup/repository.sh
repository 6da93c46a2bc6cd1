# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# The repository of point-in-time recovery on the backup volume: base backups, and the write-ahead log that leads on from them.
# Sourced after lib/log.sh, lib/facts.sh and lib/lsn.sh, never run.
#
#   base/NAME/         one base backup, complete when it has this name: base.tar.gz, backup_manifest, base.env, SHA256SUMS
#   wal/SEGMENT.gz     complete segments and history files of every timeline; never overwritten. Timelines that nobody took, whose
#                      numbers members skip, have none: wal/fetch.sh gives recovery an empty history for them
#   wal/SEGMENT.gz.partial   the tail of a timeline that ended, or of a stream that was interrupted, inside a segment
#   wal/receiving/     where pg_receivewal writes; the newest segment there is SEGMENT.gz.partial
#   wal/system-identifier, wal/archiver.state, wal/chain-broken, wal/conflicts/   whose WAL it is; what the archiver does; what is
#                      missing (MISSING_FROM, MISSING_TO, SINCE); files that came with another content than the archive's

base_pattern='postgresql_base_[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]_[0-9][0-9][0-9][0-9][0-9][0-9]'

# Of the members the one named primary mounts the backups, the first of MEMBER_HOSTS; jobs have no INSTANCE_NAME. Usage: require_mounted_backups
require_mounted_backups() {
  local pod=${MEMBER_HOSTS:-}
  pod=${pod%%[.,]*}
  [[ -z "${BACKUP_DIRECTORY:-}" && -n "${INSTANCE_NAME:-}" ]] && is_fact '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?' "${pod}" || return 0
  die 64 "this member does not mount the backups; run it in ${pod}, which does: kubectl exec -n ${POD_NAMESPACE:-NAMESPACE} ${pod} -- /scripts/${0##*/}"
}

# Names of the base backups, oldest first.
list_bases() {
  local path
  for path in "${BACKUP_DIRECTORY}"/base/${base_pattern}; do
    [[ ! -d "${path}" ]] || printf '%s\n' "${path##*/}"
  done
}

# What base.env says, each value only where it matches its pattern: whoever could write on the volume wrote it.
declare -gA base_patterns=([NAME]='postgresql_base_[0-9]{8}_[0-9]{6}' [SYSTEM_IDENTIFIER]="${fact_system}" [SERVER_VERSION]='[1-9][0-9]{0,5}([.a-z][ -~]{0,60})?'
  [TIMELINE]="${fact_timeline}" [START_LSN]="${fact_lsn}" [STOP_LSN]="${fact_lsn}" [STARTED]="${fact_instant}" [FINISHED]="${fact_instant}" [SOURCE]='[a-z0-9][a-z0-9.-]{0,252}'
  [PLAIN_BYTES]='[1-9][0-9]{0,14}' [COMPRESSED_BYTES]='[1-9][0-9]{0,14}' [SEGMENT_BYTES]="${fact_segment_bytes}" [TABLESPACES]='[0-9]{1,5}')

# Prints nothing where there is no such value. Usage: base_fact NAME KEY
base_fact() {
  local value
  [[ -f "${BACKUP_DIRECTORY}/base/$1/base.env" && ! -L "${BACKUP_DIRECTORY}/base/$1/base.env" ]] || return 0
  value=$(sed -n "s/^$2=//p;/^$2=/q" -- "${BACKUP_DIRECTORY}/base/$1/base.env" 2>/dev/null | tr -d '\0') || return 0
  if is_fact "${base_patterns[$2]}" "${value}"; then printf '%s\n' "${value}"; fi
}

# What base.env does not say, or says as it cannot be; nothing where it can be used. Usage: facts_problem NAME
facts_problem() {
  local key
  for key in SYSTEM_IDENTIFIER SERVER_VERSION TIMELINE START_LSN STOP_LSN FINISHED PLAIN_BYTES SEGMENT_BYTES TABLESPACES; do
    [[ -n "$(base_fact "$1" "${key}")" ]] || { printf 'base.env says no %s that can be' "${key}" && return; }
  done
  ! is_beyond "$(base_fact "$1" START_LSN)" "$(base_fact "$1" STOP_LSN)" || printf 'base.env says that it ended before it began'
}

# The WAL that a copy needs, as the end of its manifest says: "TIMELINE START STOP" a line, the oldest first. Usage: wal_ranges MANIFEST
wal_ranges() {
  tail -c 65536 -- "$1" | perl -0777 -ne 'print "$1 $2 $3\n" while /"Timeline":\s*(\d+),\s*"Start-LSN":\s*"([0-9A-F\/]+)",\s*"End-LSN":\s*"([0-9A-F\/]+)"/g' | sort -n
}

# Whether a base backup is of a standby that followed a promotion while it was copied; nothing where it is not. Usage: crossing_problem NAME
crossing_problem() {
  local timelines
  mapfile -t timelines < <(wal_ranges "${BACKUP_DIRECTORY}/base/$1/backup_manifest" | cut -d ' ' -f 1)
  ((${#timelines[@]} < 2)) || printf 'it begins on timeline %s and ends on timeline %s, because its standby followed a promotion meanwhile: no recovery can use it' "${timelines[0]}" "${timelines[-1]}"
}

# Prints what is wrong with a base backup; nothing where it is what was written. Usage: base_problem NAME
base_problem() {
  local folder="${BACKUP_DIRECTORY}/base/$1" file
  for file in SHA256SUMS base.env backup_manifest base.tar.gz; do
    [[ -f "${folder}/${file}" && -s "${folder}/${file}" ]] || { printf 'its file %s is missing or empty' "${file}" && return; }
  done
  file=$(facts_problem "$1")
  [[ -n "${file}" ]] || file=$(crossing_problem "$1")
  [[ -z "${file}" ]] || { printf '%s' "${file}" && return; }
  for file in base.env backup_manifest base.tar.gz; do
    grep -qF -- "  ${file}" "${folder}/SHA256SUMS" || { printf 'SHA256SUMS does not name %s' "${file}" && return; }
  done
  ! grep -qvE '^[0-9a-f]{64}  (base\.env|backup_manifest|(base|[0-9]{1,10})\.tar\.gz)$' -- "${folder}/SHA256SUMS" || { printf 'SHA256SUMS names what is no file of a base backup' && return; }
  file=$(cd -- "${folder}" && LC_ALL=C sha256sum --quiet --strict -c -- SHA256SUMS 2>/dev/null) || {
    file=${file%%$'\n'*}
    printf 'its content does not match its checksums: %s' "${file:-SHA256SUMS}"
  }
}

# Whoever recovers holds the backups, so that retention removes none meanwhile; what is started and may outlive it closes held. The volume
# may be mounted read-only. Usage: hold_backups
hold_backups() {
  local file="${BACKUP_DIRECTORY}/.reading"
  [[ -f "${file}" ]] || file=/dev/null # no retention ever ran
  exec {held}<"${file}"
  flock -s "${held}"
}

# What the archive lacks, as wal/chain-broken says; "unknown" where it says nothing that can be. Usage: chain_break
chain_break() {
  local file="${BACKUP_DIRECTORY}/wal/chain-broken"
  local -A broken=()
  [[ -s "${file}" ]] || return 0
  read_record "${file}" broken missing_from="${fact_lsn}" missing_to="${fact_lsn}" since="${fact_instant}"
  printf 'MISSING_FROM %s MISSING_TO %s SINCE %s' "${broken[missing_from]:-unknown}" "${broken[missing_to]:-unknown}" "${broken[since]:-unknown}"
}

# Where an archived file is, whole; nothing where it is not. Usage: archived FILE
archived() {
  local path
  for path in "${BACKUP_DIRECTORY}/wal/$1.gz" "${BACKUP_DIRECTORY}/wal/$1"; do
    if [[ -s "${path}" ]]; then
      printf '%s\n' "${path}"
      return
    fi
  done
}

# The segment that holds a byte of WAL. Usage: segment_at TIMELINE BYTES SEGMENT_BYTES
segment_at() {
  local per_file=$((4294967296 / $3)) number=$(($2 / $3))
  printf '%08X%08X%08X\n' "$1" "$((number / per_file))" "$((number % per_file))"
}

# The number of a segment, whatever its timeline. Usage: segment_number NAME SEGMENT_BYTES
segment_number() { printf '%s\n' "$((16#${1:8:8} * (4294967296 / $2) + 16#${1:16:8}))"; }

# What is wrong with the file of a whole segment; nothing where it can be read to its end, and every page of it is of its place, and of
# the timeline that the variable history gives for it. Recovery would take another place's for the end of the log, and would replay
# another member's. Usage: segment_problem PATH SEGMENT_BYTES
segment_problem() {
  local said name=${1##*/}
  if compgen -G "${BACKUP_DIRECTORY}/wal/conflicts/${name:0:24}.*" >/dev/null; then
    printf 'came with two contents, as of two primaries: wal/conflicts has the second one'
    return
  fi
  said=$(gzip -dcf -- "$1" 2>/dev/null | perl "${script_dir}/wal/pages.pl" "$(segment_number "${name}" "$2")" "$2" "${history:-}") || said='it is no sound gzip file'
  [[ -z "${said}" ]] || printf 'is damaged: %s' "${said}"
}
