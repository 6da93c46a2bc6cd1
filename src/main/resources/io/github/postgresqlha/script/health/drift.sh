# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# Where a member is no longer what the specification says, and where it is going. Sourced by health-check.sh.

# Usage: check_drift NUMBER
check_drift() {
  local name=${fact[$1_instance]}
  if [[ "${fact[$1_configuration]:-}" == other ]]; then
    report warning "${name} drift" "the ConfigMap that it reads was changed by hand: apply dist/ again, or change the specification"
  elif [[ "${fact[$1_overridden]}" != - ]]; then
    report warning "${name} drift" "set by ALTER SYSTEM, beside the specification: ${fact[$1_overridden]}; ALTER SYSTEM RESET each, or write it into the specification"
  else
    report ok "${name} drift" "none: its parameters are those of the specification"
  fi
  if [[ "$1" == "${primary}" ]]; then
    if [[ "${fact[$1_drifted_roles]}" != - ]]; then
      report warning "roles" "have more than they should: ${fact[$1_drifted_roles]}; ALTER ROLE … NOSUPERUSER, or REVOKE what reaches files and programs of the server"
    else
      report ok "roles" "as specified: no superuser but one, nobody reaches files or programs of the server"
    fi
  fi
  if [[ "${fact[$1_role]}" == standby && -n "${fact[$1_conflicts_in_an_hour]:-}" ]]; then
    report_limit "${name} conflicts" "${fact[$1_conflicts_in_an_hour]}" "${RECOVERY_CONFLICTS_MAX_PER_HOUR}" " queries in an hour"
  fi
}

# The backup volume grows in steps and shrinks by retention: its growth is said, and no forecast made of it. Usage: check_forecast NUMBER VOLUME
check_forecast() {
  local hours=${fact[$1_$2_hours_left]:-} growth=${fact[$1_$2_growth]:-}
  [[ -n "${growth}" ]] || return 0
  if [[ -n "${hours}" ]] && ((hours < DISK_FORECAST_MIN_HOURS)); then
    report warning "${fact[$1_instance]} $2 growth" "full in ${hours} h at $((growth >> 20)) MiB a day, warns below ${DISK_FORECAST_MIN_HOURS} h: enlarge its claim, or see what writes"
  else
    report ok "${fact[$1_instance]} $2 growth" "$((growth >> 20)) MiB a day${hours:+, full in $((hours / 24)) days}"
  fi
}
