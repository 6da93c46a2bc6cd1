# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# long: in another namespace, by --namespace; two installations do not fit a cluster of two processors, so the first one goes

elsewhere=e2e-elsewhere
start_anew
kubectl delete namespace "${elsewhere}" --ignore-not-found --wait --timeout=180s
check "deploys into ${elsewhere}" "${dist}/deploy-postgresql.sh" --namespace "${elsewhere}" --timeout 180
check "it is proven there" "${dist}/test-postgresql-ha.sh" --namespace "${elsewhere}" --destructive
check "nothing was made in ${namespace}" refuses 'not found' kubectl get namespace "${namespace}"
kubectl delete namespace "${elsewhere}" --wait --timeout=180s
check "deploys here again" "${dist}/deploy-postgresql.sh" --timeout 180
