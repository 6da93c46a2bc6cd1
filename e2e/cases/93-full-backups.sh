# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a full backup volume: the database goes on, health and logs say so, the runbook's steps work, and no WAL is missing afterwards
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-volume.sh"

backups=/var/lib/postgresql/backups
archiver_is() { in_backups "grep -q '^STATE=$1\$' wal/archiver.state"; }
# Rows, and the ends of the segments that hold them.
write_wal() { app_sql "$(primary_pod)" 'INSERT INTO e2e_wal SELECT i, repeat(md5(random()::text || i), 20) FROM generate_series(1, 20000) AS i' && sql "${primary}" 'SELECT pg_switch_wal()'; }
writes_until() { write_wal && "$@"; }
backup_job() {
  k delete job e2e-backup --ignore-not-found >/dev/null
  k create job --from=cronjob/postgresql-backup e2e-backup >/dev/null
  eventually 120 has_ended e2e-backup
}
stop_all() { k scale deployment postgresql-wal-archiver --replicas=0 && stop_primary && k wait pod -l app.kubernetes.io/component=wal-archiver --for=delete --timeout=60s; }
start_all() { start_primary && k scale deployment postgresql-wal-archiver --replicas=1; }

stop_all >/dev/null
if ! shrink postgresql-backup 200; then
  start_all >/dev/null
  printf 'left out: it needs volumes that are folders on this machine\n'
else
  check "a backup volume with 200 MB of room" start_all
  check "both are healthy" eventually 90 healthy "${primary}"
  check "there is a base backup" eventually 120 in_backups 'ls -d base/postgresql_base_*'
  app_sql "${primary}" 'DROP TABLE IF EXISTS e2e_wal; CREATE TABLE e2e_wal (id bigint, filler text)'
  check "the archiver runs" eventually 60 archiver_is streaming
  start_counting
  # From outside: the folder is in memory, and what a container writes there counts as its own.
  free=$(df --output=avail -B1M "${folder}" | tail -n 1)
  dd if=/dev/zero of="${folder}/ballast" bs=1M count=$((free - 45)) status=none
  check "the archive fills the rest" eventually 180 writes_until archiver_is full
  check "the health check names the volume" eventually 120 health_says 'critical +.* backup volume'
  check "and the archiver" eventually 60 health_says 'critical +WAL archiver +stands still \(full\)'
  backup_job
  check "a backup is refused before it begins" k wait job/e2e-backup --for=condition=Failed --timeout=5s
  check "the runbook: what takes the room" k exec "${primary}" -- du -sh "${backups}/base" "${backups}/wal" "${backups}"
  check "the runbook: what retention would do" k exec "${primary}" -- env BACKUP_RETENTION_DAYS=7 BACKUP_RETENTION_MINIMUM=3 /scripts/cleanup-backups.sh --dry-run
  mount -o remount,size=2g "${folder}"
  check "with more room the archiver goes on" eventually 120 archiver_is streaming
  holds_after "a full backup volume that was given room" 60
  rm -f -- "${folder}/ballast"
  check "no WAL is missing" eventually 60 k exec "${primary}" -- /scripts/verify-backup.sh --all
  backup_job
  check "a backup is made again" k wait job/e2e-backup --for=condition=Complete --timeout=5s
  stop_all >/dev/null
  restore_volume
  check "the volume is as it was" start_all
  check "both are healthy" eventually 90 healthy "${primary}"
  app_sql "${primary}" 'DROP TABLE e2e_wal'
  k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
  k delete job e2e-backup e2e-health --ignore-not-found >/dev/null
fi
