# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# An installation with policies of admission, in a namespace of its own in which no pod ever runs: no node has the label that they
# ask for. Sourced by the cases that use it.

own=adm-e2e
folder="${scratch}/admission"
in_own() { kubectl --namespace "${own}" "$@"; }

# The author may do all that the namespace's administrator may; the others have the Roles of dist/. Usage: as NAME COMMAND…
as() { in_own --as="system:serviceaccount:${own}:$1" "${@:2}"; }

# As the cluster's own controllers. Usage: as_controller NAME COMMAND…
as_controller() { in_own --as="system:serviceaccount:kube-system:$1-controller" --as-group=system:serviceaccounts:kube-system "${@:2}"; }

# A pod in YAML, of which parts are given as the fields of a flow mapping, each with a comma behind it. Usage: pod METADATA SPEC CONTAINER
pod() {
  printf -- '---\n{apiVersion: v1, kind: Pod, metadata: {name: e2e-stranger, %s}, ' "$1"
  printf 'spec: {nodeSelector: {e2e: nowhere}, %s containers: [{name: c, image: "postgres:%s", %s}]}}\n' "$2" "${major}" "${3:-}"
}

# A workload of such pods. Usage: workload APIVERSION KIND METADATA SPEC [FIELDS]
workload() {
  local template="metadata: {labels: {app: stranger}}, spec: {nodeSelector: {e2e: nowhere}, $4 containers: [{name: c, image: \"postgres:${major}\"}]}"
  case $2 in
  CronJob) template="schedule: '0 0 1 1 *', jobTemplate: {spec: {template: {${template}}}}" ;;
  Job) template="template: {${template}}" ;;
  *) template="selector: {matchLabels: {app: stranger}}, template: {${template}}" ;;
  esac
  printf -- '---\n{apiVersion: %s, kind: %s, metadata: {name: e2e-stranger, %s}, spec: {%s %s}}\n' "$1" "$2" "$3" "${5:-}" "${template}"
}

# What the API says of an object, without making it. Usage: tries WHO YAML
tries() { as "$1" create --dry-run=server -f - <<<"$2"; }
tries_as_admin() { in_own create --dry-run=server -f - <<<"$1"; }
tries_as_controller() { as_controller "$1" create --dry-run=server -f - <<<"$2"; }

# A pod that poses as a member, ready and in no hurry to end. Usage: stand_in NAME
stand_in() {
  in_own apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata: {name: $1, finalizers: [e2e.example/keep], labels: {postgresqlha.github.io/member: postgresql}}
spec: {nodeSelector: {e2e: nowhere}, containers: [{name: c, image: "postgres:${major}"}]}
YAML
  in_own patch pod "$1" --subresource=status --type=merge -p '{"status": {"conditions": [{"type": "Ready", "status": "True"}]}}'
}

admission_up() {
  local part
  admission_down >/dev/null 2>&1 || true
  printf '%s\n' "namespace: ${own}" "postgresVersion: ${major}" 'scheduling: {nodeSelector: {e2e: nowhere}}' 'admission: {enabled: true}' >"${scratch}/admission.yaml"
  "${root}/pgha" synth --config "${scratch}/admission.yaml" --out "${folder}" || return 1
  for part in namespace storage secret rbac configmap primary standby backup monitoring; do kubectl apply -f "${folder}/postgresql-${part}.yaml" || return 1; done
  in_own create rolebinding author --clusterrole=admin --serviceaccount="${own}:author" &&
    in_own create role debugger --verb=get,patch,create --resource=pods/ephemeralcontainers,controllerrevisions.apps &&
    in_own create rolebinding debugger --role=debugger --serviceaccount="${own}:author" &&
    in_own create rolebinding operator --role=postgresql-operator --serviceaccount="${own}:operator" &&
    in_own create rolebinding maintainer --role=postgresql-maintainer --serviceaccount="${own}:maintainer" &&
    in_own create rolebinding viewer --role=postgresql-viewer --serviceaccount="${own}:viewer" &&
    stand_in e2e-one && stand_in e2e-two && stand_in e2e-three
}

# They take effect a moment after they are there.
policies_up() {
  kubectl apply -f "${folder}/postgresql-admission.yaml" &&
    eventually 60 refuses 'has its data' tries author "$(pod '' 'volumes: [{name: v, secret: {secretName: postgresql-secret}}],')"
}

# The policies go first: nothing is in the way of what is done then.
admission_down() {
  local kind
  for kind in validatingadmissionpolicybinding validatingadmissionpolicy; do
    kubectl get "${kind}" -o name | grep "/postgresql\\.${own}\\." | xargs --no-run-if-empty kubectl delete
  done
  in_own patch pod e2e-one e2e-two e2e-three --type=merge -p '{"metadata": {"finalizers": null}}'
  kubectl delete namespace "${own}" --ignore-not-found --wait --timeout=120s
}
