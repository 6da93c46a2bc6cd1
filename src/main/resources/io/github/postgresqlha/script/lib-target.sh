# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What is to be recovered, and from what: one target, the base backup before it, and a sound chain of segments between them.
# Sourced after lib-wal.sh, never run.

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
  lsn) [[ "${target}" =~ ^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$ ]] || die 64 "--target-lsn: '${target}' is no place in the log; write it like 16/B374D848" ;;
  xid) [[ "${target}" =~ ^[1-9][0-9]{0,9}$ ]] || die 64 "--target-xid: '${target}' is no transaction; write a number, as pg_current_xact_id() gives it" ;;
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
  *) printf 'recovery_target_%s=%s\n' "${target_kind}" "${target}" ;;
  esac
  printf 'recovery_target_action=promote\n'
}

target_text() { if [[ "${target_kind}" == latest ]]; then printf 'the end of the archive'; else printf '%s %s' "${target_kind}" "${target}${1:-}"; fi; }

# A base backup's end in the form of the log's times.
finished() { base_fact "$1" FINISHED | tr 'T' ' ' | sed 's/Z$/.999999/'; }

# The base backups of this system that lead to a timeline, oldest first. Usage: usable_bases TIMELINE
usable_bases() {
  local name
  while read -r name; do
    [[ -z "${system}" || "$(base_fact "${name}" SYSTEM_IDENTIFIER)" == "${system}" ]] || continue
    [[ -z "${wanted_base}" || "${name}" == "${wanted_base}" ]] || continue
    ! leads_to "${name}" "$1" || printf '%s\n' "${name}"
  done < <(list_bases)
}

# The newest timeline that any base backup leads to, unless one is named: its log has all that is current.
choose_timeline() {
  local candidate
  if [[ -n "${wanted_timeline}" ]]; then
    grep -qx "${wanted_timeline}" <<<"$(known_timelines)" || refuse "--timeline: there is no timeline ${wanted_timeline} in ${BACKUP_DIRECTORY}/wal; --list shows what there is"
  fi
  for candidate in ${wanted_timeline:-$(known_timelines)}; do
    mapfile -t bases < <(usable_bases "${candidate}")
    timeline=${candidate}
    ((${#bases[@]} == 0)) || return 0
  done
  refuse "${BACKUP_DIRECTORY}/base: no base backup${wanted_base:+ ${wanted_base}} of this database${system:+ (system ${system})} leads to timeline ${wanted_timeline:-${timeline:-1}}; --list shows what there is"
}

# A transaction's end and a restore point are known by their place in the log: it is looked for from the end backwards.
locate_target() {
  local pattern options i lsn
  target_bytes=
  case ${target_kind} in
  lsn) target_bytes=$(lsn_bytes "${target}") && return ;;
  xid) options=(--rmgr=Transaction) pattern="(tx: +${target}, .*desc: (COMMIT|ABORT) |desc: (COMMIT|ABORT)_PREPARED ${target}:)" ;;
  name) options=(--rmgr=XLOG) pattern="desc: RESTORE_POINT ${target//./\\.}\$" ;;
  *) return 0 ;;
  esac
  log_info "looking for $(target_text) in ${#chain[@]} segments"
  for ((i = ${#chain[@]} - 1; i >= 0; i--)); do
    lsn=$(records "${chain[i]}" "${options[@]}" | { grep -E "${pattern}" || true; } | tail -n 1 | sed 's/.*, lsn: \([0-9A-F/]*\),.*/\1/')
    [[ -z "${lsn}" ]] || { target_bytes=$(lsn_bytes "${lsn}") && return; }
  done
  refuse "$(target_text) is not in the archive; $(window)"
}

# What can be had instead, for a refusal.
window() {
  local last
  last=$(last_commit "${chain[@]}")
  printf 'timeline %s can be restored from %s UTC (end of %s) to the commit of %s UTC%s' "${timeline}" "$(finished "${bases[0]}" | cut -c 1-19)" "${bases[0]}" \
    "${last:-that base backup}" "$([[ -z "${chain_gap}" ]] || printf '; segment %s is missing' "${chain_missing}")"
}

# Whether a base backup was complete before the target. Usage: ended_before BASE
ended_before() {
  case ${target_kind} in
  latest) ;;
  time) [[ "$(finished "$1")" < "${target}" ]] ;;
  *) (($(lsn_bytes "$(base_fact "$1" STOP_LSN)") <= target_bytes)) ;;
  esac
}

# Sets timeline, base and segment_bytes, or refuses.
choose_base() {
  local i problem early=yes
  choose_timeline
  segment_bytes=$(base_fact "${bases[0]}" SEGMENT_BYTES)
  follow_chain "${bases[0]}" "${timeline}"
  if [[ "${target_kind}" == time && "${target}" > "$(date -u '+%Y-%m-%d %H:%M:%S.%6N')" ]]; then refuse "--target-time: ${target} UTC is in the future; $(window)"; fi
  locate_target
  for ((i = ${#bases[@]} - 1; i >= 0; i--)); do
    base=${bases[i]}
    ended_before "${base}" || continue
    early=
    problem=$(base_problem "${base}")
    [[ -n "${problem}" ]] || return 0
    log_error "base backup ${base}: ${problem}; not used"
  done
  [[ -n "${early}" ]] || refuse "no base backup before $(target_text) is good; take one soon (the last named problem is above)"
  refuse "$(target_text) is before the end of the first base backup; $(window)"
}

# Whether the target is in this segment. Usage: holds_target PATH
holds_target() {
  local name=${1##*/} last
  case ${target_kind} in
  latest) return 1 ;;
  time)
    # A file that was last written before the target cannot hold it.
    (($(stat -c %Y -- "$1") + 120 >= $(date -u -d "${target}" +%s))) && [[ "$(commit_times "$1" | sort | tail -n 1)" > "${target}" ]]
    ;;
  *)
    ((($(segment_number "${name:0:24}" "${segment_bytes}") + 1) * segment_bytes > target_bytes)) || return 1
    last=$(last_record "$1")
    [[ -n "${last}" ]] && (($(lsn_bytes "${last}") >= target_bytes))
    ;;
  esac
}

# Every segment from the base backup's start to the target is there and sound, or this refuses.
require_chain() {
  local i problem
  follow_chain "${base}" "${timeline}"
  log_info "checking ${#chain[@]} segments from $(base_fact "${base}" START_LSN) on timeline ${timeline}"
  chain_length=0
  for i in "${!chain[@]}"; do
    if [[ "${chain[i]}" != *.partial ]]; then
      problem=$(segment_problem "${chain[i]}" "${segment_bytes}")
      if [[ -n "${problem}" ]]; then
        problem="segment ${chain[i]} ${problem}, and $(target_text) is not before it"
        chain=("${chain[@]:0:i}")
        refuse "${problem}; $(window)"
      fi
    fi
    chain_length=$((i + 1))
    if holds_target "${chain[i]}"; then return; fi
    (((i + 1) % 100)) || log_info "checked ${chain_length} of ${#chain[@]} segments"
  done
  [[ -z "${chain_gap}" ]] || refuse "segment ${chain_missing} is missing, and $(target_text) is after it; $(window)"
  ((chain_length > 0)) || refuse "segment ${chain_missing}, with which ${base} begins, is missing"
  [[ "${target_kind}" == latest ]] || refuse "$(target_text) is after the end of the archive; $(window); --latest restores all of it"
}
