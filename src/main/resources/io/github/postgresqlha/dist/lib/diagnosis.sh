# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of diagnose.sh; statuses of the questions are their answers)
# What is asked, of Kubernetes and of each member. A question without an answer does not end the others. Sourced after
# lib/kubectl.sh and lib/mask.sh, never run.

# kubectl, with an end. Usage: ask ARGUMENTS…
ask() { timeout "${timeout}" kubectl ${context:+--context "${context}"} --namespace "${NAMESPACE}" "$@"; }

# An answer, masked, as a file. Usage: keep FILE ARGUMENTS…
keep() {
  mkdir -p -- "$(dirname -- "${collected}/$1")"
  ask "${@:2}" </dev/null 2>&1 | mask >"${collected}/$1" && return
  missing=$((missing + 1))
  say "no answer: $1: $(tail -n 1 -- "${collected}/$1")" >>"${collected}/summary.txt"
}

# What is often not there, or not allowed. Usage: keep_if FILE ARGUMENTS…
keep_if() {
  mkdir -p -- "$(dirname -- "${collected}/$1")"
  ask "${@:2}" </dev/null 2>/dev/null | mask >"${collected}/$1" || rm -f -- "${collected}/$1"
}

# A query of a member, as the role monitor, which sees no row of a table. Usage: keep_sql MEMBER FILE QUERY
keep_sql() { keep "members/$1/$2" exec "$1-0" -c "${CONTAINER}" -- psql -Xw -P pager=off -v ON_ERROR_STOP=1 -U monitor -d postgres -c "SET search_path = pg_catalog" -c "$3"; }

collect() {
  local member pod
  missing=0
  {
    say "installation ${NAME}, namespace ${NAMESPACE}, PostgreSQL ${POSTGRES_MAJOR:-?}, failover ${FAILOVER}, collected $(date -u +%Y-%m-%dT%H:%M:%SZ)"
    grep '^GENERATOR_VERSION=' -- "$(names_file "${folder}")" || true
  } >"${collected}/summary.txt"
  say 'objects'
  collect_objects
  say 'logs'
  for pod in $(ask get pods -l "app.kubernetes.io/instance=${NAME}" -o 'jsonpath={.items[*].metadata.name}' 2>/dev/null); do
    keep "logs/${pod}.log" logs "${pod}" --all-containers --prefix --tail="${lines}"
    keep_if "logs/${pod}.previous.log" logs "${pod}" --all-containers --prefix --previous --tail="${lines}"
  done
  for member in ${MEMBERS//:/ }; do
    say "member ${member}"
    collect_member "${member}"
  done
  [[ "${missing}" != 0 ]] || missing=''
}

# Of this installation alone: other pods of the namespace can have anything in their environment.
collect_objects() {
  local kind own=(-l "app.kubernetes.io/instance=${NAME}")
  for kind in pods statefulsets deployments cronjobs jobs persistentvolumeclaims services networkpolicies poddisruptionbudgets; do
    keep "objects/${kind}.txt" get "${kind}" "${own[@]}" -o wide
  done
  for kind in pods statefulsets persistentvolumeclaims; do keep "objects/${kind}.json" get "${kind}" "${own[@]}" -o json; done
  keep objects/configmaps.txt get configmaps "${own[@]}"
  keep objects/events.txt get events --sort-by=.lastTimestamp -o wide
  keep_if objects/nodes.txt get nodes -o wide
  keep_if objects/usage.txt top pods "${own[@]}" --containers
}

# Usage: collect_member MEMBER
collect_member() {
  local in=(exec "$1-0" -c "${CONTAINER}" --)
  keep "members/$1/role.txt" "${in[@]}" cat /tmp/instance.role
  # shellcheck disable=SC2016 # both expand in the member
  keep "members/$1/notes.txt" "${in[@]}" bash -c 'cat -- "${PGDATA}/../state/instance.state"'
  keep "members/$1/volumes.txt" "${in[@]}" df -h
  # shellcheck disable=SC2016
  keep "members/$1/processes.txt" "${in[@]}" bash -c 'for process in /proc/[0-9]*; do printf "%s %s\n" "${process#/proc/}" "$(tr "\0" " " <"${process}/cmdline")"; done'
  keep "members/$1/replication.txt" "${in[@]}" /scripts/replication-status.sh
  [[ "${FAILOVER}" != automatic ]] || keep "members/$1/patroni.txt" "${in[@]}" patronictl list --extended
  keep_sql "$1" settings.txt "SELECT name, setting, unit, source, pending_restart FROM pg_settings WHERE source <> 'default' AND name NOT IN ('primary_conninfo', 'ssl_passphrase_command') ORDER BY name"
  keep_sql "$1" senders.txt "SELECT application_name, state, sync_state, sent_lsn, write_lsn, flush_lsn, replay_lsn, replay_lag FROM pg_stat_replication"
  keep_sql "$1" slots.txt "SELECT slot_name, active, wal_status, restart_lsn, safe_wal_size FROM pg_replication_slots"
  keep_sql "$1" sessions.txt "SELECT pid, usename, datname, application_name, backend_type, state, wait_event_type, wait_event, now() - xact_start AS transaction, now() - query_start AS statement, pg_blocking_pids(pid) AS waits_for FROM pg_stat_activity ORDER BY xact_start NULLS LAST"
  keep_sql "$1" databases.txt "SELECT datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, conflicts, deadlocks, temp_bytes, checksum_failures, stats_reset, age(d.datfrozenxid) AS xid_age FROM pg_stat_database JOIN pg_database d USING (datname)"
  keep_sql "$1" progress.txt "SELECT pid, datname, phase, heap_blks_total, heap_blks_scanned FROM pg_stat_progress_vacuum"
}
