# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of health-check.sh; statuses of the checks are their answers)
# Lag in time, and how long a member is away. Sourced by health-check.sh.

# Sets lag_seconds to the lag of standby NUMBER as the last look has it. An idle primary makes the age of the last transaction grow, and
# the last measured lag stay: both say something only while there is WAL to replay. Usage: lag_of NUMBER
lag_of() {
  lag_seconds=0
  if ((sender_bytes > 0)); then
    lag_seconds=$((fact[$1_replay_age] > sender_seconds ? fact[$1_replay_age] : sender_seconds))
  fi
}

# A transaction that is on its way after a quiet hour looks as old as the one before it: a second look, a second later, tells. What was
# received at the first one is replayed by then, or the standby lags. Usage: check_lag_in_time NUMBER
check_lag_in_time() {
  local name=${fact[$1_instance]} replayed lag_seconds
  lag_of "$1"
  if ((lag_seconds >= REPLICATION_LAG_MAX_SECONDS)); then
    sleep 1
    replayed=$(seconds_of_lag_again "$1") || replayed=''
    if is_fact "${fact_number}" "${replayed}" && ((replayed < lag_seconds)); then lag_seconds=${replayed}; fi
  fi
  fact[$1_lag_seconds]=${lag_seconds}
  report_limit "${name} lag in time" "${lag_seconds}" "${REPLICATION_LAG_MAX_SECONDS}" " s"
}

# Prints 0 where the standby has replayed what the primary had written a second ago. Usage: seconds_of_lag_again NUMBER
seconds_of_lag_again() {
  PGOPTIONS='-c search_path=pg_catalog' timeout 3 psql -XAtqw -v ON_ERROR_STOP=1 --set=written="${fact[${primary}_lsn]}" "$(status_connection "$1" monitor postgres)" 2>/dev/null <<'SQL'
SELECT CASE WHEN pg_last_wal_replay_lsn() >= :'written'::pg_lsn THEN 0
  WHEN pg_wal_lsn_diff(:'written', '0/0') % 8192 = 0 AND pg_wal_lsn_diff(:'written', pg_last_wal_replay_lsn()) < 131072 THEN 0
  ELSE greatest(coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0), 1)::bigint END;
SQL
}

# A member that was stopped for maintenance cannot say so: how long it is away, the other one knows. Usage: check_silence NUMBER
check_silence() {
  local name=${fact[$1_instance]} i seen='' minutes
  for i in "${!hosts[@]}"; do
    if [[ "${i}" != "$1" && -z "${failure[${i}]:-}" && -n "${fact[${i}_peer_seen]:-}" && ${#hosts[@]} == 2 ]]; then seen=$((fact[${i}_clock] - fact[${i}_peer_seen])); fi
  done
  minutes=$((${seen:-0} / 60))
  if ((minutes >= MAINTENANCE_MAX_MINUTES)); then
    report critical "${name} answers" "no, for ${minutes} min, critical from ${MAINTENANCE_MAX_MINUTES} min: ${failure[$1]}; was maintenance forgotten? pg_ctl start in its pod ends it"
  else
    report warning "${name} answers" "no${seen:+, for ${minutes} min}: ${failure[$1]}"
  fi
}
