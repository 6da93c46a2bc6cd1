# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (names from NAME.env, variables of the programs; statuses of the questions are their answers)
# The manifests of this folder. Sourced after lib/kubectl.sh, never run.

# One manifest file; in another namespace by way of kustomize, which changes every reference to it as well. Usage: render FILE
render() {
  local overlay status=0
  if [[ "${NAMESPACE}" == "${own_namespace}" ]]; then
    cat -- "${folder}/$1"
    return
  fi
  overlay=$(mktemp -d) || return 1
  {
    cp -- "${folder}/$1" "${overlay}/" &&
      printf 'namespace: %s\nresources: [%s]\n' "${NAMESPACE}" "$1" >"${overlay}/kustomization.yaml" &&
      kubectl kustomize "${overlay}"
  } || status=$?
  rm -rf -- "${overlay}"
  return "${status}"
}

# Policies of admission name their namespace in each line, which no tool changes.
require_own_policies() {
  [[ "${NAMESPACE}" == "${own_namespace}" || ! -f "${folder}/${NAME}-admission.yaml" ]] ||
    die 64 "--namespace ${NAMESPACE}: the policies in ${NAME}-admission.yaml are of namespace ${own_namespace}; synthesize with namespace: ${NAMESPACE}. Nothing was applied"
}

# Usage: apply FILE
apply() {
  local output
  output=$(render "$1" | k apply ${dry_run:+--dry-run="${dry_run}"} -f - 2>&1) || die 1 "$1 was not applied:
${output}"
  indent "  " "${output}"
}
