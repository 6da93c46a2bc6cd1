# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# a changed password: the old one fails, the new one works, replication goes on

# Usage: log_in PASSWORD; the password goes by standard input
log_in() { k exec -i "${primary}" -- bash -c 'read -r PGPASSWORD && export PGPASSWORD && psql -XAtqw -h postgresql-primary -U airflow -d airflow -c "SELECT 1"' <<<"$1"; }

old=$(k get secret postgresql-secret -o 'go-template={{index .data "airflow-password" | base64decode}}')
new="e2e-\"quoted'\\\$ %:@/#-$(head -c 9 /dev/urandom | base64)"
check "the password works" is 1 log_in "${old}"
printf '{"data": {"airflow-password": "%s"}}' "$(printf '%s' "${new}" | base64 -w0)" | k patch secret postgresql-secret --type=merge --patch-file=/dev/stdin
check "the new password works within two minutes" eventually 120 is 1 log_in "${new}"
check "the old one is refused" refuses 'password authentication failed' log_in "${old}"
check "replication goes on" healthy "${primary}"
