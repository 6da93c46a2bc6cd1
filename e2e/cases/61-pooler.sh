# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: PgBouncer: TLS, prepared statements, many clients, a failover by hand, a changed password, the loss of a pod

[[ ! -x "${image_builder}" ]] || "${image_builder}" list | grep -qxF docker.io/library/e2e-pgbouncer:1 || timeout 300 "${image_builder}" build docker.io/library/e2e-pgbouncer:1 "${root}/e2e/images/pgbouncer"
source "${root}/e2e/lib-rights.sh"
pooled="${scratch}/pooled"
specification=$(specification "${root}/e2e/specs/pooler.yaml")
"${root}/pgha" synth --config "${specification}" --out "${pooled}" >/dev/null

client_pod() {
  k delete pod e2e-pooled --ignore-not-found --wait >/dev/null
  k apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: e2e-pooled, labels: {postgresql-client: "true"}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: client
      image: postgres:17
      imagePullPolicy: IfNotPresent
      command: [sleep, infinity]
      volumeMounts: [{name: ca, mountPath: /ca}]
  volumes: [{name: ca, configMap: {name: postgresql-ca}}]
YAML
  k wait pod e2e-pooled --for=condition=Ready --timeout=60s
}

password() { k get secret postgresql-secret -o 'go-template={{index .data "airflow-password" | base64decode}}'; }

# Usage: pooled COMMAND…; in a pod that is a client, with the password in its environment, which comes by standard input
pooled() { k exec -i e2e-pooled -- bash -c '{ IFS= read -r PGPASSWORD || [[ -n "${PGPASSWORD}" ]]; } && export PGPASSWORD && exec "$@"' -- "$@" < <(password); }
verified='user=airflow dbname=airflow port=6432 sslmode=verify-full sslrootcert=/ca/ca.crt require_auth=scram-sha-256 connect_timeout=5'
ask() { pooled timeout 60 psql -XAtqw -d "host=${2:-postgresql-pooler} ${verified}" -c "$1"; }
many() { pooled timeout 120 pgbench -n -S -M prepared -c "$1" -j 2 -T 10 "host=postgresql-pooler ${verified}" 2>&1 | tee "${scratch}/pgbench" | grep -q 'number of failed transactions: 0'; }
sessions() { sql "${primary}" "SELECT count(*) <= 20 FROM pg_stat_activity WHERE usename = 'airflow'"; }

# The seconds from the promotion, which wrote the history of its timeline, to the first row that came by the pooler.
seconds_to_first_row() {
  sql "${standby}" "SELECT extract(epoch FROM (pg_stat_file('pg_wal/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '.history')).modification)" >"${scratch}/promoted"
  k exec "${standby}" -c postgresql -- psql -XAtqw -U postgres -d airflow -c "SELECT round(extract(epoch FROM min(at))::numeric - $(<"${scratch}/promoted"), 1) FROM e2e_pooled"
}
first_row_comes() {
  eventually 30 ask "INSERT INTO e2e_pooled DEFAULT VALUES RETURNING 1" && seconds_to_first_row >"${scratch}/first-row" && awk '{ exit !($1 <= 5) }' "${scratch}/first-row"
}

lose_a_pod() {
  local pod
  pod=$(k get pod -l app.kubernetes.io/component=pooler -o 'jsonpath={.items[0].metadata.name}')
  k delete pod "${pod}" --wait=false >/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do ask 'SELECT 1' >/dev/null || return 1; done
}

# As the README says it. Usage: console COMMAND WORD
console() { k exec deployment/postgresql-pooler -c follower -- psql -h /run/passfile/write -p 6432 -U pgbouncer -d pgbouncer -c "$1" | grep -F -- "$2"; }

# Each of its pods goes while clients ask, who connect anew each time.
restart_under_load() {
  k rollout restart deployment/postgresql-pooler || return
  while ! k rollout status deployment/postgresql-pooler --timeout=1s >/dev/null 2>&1; do
    PATH=${own_path} ask 'SELECT 1' >/dev/null || return
  done
}

own_path=${PATH}
check "the pooler is deployed" "${pooled}/deploy-postgresql.sh"
check "a certificate with its names is made" "${pooled}/rotate-certificates.sh" --yes
check "its pods are ready" k rollout status deployment/postgresql-pooler --timeout=180s
check "they are on two nodes" is 2 bash -c "kubectl -n ${namespace} get pod -l app.kubernetes.io/component=pooler -o 'jsonpath={range .items[*]}{.spec.nodeName}{\"\n\"}{end}' | sort -u | grep -c ."
check "a client is there" client_pod
check "a verified query goes to the primary" eventually 120 is f ask 'SELECT pg_is_in_recovery()'
check "one that reads goes to the standby" eventually 60 is t ask 'SELECT pg_is_in_recovery()' postgresql-pooler-read
check "a client without TLS is refused" refuses 'SSL required' pooled psql -w -d 'host=postgresql-pooler port=6432 user=airflow dbname=airflow sslmode=disable' -c 'SELECT 1'
check "the product's own roles are nobody there" refuses 'no such user|authentication failed' pooled psql -w -d "host=postgresql-pooler ${verified} user=monitor" -c 'SELECT 1'
check "the console does not open by the network" refuses 'not allowed' pooled psql -w -d "host=postgresql-pooler ${verified} dbname=pgbouncer" -c 'SHOW POOLS'
check "a table for pgbench is made" pooled pgbench -i -q "host=postgresql-pooler ${verified}"
check "prepared statements work" many 20
check "1,000 clients share 20 sessions" many 1000
check "the server has no more of them" is t sessions
check "a table of rows is made" ask 'CREATE TABLE e2e_pooled (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT clock_timestamp())'
k scale statefulset postgresql-primary --replicas=0 >/dev/null
k wait pod "${primary}" --for=delete --timeout=120s >/dev/null 2>&1
k exec "${standby}" -c postgresql -- touch /tmp/promote_trigger
check "the standby is promoted by hand" eventually 60 is f in_recovery "${standby}"
check "the first row comes within 5 s" first_row_comes
printf '       first row %s s after the promotion\n' "$(<"${scratch}/first-row")"
k scale statefulset postgresql-primary --replicas=1 >/dev/null
check "the former primary follows" eventually 180 healthy "${standby}"
check "back again" "${pooled}/switchover.sh" --yes
check "the pooler follows" eventually 30 ask 'INSERT INTO e2e_pooled DEFAULT VALUES'
check "the passwords are rotated" "${pooled}/rotate-passwords.sh" --role airflow --yes
check "the new one works through the pooler" eventually 120 is 1 ask 'SELECT 1'
check "the loss of a pod is not seen" lose_a_pod
bind_person maintainer
check "a maintainer reads its console" with_rights_of maintainer console 'SHOW POOLS' cl_waiting
check "a maintainer restarts it, and nobody sees that" with_rights_of maintainer restart_under_load
k delete rolebinding e2e-maintainer >/dev/null
k delete pod e2e-pooled --wait=false >/dev/null
k delete -f "${pooled}/postgresql-pooler.yaml" --ignore-not-found >/dev/null
"${dist}/deploy-postgresql.sh" >/dev/null
