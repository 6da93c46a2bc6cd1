# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run; commands expand in the member
# long: the health check on what takes minutes: forgotten transactions, maintenance beyond its limit, an archiver that is away or cannot write, a standby that is stopped
source "${root:?}/e2e/lib-health.sh"

# A session of the application's owner that runs in the background. Usage: app_session SQL
app_session() { k exec "${primary}" -c postgresql -- bash -c "psql -XAtqw -U airflow -d airflow <<<\"$1\"" >/dev/null 2>&1 & }
ended_as_it_says() { sql "${primary}" "$(sed -n "s/.*$1 .*: \\(SELECT pg_terminate_backend([0-9]*)\\) ends.*/\\1/p; s/.*$1 .*; \\(SELECT pg_terminate_backend([0-9]*)\\) ends.*/\\1/p" "${answer}")"; }

check "all is well" clear_again
began=${SECONDS}
app_session 'SELECT pg_sleep(600)'
app_session 'BEGIN; SELECT 1; \! sleep 200'
k exec "${standby}" -c postgresql -- pg_ctl stop -D /var/lib/postgresql/data/pgdata >/dev/null
check "maintenance of the standby is a warning" eventually 30 is '1: warning postgresql-standby answers,warning slot postgresql_standby' found
check "it says why" says 'postgresql-standby answers +no, for 0 min: .*Connection refused'
sleep "$((62 - (SECONDS - began) > 0 ? 62 - (SECONDS - began) : 0))"
check "a minute later transactions are over a limit of one, and maintenance is" eventually 20 is \
  '2: critical postgresql-standby answers,warning postgresql-primary idle in transaction,warning postgresql-primary transactions,warning slot postgresql_standby' \
  found TRANSACTION_MAX_MINUTES=1 IDLE_IN_TRANSACTION_MAX_MINUTES=1 MAINTENANCE_MAX_MINUTES=1
check "it asks whether maintenance was forgotten" says 'postgresql-standby answers +no, for [1-9] min, critical from 1 min: .*was maintenance forgotten\? pg_ctl start'
check "the long transaction ends as it says" ended_as_it_says transactions
check "and the idle one" ended_as_it_says 'idle in transaction'
check "by the limits of the specification only the standby is left" eventually 10 is '1: warning postgresql-standby answers,warning slot postgresql_standby' found
k exec "${standby}" -c postgresql -- pg_ctl start -D /var/lib/postgresql/data/pgdata >/dev/null
check "it is clear again" clear_again TRANSACTION_MAX_MINUTES=1 IDLE_IN_TRANSACTION_MAX_MINUTES=1 MAINTENANCE_MAX_MINUTES=1

k scale deployment postgresql-wal-archiver --replicas=0 >/dev/null
check "the archiver is away" eventually 60 is '1: warning WAL archive lag,warning WAL archiver,warning slot wal_archiver' found
check "two minutes later its notes are missed" eventually 180 is "1: warning WAL archive lag,warning WAL archiver,warning WAL archiver's notes,warning slot wal_archiver" found
k scale deployment postgresql-wal-archiver --replicas=1 >/dev/null
check "it is clear again" clear_again

in_backups 'chmod 500 wal/receiving'
sql "${primary}" 'SELECT pg_switch_wal()' >/dev/null
check "the archiver cannot write" eventually 60 is '2: critical WAL archiver,warning WAL archive lag,warning slot wal_archiver' found
check "it says where to look" says 'WAL archiver +stands still \(volume\): the log of its Deployment says why'
check "the job says so" health_says '^critical +WAL archiver'
check "and fails, with the same exit status" is 2 job_status
in_backups 'chmod 700 wal/receiving'
check "it is clear again" clear_again

k scale statefulset postgresql-standby --replicas=0 >/dev/null
check "the standby is stopped" eventually 60 is '1: warning postgresql-standby answers,warning slot postgresql_standby' found
check "its slot keeps WAL" says 'slot postgresql_standby +nobody reads it; it keeps [0-9]+ bytes of WAL'
check "the job says so" health_says '^warning +postgresql-standby answers'
check "and does not fail, as the specification has it" is 0 job_status
k scale statefulset postgresql-standby --replicas=1 >/dev/null
check "it is clear again" clear_again
