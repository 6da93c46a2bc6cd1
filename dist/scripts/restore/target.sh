# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What is to be recovered: one target, where it is, and PostgreSQL's words for it. Sourced after restore/lineage.sh, never run.

refuse() { die 1 "$1; nothing was touched"; }

# Sets target_kind and target. Usage: set_target time|lsn|xid|name|latest VALUE
set_target() {
  [[ -z "${target_kind}" ]] || die 64 "exactly one target, got two; ${usage}"
  target_kind=$1 target=$2
  case $1 in
  time)
    { [[ "${target}" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}[T\ ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(\ ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?$ ]] &&
      target=$(date -u -d "$2" '+%Y-%m-%d %H:%M:%S.%6N' 2>/dev/null); } || die 64 "--target-time: '$2' is no time; write it like 2026-01-31 23:59:00+00"
    [[ "$2" =~ (Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$ ]] || log_warn "--target-time: '$2' names no time zone: taken as UTC"
    ;;
  lsn) is_fact "${fact_lsn}" "${target^^}" || die 64 "--target-lsn: '${target}' is no place in the log; write it like 16/B374D848" ;;
  xid)
    { is_fact "${fact_number}" "${target}" && ((target % 4294967296 > 2)); } || die 64 "--target-xid: '${target}' is no transaction; write a number, as pg_current_xact_id() gives it"
    # The log has the lower half of it.
    target=$((target % 4294967296))
    ;;
  name) [[ "${target}" =~ ^[A-Za-z0-9_.:\ -]{1,63}$ ]] || die 64 "--target-name: '${target}' must be 1 to 63 of A-Z, a-z, 0-9, space and _.:-, as given to pg_create_restore_point()" ;;
  *) ;;
  esac
}

# PostgreSQL's own words for it.
recovery_settings() {
  printf 'recovery_target_timeline=%s\n' "${timeline}"
  case ${target_kind} in
  latest) return ;;
  time) printf 'recovery_target_time=%s+00\n' "${target}" ;;
  name) printf 'recovery_target_lsn=%s\n' "$(bytes_lsn "${target_bytes}")" ;; # of two with one name PostgreSQL takes the first
  *) printf 'recovery_target_%s=%s\n' "${target_kind}" "${target}" ;;
  esac
  printf 'recovery_target_action=promote\n'
}

target_text() { if [[ "${target_kind}" == latest ]]; then printf 'the end of the archive'; else printf '%s %s' "${target_kind}" "${target}${1:-}"; fi; }

# A base backup's end in the form of the log's times.
finished() { base_fact "$1" FINISHED | tr 'T' ' ' | sed 's/Z$/.999999/'; }

# A transaction's end and a restore point are known by their place in the log, which is looked for from the end of the chain backwards.
# Prints it; nothing where it is not there. Usage: place_of_target
place_of_target() {
  local pattern options i line
  case ${target_kind} in
  xid) options=(--rmgr=Transaction) pattern="$(record_head Transaction "${target}")(COMMIT|ABORT) |$(record_head Transaction)(COMMIT|ABORT)_PREPARED ${target}:" ;;
  *) options=(--rmgr=XLOG) pattern="$(record_head XLOG)RESTORE_POINT ${target//./\\.}\$" ;;
  esac
  for ((i = ${#chain[@]} - 1; i >= 0; i--)); do
    line=$(first_genuine "${chain[i]}" < <(records "${chain[i]}" "${options[@]}" | { grep -E "${pattern}" || true; } | tac))
    if [[ "${line}" =~ $(record_head '[A-Za-z]+') ]]; then
      printf '%s\n' "${BASH_REMATCH[1]}"
      return
    fi
  done
}

# Sets target_bytes, or refuses.
locate_target() {
  local place others
  target_bytes=
  case ${target_kind} in
  lsn) target_bytes=$(lsn_bytes "${target}") && return ;;
  xid | name) ;;
  *) return 0 ;;
  esac
  log_info "looking for $(target_text) in ${#chain[@]} segments"
  place=$(place_of_target)
  if [[ -n "${place}" ]]; then
    target_bytes=$(lsn_bytes "${place}")
    [[ "${target_kind}" != name ]] || log_info "$(target_text) is at ${place}: where there are more, this is the last one of this name; --target-lsn takes an earlier one"
    return
  fi
  others=$(timelines_with_target)
  [[ -z "${others}" ]] || refuse "$(target_text) is not on timeline ${timeline}, which is the newest${wanted_timeline:+ or was named}, but on another one: ${timeline_key} ${others}"
  refuse "$(target_text) is not in the archive; $(window)"
}

# The other timelines, from a base backup here, that have the target: "N or N". In a process of its own.
timelines_with_target() {
  local number found=''
  for number in $(known_timelines); do
    if [[ "${number}" == "${timeline}" ]] || ! leads_to "${bases[0]}" "${number}"; then continue; fi
    follow_chain "${bases[0]}" "${number}"
    [[ -z "$(place_of_target)" ]] || found+="${found:+ or }${number}"
  done
  printf '%s\n' "${found}"
}

# Whether a base backup was complete before the target: by the log, because its own clock is that of a job. Usage: ended_before BASE
ended_before() {
  local newest
  case ${target_kind} in
  latest) ;;
  time)
    newest=$(newest_within "$1")
    [[ ! "${newest:-$(finished "$1")}" > "${target}" ]]
    ;;
  *) (($(lsn_bytes "$(base_fact "$1" STOP_LSN)") <= target_bytes)) ;;
  esac
}

# The time of the last transaction that ended before the end of a base backup, so that it is in it; nothing where the archive has none, or
# does not have all of the log up to there. Usage: newest_within BASE, with the chain of the first base backup
newest_within() {
  local stop number first i path name newest until=()
  stop=$(lsn_bytes "$(base_fact "$1" STOP_LSN)")
  number=$((stop / segment_bytes))
  ((${#chain[@]} > 0)) || return 0
  name=${chain[0]##*/}
  first=$(segment_number "${name:0:24}" "${segment_bytes}")
  ((number - first < ${#chain[@]})) || return 0
  until=(--end="$(bytes_lsn "${stop}")")
  for ((i = number - first; i >= 0; i--)); do
    newest=$(time_of "$(first_genuine "${chain[i]}" < <(ends "${chain[i]}" "${until[@]}" | tac | lines))")
    until=()
    if [[ -n "${newest}" ]]; then
      printf '%s\n' "${newest}"
      return
    fi
  done
}

# Whether the target is in this segment. Of a time it sets stop, the record. Usage: holds_target PATH
holds_target() {
  local name=${1##*/} first begin=()
  case ${target_kind} in
  latest) return 1 ;;
  time)
    # When its file was written says nothing: the archiver has another clock than the primary.
    stop=$(stop_in "$1") && [[ -n "${stop}" ]]
    ;;
  *)
    first=$(($(segment_number "${name:0:24}" "${segment_bytes}") * segment_bytes))
    ((first + segment_bytes > target_bytes)) || return 1
    ((first > target_bytes)) || begin=(--start="$(bytes_lsn "${target_bytes}")")
    [[ -n "$(end_of_records "$1" "${begin[@]}")" ]]
    ;;
  esac
}
