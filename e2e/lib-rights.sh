# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# Accounts with few rights, for the procedures. Sourced by the cases that use them.

# e2e-operator may do what the procedures do in the namespace, and may not read nodes; e2e-blind may not even exec.
allow_procedures() {
  k apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: ServiceAccount
metadata: {name: e2e-operator}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: e2e-blind}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: e2e-look}
rules:
  - {apiGroups: ["", apps], resources: [pods, statefulsets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: e2e-operate}
rules:
  - {apiGroups: [""], resources: [pods/exec], verbs: [create, get]}
  - {apiGroups: [apps], resources: [statefulsets/scale], verbs: [get, update, patch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: e2e-look}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: e2e-look}
subjects: [{kind: ServiceAccount, name: e2e-operator}, {kind: ServiceAccount, name: e2e-blind}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: e2e-operate}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: e2e-operate}
subjects: [{kind: ServiceAccount, name: e2e-operator}]
YAML
}

forbid_procedures() {
  k delete rolebinding,role e2e-look e2e-operate >/dev/null
  k delete serviceaccount e2e-operator e2e-blind >/dev/null
}

# A program with a kubeconfig of that account. Usage: as_account ACCOUNT COMMAND…
as_account() {
  local config="${scratch}/kubeconfig-$1"
  if [[ ! -s "${config}" ]]; then
    (umask 077 && kubectl config view --raw --minify --flatten >"${config}")
    kubectl --kubeconfig "${config}" config set-credentials "$1" --token="$(k create token "$1")" >/dev/null
    kubectl --kubeconfig "${config}" config set-context --current --user="$1" >/dev/null
  fi
  KUBECONFIG="${config}" "${@:2}"
}

# A person of whom the API knows no more than a Role of dist/. Usage: bind_person viewer|operator|maintainer
bind_person() { k create rolebinding "e2e-$1" --role="postgresql-$1" --user="e2e-$1" --dry-run=client -o yaml | k apply -f - >/dev/null; }

# A command whose kubectl makes every request as that person. (kubectl config set takes no user to act as.) Usage: with_rights_of PERSON COMMAND…
with_rights_of() {
  local folder="${scratch}/rights-$1" program
  if [[ ! -x "${folder}/kubectl" ]]; then
    program=$(command -v kubectl)
    mkdir -p -- "${folder}" && printf '#!/bin/sh\nexec %s --as=e2e-%s "$@"\n' "${program}" "$1" >"${folder}/kubectl" && chmod +x -- "${folder}/kubectl"
  fi
  PATH="${folder}:${PATH}" "${@:2}"
}
