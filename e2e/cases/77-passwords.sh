# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: rotate-passwords.sh under four writers: of one role, of all; open sessions go on, the old password fails, nothing restarts; the Secret is lost

# shellcheck source=../lib-count.sh
source "${root}/e2e/lib-count.sh"
# shellcheck source=../lib-faults.sh
source "${root}/e2e/lib-faults.sh"

# A new session over the network, by a password from standard input. Usage: log_in PASSWORD
log_in() { k exec -i "${primary}" -c postgresql -- bash -c 'read -r PGPASSWORD && export PGPASSWORD && psql -XAtqw -h postgresql-primary -U airflow -d airflow -c "SELECT 1"' <<<"$1"; }
password() { k get secret postgresql-secret -o "go-template={{index .data \"$1-password\" | base64decode}}"; }
member_restarts() {
  local pod
  for pod in $(members); do restarts "${pod}"; done
}

# What any process of the primary's container shows of itself.
process_lists() { k exec "${primary}" -c postgresql -- bash -c 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\0" "\n"'; }
shows_no_password() {
  local role secret shown
  shown=$(
    process_lists
    k logs "${primary}"
    k logs "${standby}"
  )
  for role in postgres airflow replicator rewinder monitor backup; do
    secret=$(password "${role}")
    ! grep -qF -- "${secret}" <<<"${shown}" || { printf 'the password of %s is shown\n' "${role}" && return 1; }
  done
}

start_counting
before=$(member_restarts)
old=$(password airflow)
documented './rotate-passwords.sh --status' 'postgresql-primary-0 is primary: its roles have the passwords'
check "an unknown role is refused" refuses "has no password; there are" "${dist}/rotate-passwords.sh" --role nobody --yes
documented './rotate-passwords.sh --role airflow --yes' 'from now on the old ones fail'
check "the old password is refused" refuses 'password authentication failed' log_in "${old}"
check "the new one works" is 1 log_in "$(password airflow)"
check "sessions that are open go on" eventually 10 writes_go_on
documented './rotate-passwords.sh --all --yes' "The product's own roles"
check "every role has its new password" "${dist}/rotate-passwords.sh" --status
check "sessions that are open go on" eventually 10 writes_go_on
check "the standby streams" eventually 30 healthy "$(primary_pod)"
check "a new WAL receiver logs in" k exec "${standby}" -c postgresql -- bash -c 'kill "$(psql -XAtqw -U postgres -d postgres -c "SELECT pid FROM pg_stat_wal_receiver")"'
check "and streams" eventually 60 healthy "$(primary_pod)"
check "jobs log in" "${dist}/test-postgresql-ha.sh" --timeout 120
check "no password is shown" shows_no_password
check "no member restarted" is "${before}" member_restarts
holds_after "a rotation of all passwords" 30
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null

refused_here() { k logs "${primary}" -c postgresql | grep 'password authentication failed for user "monitor"'; }
for former in "${primary}" "${standby}"; do
  check "rows of before" app_sql "${former}" "CREATE TABLE IF NOT EXISTS before (row int); INSERT INTO before VALUES (1)"
  check "the Secret is lost while both members restart" lose_secret
  check "they refuse each other" eventually 90 refused_here
  documented './failover.sh --yes' "${former%-0} is primary"
  check "every role has the new password" "${dist}/rotate-passwords.sh" --status
  check "the other one streams" eventually 60 healthy "${former}"
  check "the rows are there" test "$(app_sql "${former}" 'SELECT count(*) FROM before')" -ge 1
  [[ "${former}" == "${standby}" ]] || check "the other way round" "${dist}/switchover.sh" --yes
done
check "back" "${dist}/switchover.sh" --yes
