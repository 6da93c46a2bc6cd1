# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a step that fails is a check that failed)
# A server that stands for that of Airflow's chart: a plain pod in another namespace, with another locale, and tables with a history of runs
# from a generator. Sourced by cases.

source_namespace=e2e-source

# The password has every character that is odd in a URL, a passfile or SQL.
source_password() { printf '%s' "p@ss/w:rd%+#?&= \\x"; }
source_url() { printf 'postgresql+psycopg2://airflow:p%%40ss%%2Fw%%3Ard%%25%%2B%%23%%3F%%26%%3D%%20%%5Cx@old.%s.svc:5432/airflow?sslmode=disable\n' "${source_namespace}"; }

# Its user is another one than the members', as in images of others; one without a name initdb does not take.
start_source() {
  kubectl create namespace "${source_namespace}"
  source_password | kubectl create secret generic old -n "${source_namespace}" --from-file=password=/dev/stdin
  kubectl apply -n "${source_namespace}" -f - <<YAML
apiVersion: v1
kind: Service
metadata: {name: old}
spec:
  selector: {app: old}
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Pod
metadata: {name: old, labels: {app: old}}
spec:
  securityContext: {runAsUser: 65534, runAsGroup: 65534, fsGroup: 65534, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: postgresql
      image: postgres:${major}
      imagePullPolicy: IfNotPresent
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      env: [{name: PGDATA, value: /data/pgdata}, {name: PGHOST, value: /tmp}, {name: PGUSER, value: postgres}]
      command: [bash, -ec, "initdb -A trust -U postgres --locale=C -E UTF8 --no-sync >/dev/null; printf 'local all all trust\nhost all all all scram-sha-256\n' >\$PGDATA/pg_hba.conf; exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp -c fsync=off"]
      volumeMounts: [{name: data, mountPath: /data}, {name: secret, mountPath: /secret}]
      readinessProbe: {exec: {command: [pg_isready, -q, -h, /tmp]}, periodSeconds: 1}
  volumes: [{name: data, emptyDir: {}}, {name: secret, secret: {secretName: old}}]
YAML
  kubectl wait pod/old -n "${source_namespace}" --for=condition=Ready --timeout=90s
}

in_source() { kubectl exec -i -n "${source_namespace}" old -- "$@"; }
# SQL there, from standard input. Usage: source_sql DATABASE
source_sql() { in_source psql -XAtqw -v ON_ERROR_STOP=1 -d "$1"; }

# What of it is nowhere else, as it is, in a passfile and in a URL; one a line.
source_password_forms() { printf '%s\n' 'p@ss/w:rd' 'p@ss/w\:rd' 'p%40ss%2Fw%3Ard'; }

# Airflow's largest tables as its history fills them. Usage: fill_source RUNS, each with ten task instances and their log
fill_source() {
  # shellcheck disable=SC2016 # psql's variable
  in_source bash -c 'psql -Xq -v ON_ERROR_STOP=1 -v p="$(cat /secret/password)" -d postgres' <<<"SET password_encryption = 'scram-sha-256'; CREATE ROLE airflow LOGIN PASSWORD :'p'; CREATE DATABASE airflow OWNER airflow;"
  source_sql airflow <<SQL
SET ROLE airflow;
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('29ce7909c52b');
CREATE TABLE dag_run (id serial PRIMARY KEY, dag_id varchar(250) NOT NULL, run_id varchar(250) NOT NULL, logical_date timestamptz, state varchar(50), conf bytea, UNIQUE (dag_id, run_id));
CREATE TABLE task_instance (id uuid PRIMARY KEY, dag_id varchar(250) NOT NULL, task_id varchar(250) NOT NULL, run_id varchar(250) NOT NULL, state varchar(20), start_date timestamptz, hostname varchar(1000),
  executor_config bytea, UNIQUE (dag_id, task_id, run_id), FOREIGN KEY (dag_id, run_id) REFERENCES dag_run (dag_id, run_id) ON DELETE CASCADE);
CREATE TABLE log (id serial PRIMARY KEY, dttm timestamptz, dag_id varchar(250), event varchar(60), extra text);
CREATE TABLE xcom (dag_id varchar(250), run_id varchar(250), key varchar(512), value jsonb, PRIMARY KEY (dag_id, run_id, key));
INSERT INTO dag_run (dag_id, run_id, logical_date, state, conf)
SELECT 'dag_' || i % 50, 'scheduled__' || i, timestamptz '2024-01-01' + i * interval '10 s', 'success', decode(repeat(md5(i::text), 2), 'hex') FROM generate_series(1, $1) AS i;
INSERT INTO task_instance SELECT gen_random_uuid(), dag_id, 'task_' || t, run_id, 'success', logical_date, 'worker-' || t || '.airflow-worker.airflow.svc', decode(repeat(md5(run_id), 3), 'hex') FROM dag_run, generate_series(1, 10) AS t;
INSERT INTO log (dttm, dag_id, event, extra) SELECT start_date, dag_id, 'success', '{"host_name": "' || hostname || '", "full_command": "' || repeat(md5(id::text), 8) || '"}' FROM task_instance;
INSERT INTO xcom SELECT dag_id, run_id, 'return_value', jsonb_build_object('rows', id, 'text', repeat(md5(run_id), 6)) FROM dag_run;
CREATE INDEX ti_state ON task_instance (state);
CREATE INDEX idx_log_dttm ON log (dttm);
CREATE INDEX "odd ""Name""" ON log (lower(event));
SQL
}

counts='SELECT (SELECT count(*) FROM dag_run), (SELECT count(*) FROM task_instance), (SELECT count(*) FROM log), (SELECT count(*) FROM xcom), (SELECT sum(hashtext(run_id)) FROM task_instance)'
source_counts() { source_sql airflow <<<"${counts}"; }

# The way of the members to it, and nothing else of the installation. Usage: open_way FOLDER
open_way() {
  local file
  file=$(specification "${root}/e2e/specs/import.yaml") && "${root}/pgha" synth --config "${file}" --out "$1" && kubectl apply -f "$1/postgresql-network.yaml"
}

# Usage: import ARGUMENTS…; the command of docs/how-to/import.md
import() { source_url | k exec -i "${primary}" -c postgresql -- /scripts/import-database.sh "$@"; }
