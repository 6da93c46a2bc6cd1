# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# the deployment script: fresh, again, dry run, bad usage

generations() { k get statefulset,deployment,cronjob,poddisruptionbudget -o 'jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}'; }

changes_nothing() {
  local before
  before=$(generations)
  "${dist}/deploy-postgresql.sh" && [[ "${before}" == "$(generations)" ]] && kubectl diff -k "${dist}"
}

again_first_backup() {
  k delete job postgresql-backup
  "${dist}/deploy-postgresql.sh"
}
again_standby() { k delete pod "${standby}" && ready "${standby}"; }
again_primary() { k delete pod "${primary}" && ready "${primary}"; }

keeps_passwords() {
  local before
  before=$(k get secret postgresql-secret -o 'jsonpath={.data}')
  "${dist}/deploy-postgresql.sh" --secrets-only
  [[ "${before}" == "$(k get secret postgresql-secret -o 'jsonpath={.data}')" ]]
}

keeps_the_certificate() {
  local before
  before=$(k get secret postgresql-tls -o 'jsonpath={.data}')
  [[ "${before}" == *tls.key* ]] && "${dist}/deploy-postgresql.sh" --secrets-only
  [[ "${before}" == "$(k get secret postgresql-tls -o 'jsonpath={.data}')" ]]
}

never_prints_passwords() {
  local password output
  password=$(k get secret postgresql-secret -o 'go-template={{index .data "airflow-password" | base64decode}}')
  [[ ${#password} -ge 24 ]]
  output=$(
    bash -x "${dist}/deploy-postgresql.sh" --dry-run 2>&1
    k logs "${primary}"
    k logs "${standby}"
  )
  ! grep -qF -- "${password}" <<<"${output}"
}

dry_run_elsewhere() {
  "${dist}/deploy-postgresql.sh" --dry-run --namespace elsewhere
  ! kubectl get namespace elsewhere
}

documented './deploy-postgresql.sh' 'first backup'
# The logs while they are young.
documented_log again_first_backup "kubectl logs -n airflow \$(kubectl get pods -n airflow -l job-name=postgresql-backup -o jsonpath='{.items[0].metadata.name}')" 'backup complete'
documented_log again_standby 'kubectl logs -n airflow postgresql-standby-0' 'role: standby'
documented_log again_primary 'kubectl logs -n airflow postgresql-primary-0 > postgresql-primary.log; cat postgresql-primary.log; rm postgresql-primary.log' 'database system is ready to accept'
documented_log again_primary 'timeout 5 kubectl logs -n airflow postgresql-primary-0 -f || true' 'role: primary'
check "a second run changes nothing" changes_nothing
check "--secrets-only keeps the passwords that are there" keeps_passwords
check "--secrets-only keeps the certificate that is there" keeps_the_certificate
check "passwords are never printed" never_prints_passwords
check "--dry-run on a running installation" "${dist}/deploy-postgresql.sh" --dry-run
check "--dry-run for another namespace creates nothing" dry_run_elsewhere
check "an unknown option is refused" refuses 'unknown option; --help' "${dist}/deploy-postgresql.sh" --froce
check "an unknown context is refused" refuses 'does not answer' "${dist}/deploy-postgresql.sh" --context nowhere
check "kubectl apply -k takes the folder as it is" kubectl apply -k "${dist}"
