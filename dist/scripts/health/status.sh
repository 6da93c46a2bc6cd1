# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What each member says of itself, as the role monitor. Sourced after lib/log.sh and lib/postgres.sh, never run.

# The members in hosts and ports, by number: MEMBER_HOSTS and PGPORT are lists, as libpq takes them.
read_members() {
  local i listed
  declare -gA fact=() failure=()
  IFS=, read -ra hosts <<<"${MEMBER_HOSTS}"
  IFS=, read -ra listed <<<"${PGPORT:-5432}"
  for i in "${!hosts[@]}"; do ports[i]=${listed[i]:-${listed[0]}}; done
}

# Usage: status_connection NUMBER USER DATABASE
status_connection() {
  printf 'host=%s port=%s user=%s dbname=%s connect_timeout=%s application_name=%s%s' "${hosts[$1]}" "${ports[$1]}" "$2" "$3" "${CONNECT_SECONDS:-3}" "${0##*/}" "$(connection_security)"
}

# One "key=value" a line; slots as "slot NAME ACTIVE WAL_STATUS RETAINED_BYTES", then the supervisor's notes, which may be missing.
query_member() {
  timeout "${ANSWER_SECONDS:-10}" psql -XAtqwx -F = -v ON_ERROR_STOP=1 --set=idle_minutes="${IDLE_SESSION_MINUTES:-10}" "$(status_connection "$1" monitor postgres)" <<'SQL'
SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END AS role,
  (SELECT system_identifier FROM pg_control_system()) AS system,
  CASE WHEN pg_is_in_recovery()
    THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver), (SELECT timeline_id FROM pg_control_checkpoint()))
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int END AS timeline,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn,
  CASE WHEN pg_is_in_recovery() THEN coalesce((SELECT status FROM pg_stat_wal_receiver), 'none') ELSE '-' END AS receiver,
  CASE WHEN pg_is_in_recovery() AND pg_is_wal_replay_paused() THEN 'yes' ELSE 'no' END AS replay_paused,
  CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    -- Whole pages are written where nobody commits, and a record that ends on the next one cannot be replayed yet.
    WHEN pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0') % 8192 = 0 AND pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) < 131072 THEN 0
    ELSE greatest(coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0), 0)::bigint END AS replay_age,
  extract(epoch FROM current_setting('recovery_min_apply_delay')::interval)::bigint AS apply_delay,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  current_setting('max_connections') AS max_connections,
  (SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database) AS checksum_failures,
  (SELECT count(*) FROM pg_settings WHERE pending_restart) AS pending_restart,
  current_setting('server_version_num') AS version,
  CASE WHEN current_setting('synchronous_standby_names') = '' THEN 'no' ELSE 'yes' END AS synchronous,
  (SELECT coalesce(sum(blks_hit), 0)::bigint FROM pg_stat_database) AS blocks_hit,
  (SELECT coalesce(sum(blks_read), 0)::bigint FROM pg_stat_database) AS blocks_read,
  (SELECT greatest(max(age(datfrozenxid)), max(mxid_age(datminmxid))) FROM pg_database) AS transaction_age,
  -- A dump is one long transaction, and is meant to be.
  coalesce((SELECT format('%s %s %s', greatest(extract(epoch FROM clock_timestamp() - xact_start), 0)::bigint, pid, regexp_replace(usename, '[^A-Za-z0-9_.-]', '_', 'g'))
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND state NOT LIKE 'idle in transaction%' AND usename <> 'backup' AND pid <> pg_backend_pid()
      AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1), '0 0 -') AS long_transaction,
  coalesce((SELECT format('%s %s %s', greatest(extract(epoch FROM clock_timestamp() - state_change), 0)::bigint, pid, regexp_replace(usename, '[^A-Za-z0-9_.-]', '_', 'g'))
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND state LIKE 'idle in transaction%' AND usename <> 'backup' ORDER BY state_change LIMIT 1), '0 0 -') AS idle_transaction,
  coalesce((SELECT format('%s %s %s', greatest(extract(epoch FROM clock_timestamp() - waitstart), 0)::bigint, pid, coalesce((pg_blocking_pids(pid))[1], 0))
    FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL ORDER BY waitstart LIMIT 1), '0 0 0') AS lock_wait,
  coalesce((SELECT format('%s %s %s', count(*), coalesce(host(client_addr), '-'), coalesce(regexp_replace(usename, '[^A-Za-z0-9_.-]', '_', 'g'), '-')) -- the role may be dropped
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND state = 'idle' AND state_change < clock_timestamp() - :idle_minutes * interval '1 min'
    GROUP BY client_addr, usename ORDER BY count(*) DESC, client_addr, usename LIMIT 1), '0 - -') AS idle_sessions,
  -- What ALTER SYSTEM has set is no part of the specification; where a standby streams from is no part of it either.
  coalesce((SELECT left(string_agg(name, ',' ORDER BY name), 200) FROM pg_settings WHERE sourcefile ~ '/postgresql[.]auto[.]conf$'
    AND name !~ '^(primary_|recovery_|restore_command$|archive_cleanup_command$)'), '-') AS overridden,
  -- Superusers, and whoever may reach files and programs of the server, beside the superuser; and the product's own roles.
  coalesce((SELECT left(string_agg(regexp_replace(rolname, '[^A-Za-z0-9_.-]', '_', 'g'), ',' ORDER BY rolname), 200) FROM pg_roles WHERE oid <> 10 AND rolname !~ '^pg_' AND (rolsuper
    OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER') OR pg_has_role(oid, 'pg_read_server_files', 'MEMBER') OR pg_has_role(oid, 'pg_write_server_files', 'MEMBER')
    OR (rolname IN ('replicator', 'rewinder', 'monitor', 'backup')
      AND (rolcreaterole OR rolcreatedb OR NOT rolcanlogin OR rolreplication <> (rolname = 'replicator') OR rolbypassrls <> (rolname = 'backup'))))), '-') AS drifted_roles,
  extract(epoch FROM clock_timestamp())::bigint AS clock;
\pset expanded off
\pset fieldsep ' '
SELECT 'slot', slot_name, CASE WHEN active THEN 'active' ELSE 'inactive' END, coalesce(wal_status, 'unreserved'),
  CASE WHEN pg_is_in_recovery() THEN 0 ELSE greatest(coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0), 0)::bigint END
FROM pg_replication_slots ORDER BY slot_name;
SELECT 'sender', regexp_replace(application_name, '[^A-Za-z0-9_.-]', '_', 'g'), state, sync_state, greatest(coalesce(CASE WHEN replay_lsn IS NULL
    THEN pg_wal_lsn_diff(pg_current_wal_flush_lsn(), flush_lsn) -- the WAL archiver replays nothing
    ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END, 0), 0)::bigint,
  CASE WHEN flush_lsn = pg_current_wal_flush_lsn() AND pg_wal_lsn_diff(flush_lsn, '0/0') % 8192 = 0 AND pg_wal_lsn_diff(flush_lsn, replay_lsn) < 131072
    THEN 0 -- it has half of a record
    ELSE greatest(coalesce(extract(epoch FROM replay_lag), 0), 0)::bigint END
FROM pg_stat_replication WHERE NOT pg_is_in_recovery() AND application_name <> 'pg_basebackup' ORDER BY application_name;
\echo notes:
\set ON_ERROR_STOP off
SELECT postgresql_ha.instance_state();
SQL
}

# A text as a JSON string; what JSON does not allow in one becomes a blank.
json_string() {
  local text=${1//[[:cntrl:]]/ }
  text=${text//\\/\\\\} text=${text//\"/\\\"}
  printf '"%s"' "${text}"
}

# Sets format from the arguments "--format text|json". Usage: parse_format USAGE ARGUMENTS…
parse_format() {
  local usage=$1
  shift
  format=text
  while (($# > 0)); do
    case $1 in
    --format=text | --format=json) format=${1#*=} ;;
    --format) format=${2:-} && shift ;;
    *) die 64 "$1: unknown argument; ${usage}" ;;
    esac
    shift
  done
  [[ "${format}" == text || "${format}" == json ]] || die 64 "--format: text or json, got '${format}'; ${usage}"
}
