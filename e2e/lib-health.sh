# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the cases; a check that fails is counted)
# Looks at the health check's answer as a whole. Sourced by cases after e2e/lib.sh.

answer="${scratch}/health"

# The exit status and the names of all lines that are not ok; the answer is in a file. Usage: found [VARIABLE=VALUE…], limits of this run
found() {
  local status=0
  k exec "${primary}" -c postgresql -- env "$@" /scripts/health-check.sh >"${answer}" || status=$?
  printf '%s: %s\n' "${status}" "$(awk -F '  +' 'NF > 2 && $1 != "ok" { print $1 " " $2 }' "${answer}" | LC_ALL=C sort | paste -sd , -)"
}

# What the last answer has a line of. Usage: says PATTERN
says() { grep -E -- "$1" "${answer}" || { cat -- "${answer}" && return 1; }; }

# Usage: clear_again [VARIABLE=VALUE…]
clear_again() { eventually 90 is '0: ' found "$@" && says '^healthy: [0-9]+ checks, 0 not ok$'; }

# The exit status of the last job that health_answer made.
job_status() { k get pod -l job-name=e2e-health -o 'jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}'; }
