# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2206,SC2310,SC2312
# (variables of the test script, names from NAME.env; statuses of the questions are their answers)
# The tests themselves: each prints what it saw and fails where that is not as promised. Sourced by test-*-ha.sh, never run.

# The members by what they are now, not by their names: after a failover they have changed places.
find_roles() {
  local pod answer
  primary='' standby='' primaries=0 standbys=0 silent=''
  for pod in ${MEMBERS//:/ }; do
    pod=${pod}-0
    answer=$(psql_in "${pod}" postgres postgres -c 'SELECT pg_is_in_recovery()' 2>&1) || true
    case ${answer} in
    f) primary=${pod} primaries=$((primaries + 1)) ;;
    t) standby=${pod} standbys=$((standbys + 1)) ;;
    *) silent+="${pod}: ${answer##*$'\n'}"$'\n' ;;
    esac
  done
}

pod_is_ready() { k wait pod "$1" --for=condition=Ready --timeout=60s; }

roles_are_right() {
  local members=(${MEMBERS//:/ })
  printf 'primary: %s, standby: %s; %s of %s members\n%s' "${primary:-none}" "${standby:-none}" "$((primaries + standbys))" "${#members[@]}" "${silent}"
  ((primaries == 1 && standbys == ${#members[@]} - 1))
}

streams() {
  k exec "${primary}" -c "${CONTAINER}" -- /scripts/replication-status.sh
}

create_row() {
  psql_in "${primary}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "CREATE TABLE ${table} AS SELECT 42 AS answer"
}

# Replication is asynchronous: the row may come a moment later.
row_arrives() {
  local attempt
  for attempt in {1..20}; do
    [[ "$(psql_in "${standby}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "SELECT answer FROM ${table}" 2>&1)" != 42 ]] || return 0
    sleep 0.5
  done
  printf 'the row is not on the standby after %s attempts\n' "${attempt}"
  return 1
}

standby_refuses() {
  local answer
  if answer=$(psql_in "${standby}" "${DATABASE_OWNER}" "${DATABASE_NAME}" -c "INSERT INTO ${table} VALUES (1)" 2>&1); then return 1; fi
  printf '%s\n' "${answer}"
  grep -q 'read-only transaction' <<<"${answer}"
}

wrong_password_is_refused() {
  local answer
  answer=$(k exec "${primary}" -c "${CONTAINER}" -- env PGPASSWORD=wrong psql -XAtqw -h "${PRIMARY_SERVICE}" -U "${DATABASE_OWNER}" -d "${DATABASE_NAME}" -c 'SELECT 1' 2>&1) && return 1
  printf '%s\n' "${answer}"
  grep -q 'password authentication failed' <<<"${answer}"
}

# Usage: run_job CRONJOB NAME
run_job() {
  k create job "$2" --from="cronjob/$1" >/dev/null
  wait_for_job "$2" "${timeout}"
}

backup_is_made() {
  run_job "${BACKUP_CRONJOB}" "${backup_job}"
}

# restore.sh compares the rows with those of the dump; this compares with the row that was written before it. It runs in the member
# that mounts the backup volume, and restores by the network to the one that is primary now.
backup_is_restored() {
  local file answer
  file=$(k exec "${PRIMARY_POD}" -c "${CONTAINER}" -- ls /var/lib/postgresql/backups | grep '\.sql\.gz$' | tail -n 1)
  k exec "${PRIMARY_POD}" -c "${CONTAINER}" -- /scripts/restore.sh "${file}" --into "${restored}"
  answer=$(psql_in "${primary}" "${DATABASE_OWNER}" "${restored}" -c "SELECT answer FROM ${table}")
  [[ "${answer}" == 42 ]]
}

# What the members have noted of archive and backups is up to ten seconds old, and right after a deployment that is before the first ones.
health_is_green() {
  local status=0
  sleep 11
  run_job "${HEALTH_CRONJOB}" "${health_job}" || status=1
  k logs "job/${health_job}" | tail -n 40
  return "${status}"
}

failover_and_back() {
  k exec "${primary}" -c "${CONTAINER}" -- /scripts/failover-test.sh
}
