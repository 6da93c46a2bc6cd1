# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# pg_ctl stop and start on the standby: the pod lives through 75 s, the commands return; patch and rollout restart

check "both are healthy, whatever the case before left to do" eventually 90 healthy "${primary}"
before=$(restarts "${standby}")
documented 'kubectl exec -n airflow postgresql-standby-0 -- pg_ctl stop -D /var/lib/postgresql/data/pgdata' 'server stopped'
check "the health check is not green meanwhile" refuses 'postgresql-standby answers +no|streams' k exec "${primary}" -- /scripts/health-check.sh
sleep 75
check "the health check says for how long the standby is away" refuses 'warning +postgresql-standby answers +no, for [1-9] min' k exec "${primary}" -- /scripts/health-check.sh
check "the container has lived through 75 s without PostgreSQL" is "${before}" restarts "${standby}"
documented 'kubectl exec -n airflow postgresql-standby-0 -- pg_ctl start -D /var/lib/postgresql/data/pgdata' 'server started as standby'
check "the same container" is "${before}" restarts "${standby}"
check "the standby streams again" eventually 30 healthy "${primary}"

documented "kubectl patch statefulset postgresql-primary -n airflow -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"postgresql\",\"resources\":{\"limits\":{\"cpu\":\"4000m\",\"memory\":\"8Gi\"}}}]}}}}'" 'patched'
documented 'kubectl rollout restart statefulset/postgresql-primary -n airflow' 'restarted'
check "the rollout ends" k rollout status statefulset/postgresql-primary --timeout=180s
check "the limit is 8Gi" is 8Gi k get pod "${primary}" -o 'jsonpath={.spec.containers[0].resources.limits.memory}'
check "the primary is primary again, the standby streams" eventually 60 healthy "${primary}"
check "applying dist/ brings the limit of the specification back" kubectl apply -f "${dist}/postgresql-primary.yaml"
check "the rollout ends" k rollout status statefulset/postgresql-primary --timeout=180s
check "the limit is 4Gi" is 4Gi k get pod "${primary}" -o 'jsonpath={.spec.containers[0].resources.limits.memory}'
check "both are healthy" eventually 60 healthy "${primary}"
