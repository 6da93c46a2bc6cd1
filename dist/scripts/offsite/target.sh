# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of restore-pitr.sh; statuses of the checks are their answers)
# What restore-pitr.sh --from offsite asks for: nothing where the backup volume has it all. Sourced by restore-pitr.sh.

# In a process of its own, because a refusal ends it; the checks that count are made again afterwards.
complete_volume() {
  local problem
  if problem=$( (choose_base && require_chain) 2>&1); then
    log_info "the backup volume has all that is needed"
  elif [[ "${target_kind}" == time && "${target}" > "$(date -u '+%Y-%m-%d %H:%M:%S.%6N')" ]]; then
    refuse "--target-time: ${target} UTC is in the future"
  else
    log_info "the backup volume alone will not do: ${problem##*ERROR }"
    ask_offsite "$(offsite_request)"
  fi
}

# The fewest files that are sure to hold the target: there may be less room here than there. A place, a transaction or a restore
# point may be after any base backup.
offsite_request() {
  if [[ -n "${wanted_base}" ]]; then
    printf '%s' "${wanted_base}"
  elif [[ -n "${wanted_timeline}" ]]; then
    printf 'all'
  elif [[ "${target_kind}" == time ]]; then
    printf '%sZ' "${target:0:10}T${target:11:8}"
  elif [[ "${target_kind}" == latest ]]; then
    printf 'latest'
  else
    printf 'all'
  fi
}
