# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# who may connect, and under which restrictions everything runs

# Usage: client NAME LABELS; tries to connect from a pod with these labels, and prints what became of it
client() {
  k delete pod "$1" --ignore-not-found --grace-period=1 >/dev/null
  k run "$1" --image="postgres:${major:?}" --image-pull-policy=IfNotPresent --restart=Never --labels="$2" --command -- \
    bash -c 'sleep 2; (timeout 5 bash -c "exec 3<>/dev/tcp/postgresql-primary/5432" && echo connected || echo refused) >/dev/termination-log' >/dev/null 2>&1
  k wait pod "$1" --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s >/dev/null
  k get pod "$1" -o 'jsonpath={.status.containerStatuses[0].state.terminated.message}'
  k delete pod "$1" --grace-period=1 --wait=false >/dev/null
}

restricted() {
  local output
  output=$(kubectl label --dry-run=server --overwrite namespace "${namespace}" pod-security.kubernetes.io/enforce=restricted 2>&1)
  printf '%s\n' "${output}"
  ! grep -qiE 'warning.*(violat|would)' <<<"${output}"
}
in_container() { k exec "${primary}" -- "$@"; }

check "every pod keeps to Pod Security restricted" restricted
check "uid and gid are 999" is '999 999' in_container bash -c 'echo "$(id -u) $(id -g)"'
check "the root file system is read-only" refuses 'Read-only file system' in_container touch /etc/x
check "there is no ServiceAccount token" refuses 'No such file' in_container ls /var/run/secrets/kubernetes.io/serviceaccount/token
check "no capability is left" is 'CapEff: 0000000000000000' in_container bash -c "grep CapEff /proc/self/status | tr '\t' ' '"
check "no password is in any process's arguments or environment" refuses '' in_container bash -c 'for f in /run/secrets/postgresql/*; do grep -lF -f "$f" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; done | grep .'
check "a wrong password is refused" refuses 'password authentication failed' in_container env PGPASSWORD=wrong psql -w -h postgresql-primary -U airflow -d airflow -c 'SELECT 1'
check "a client without TLS is refused, and told so" refuses 'no encryption' in_container env PGSSLMODE=disable PGPASSWORD=wrong psql -w -h postgresql-primary -U airflow -d airflow -c 'SELECT 1'
check "the certificate has the name of the Service" refuses 'password authentication failed' in_container env PGSSLMODE=verify-full PGSSLROOTCERT=/tls/ca.crt PGPASSWORD=wrong psql -w -h postgresql-primary -U airflow -d airflow -c 'SELECT 1'
check "no private key is on a volume but those in memory" in_container bash -c '! grep -rqs "PRIVATE KEY" /var/lib/postgresql /tmp'
check "no role connects without a password" refuses 'no password supplied' in_container psql -w -h postgresql-primary -U airflow -d airflow -c 'SELECT 1'
check "the superuser does not connect without a member's certificate" refuses 'valid client certificate' in_container bash -c 'PGPASSWORD=$(cat /run/secrets/postgresql/postgres-password) psql -w "host=postgresql-primary user=postgres dbname=postgres sslmode=verify-full sslrootcert=/tls/ca.crt" -c "SELECT 1"'
check "the application's role cannot read other databases" refuses 'no pg_hba.conf entry|pg_hba.conf rejects' in_container bash -c 'PGPASSWORD=$(cat /run/secrets/postgresql/airflow-password) psql -w -h postgresql-primary -U airflow -d postgres -c "SELECT 1"'
check "primary and standby are on different nodes" bash -c "[[ \$(kubectl get pods -n ${namespace} ${primary} ${standby} -o 'jsonpath={.items[*].spec.nodeName}' | tr ' ' '\n' | sort -u | wc -l) == 2 ]]"
check "a pod that is no client cannot connect" is refused client e2e-stranger app=stranger
check "a pod with the client label can" is connected client e2e-client postgresql-client=true
check "a pod of Airflow's chart can" is connected client e2e-airflow tier=airflow
