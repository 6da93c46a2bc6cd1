# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# Rows and the moments between them, recoveries to those moments, and what must hold after each. Sourced after lib-count.sh by the
# cases of restores.

pitr() { k exec "${primary}" -c postgresql -- /scripts/restore-pitr.sh "$@"; }

begin_story() {
  app_sql "$(primary_pod)" 'DROP TABLE IF EXISTS e2e_story; CREATE TABLE e2e_story (id bigserial PRIMARY KEY, what text)'
  check "there is a base backup" eventually 300 k exec "${primary}" -c postgresql -- sh -c 'ls -d /var/lib/postgresql/backups/base/postgresql_base_*'
}

# One row, and the moment after it in moment. Usage: tell WHAT
tell() {
  app_sql "$(primary_pod)" "INSERT INTO e2e_story (what) VALUES ('$1')"
  sleep 0.2
  moment=$(sql "$(primary_pod)" "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'")
  sleep 0.2
}

timeline() { sql "$(primary_pod)" "SELECT timeline_id FROM pg_control_checkpoint()"; }

# Usage: story POD
story() { app_sql "$1" "SELECT string_agg(what, ' ' ORDER BY id) FROM e2e_story"; }

# The archive has what was just written; a recovery of it would succeed. Usage: archived_until TARGET
archived_until() {
  sql "$(primary_pod)" 'SELECT pg_switch_wal()' >/dev/null
  eventually 90 pitr --target-time "$1" --dry-run
}

# Usage: recovers TARGET_OPTION VALUE EXPECTED_STORY DESCRIPTION
recovers() {
  check "PITR $4" pitr "$1" "$2" --yes
  check "PITR $4: the rows of that moment" is "$3" story "${primary}"
  check "PITR $4: the standby follows, and streams" eventually 180 settled
  check "PITR $4: the standby has the same rows" eventually 60 is "$3" story "${standby}"
  check "PITR $4: the archive goes on from there" eventually 60 archives
}

archives() { [[ "$(sql "$(primary_pod)" "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'wal_archiver' AND state = 'streaming'")" == 1 ]]; }

# Before and after a failover, and again after a recovery. Usage: failover_story FAIL_OVER, a function; the other member is primary then
failover_story() {
  local before after again origin
  begin_story
  origin=$(timeline)
  tell one && before=${moment}
  tell two
  check "the other member becomes primary" "$1"
  tell three && after=${moment}
  tell four
  roles_back
  tell five
  check "the archive reaches the moment after the failover" archived_until "${after}"
  recovers --target-time "${after}" 'one two three' "to a moment after the failover"
  tell six && again=${moment}
  tell seven
  check "the archive reaches a moment after the recovery" archived_until "${again}"
  recovers --target-time "${again}" 'one two three six' "after a PITR"
  tell eight
  recovers --target-time "${before}" 'one' "to a moment before the failover"
  tell nine
  check "the timeline before the failover is still to be had" eventually 60 pitr --latest --timeline "${origin}" --dry-run
  app_sql "$(primary_pod)" 'DROP TABLE e2e_story'
}
