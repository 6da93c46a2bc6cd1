# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# long: automatic failover: the Secret is lost while both members restart, and made anew
source "${root:?}/e2e/lib-count.sh"
source "${root}/e2e/lib-automatic.sh"
source "${root}/e2e/lib-faults.sh"

manual=${dist}
become_automatic

for role in primary standby; do
  check "rows of before" app_sql "$(primary_pod)" "CREATE TABLE IF NOT EXISTS before (row int); INSERT INTO before VALUES (1)"
  check "the Secret is lost while both members restart, postgresql-${role} is primary" lose_secret
  check "one is primary, the other streams" eventually 120 settled
  check "every role has the new password" eventually 30 "${dist}/rotate-passwords.sh" --status
  check "the rows are there" test "$(app_sql "$(primary_pod)" 'SELECT count(*) FROM before')" -ge 1
  if [[ "${role}" == primary ]]; then check "the other way round" "${dist}/switchover.sh" --yes; fi
done
roles_back

dist=${manual}
check "back to manual" "${dist}/change-failover.sh" --yes
check "both are healthy" eventually 60 healthy "${primary}"
