# shellcheck shell=bash
# shellcheck disable=SC2312 # what cannot be read says nothing
# The limits of the specification: a job has them in its environment, a member in a file beside its configuration, which is reloaded
# and restarts nothing. Sourced by health-check.sh.

limit_names=(REPLICATION_LAG_MAX_BYTES REPLICATION_LAG_MAX_SECONDS CONNECTIONS_MAX_PERCENT DISK_MAX_PERCENT DISK_FORECAST_MIN_HOURS CPU_MAX_PERCENT MEMORY_MAX_PERCENT
  CACHE_HIT_MIN_PERCENT CACHE_HIT_MIN_BLOCKS TRANSACTION_MAX_MINUTES IDLE_IN_TRANSACTION_MAX_MINUTES LOCK_WAIT_MAX_SECONDS IDLE_SESSION_MINUTES IDLE_SESSIONS_MAX_PERCENT DEAD_ROWS_MAX_PERCENT
  BLOAT_MAX_PERCENT TRANSACTION_ID_MAX_AGE RECOVERY_CONFLICTS_MAX_PER_HOUR MAINTENANCE_MAX_MINUTES)
more_limits=(BACKUP_MAX_AGE_HOURS BASE_BACKUP_MAX_AGE_HOURS RESTORE_TEST_MAX_AGE_DAYS OFFSITE_MAX_AGE_MINUTES CERTIFICATE_MIN_DAYS MINIMUM_MINOR)

# What the environment has wins over the file.
read_limits() {
  local name variable patterns=()
  local -A noted=()
  # shellcheck disable=SC2154 # of lib/facts.sh
  for name in "${limit_names[@]}" "${more_limits[@]}"; do patterns+=("${name,,}=${fact_number}"); done
  patterns+=('wal_archiver_slot=[a-z0-9_]+')
  [[ -r "${CONFIG_DIRECTORY:-/nowhere}/health.env" ]] || return 0
  # Mounted files are links.
  read_facts noted "${patterns[@]}" < <(sed -n 's/^\([A-Z][A-Z0-9_]*\)=/\L\1\E=/p' -- "${CONFIG_DIRECTORY}/health.env")
  for name in "${!noted[@]}"; do
    variable=${name^^}
    [[ -n "${!variable:-}" ]] || printf -v "${variable}" '%s' "${noted[${name}]}"
  done
}
