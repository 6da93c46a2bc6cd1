# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: a second installation in another namespace, by --namespace, beside the first

elsewhere=e2e-elsewhere
kubectl delete namespace "${elsewhere}" --ignore-not-found --wait --timeout=120s
check "deploys into ${elsewhere}" "${dist}/deploy-postgresql.sh" --namespace "${elsewhere}"
check "it is proven there" "${dist}/test-postgresql-ha.sh" --namespace "${elsewhere}"
check "the first installation is as it was" eventually 10 healthy "${primary}"
kubectl delete namespace "${elsewhere}" --wait --timeout=180s
