# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# a database of a plain server in another namespace, with another locale and an odd password, is imported by one command
# long: E2E_IMPORT_RUNS=580000 makes it one of about 5 GB
source "${root:?}/e2e/lib-import.sh"

runs=${E2E_IMPORT_RUNS:-4000}
# Files and processes of the member that have the password, which comes on standard input: what looks for it is a process, too. That it
# finds what is there, shows a file of its own.
password_left() {
  source_password_forms | k exec -i "${primary}" -c postgresql -- bash -c 'forms=$(cat); printf "%s\n" "${forms}" >/tmp/e2e-found
    grep -rlsFf <(printf "%s\n" "${forms}") /tmp /run/passfile /var/lib/postgresql/data/state /proc/[0-9]*/cmdline /proc/[0-9]*/environ; rm /tmp/e2e-found'
}
holds_rows() { [[ "${rows}" =~ ^${runs}\|$((runs * 10))\|$((runs * 10))\|${runs}\|-?[0-9]+$ ]] || { printf 'rows of the source: %s\n' "${rows}" && return 1; }; }

kubectl delete namespace "${source_namespace}" --ignore-not-found --wait --timeout=120s
check "a server of another namespace" start_source
check "its database has ${runs} runs" fill_source "${runs}"
rows=$(source_counts)
check "their rows are counted" holds_rows
check "a network policy keeps it out of reach" refuses 'cannot be reached.*network.sources' import --check
check "network.sources opens the way" open_way "${scratch}/import"
kubectl exec -n "${source_namespace}" old -- psql -Xq -d airflow -c 'SELECT pg_sleep(60)' >/dev/null 2>&1 &
writer=$!
check "somebody is connected there" eventually 30 is 1 source_sql postgres <<<"SELECT count(*) FROM pg_stat_activity WHERE datname = 'airflow'"
check "whoever may write there is named" refuses 'others are connected to the source and may write.*postgres' import
kill "${writer}"
in_source psql -XAtq -d airflow -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'airflow' AND pid <> pg_backend_pid()" >/dev/null
app_sql "${primary}" 'CREATE TABLE IF NOT EXISTS e2e_before AS SELECT 7 AS n'
check "nothing stands in the way, and the pause is estimated" bash -c "$(declare -f import source_url k); namespace=${namespace} primary=${primary} source_namespace=${source_namespace}; import --check --replace 2>&1 | tee /dev/stderr | grep -q 'estimate: about'"
check "a database that holds something is not replaced unasked" refuses 'holds .*--replace' import
check "the source refuses writes, as documented" source_sql postgres <<<'ALTER DATABASE airflow SET default_transaction_read_only = on;'
began=${SECONDS}
check "it is imported" import --replace
printf 'imported after %s s\n' "$((SECONDS - began))"
check "every row is there" is "${rows}" app_sql "${primary}" "${counts}"
check "and on the standby" eventually 60 is "${rows}" app_sql "${standby}" "${counts}"
check "all of it belongs to the owner" is airflow app_sql "${primary}" "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
check "what was there is kept" is 1 sql "${primary}" "SELECT count(*) FROM pg_database WHERE datname LIKE 'airflow_before_%'"
check "the source is as it was" is "${rows}" source_counts
check "the password is nowhere else" is /tmp/e2e-found password_left
check "the documented way out gives a dump that another server takes" bash -c "$(declare -f k); namespace=${namespace}; kubectl exec -n ${namespace} ${primary} -c postgresql -- pg_dump -U airflow -Fc --no-owner --no-privileges airflow | kubectl exec -i -n ${source_namespace} old -- bash -c 'createdb copy && pg_restore --no-owner --no-privileges --exit-on-error -d copy'"
check "with every row" is "${rows}" source_sql copy <<<"${counts}"
# Other cases find the database as it was.
k exec -i "${primary}" -- psql -XAtqw -U postgres <<'SQL'
DROP DATABASE airflow WITH (FORCE);
SELECT format('ALTER DATABASE %I RENAME TO airflow', datname) FROM pg_database WHERE datname LIKE 'airflow\_before\_%' \gexec
SQL
check "what was kept can be put back" is 7 app_sql "${primary}" 'SELECT n FROM e2e_before'
app_sql "${primary}" 'DROP TABLE e2e_before'
kubectl delete networkpolicy -n "${namespace}" postgresql-sources --ignore-not-found
kubectl delete namespace "${source_namespace}" --wait=false
