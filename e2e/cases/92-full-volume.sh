# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a full WAL volume: not ready, nobody promoted by reflex, and with more room everything is there
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-faults.sh"
source "${root}/e2e/lib-volume.sh"

# Usage: fill; fails when the volume is full
fill() { app_sql "${primary}" 'CREATE TABLE IF NOT EXISTS e2e_full (id bigint, filler text); INSERT INTO e2e_full SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 20000) AS i'; }
is_full() { ! fill; }
not_ready() { is False k get pod "${primary}" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'; }
says_full() { k logs "${primary}" --tail=200 | grep -q 'No space left on device' || k logs "${primary}" --previous --tail=200 | grep -q 'No space left on device'; }

stop_primary >/dev/null
if ! shrink "wal-${primary%-0}" 160; then
  start_primary >/dev/null
  printf 'left out: it needs volumes that are folders on this machine\n'
else
  check "a WAL volume with 160 MB of room" start_primary
  check "both are healthy" eventually 90 healthy "${primary}"
  start_counting
  # Nothing is recycled while its standby is away.
  k exec "${standby}" -- pg_ctl stop -D /var/lib/postgresql/data/pgdata >/dev/null
  check "the volume fills" eventually 120 is_full
  check "the primary is not ready" eventually 60 not_ready
  check "its log says why" eventually 60 says_full
  k exec "${standby}" -- pg_ctl start -D /var/lib/postgresql/data/pgdata >/dev/null
  sleep 15
  check "nobody is promoted by it" is t in_recovery "${standby}"
  mount -o remount,size=2g "${folder}"
  holds_after "a full WAL volume that was given room" 240
  stop_primary >/dev/null
  restore_volume
  check "the volume is as it was" start_primary
  check "both are healthy" eventually 90 healthy "${primary}"
  app_sql "${primary}" 'DROP TABLE e2e_full'
  k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
fi
