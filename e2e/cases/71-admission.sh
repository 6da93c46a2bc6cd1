# shellcheck shell=bash disable=SC2154,SC2310,SC2312 # sourced by e2e/run
# what the policies of admission refuse, and what they let through
source "${root:?}/e2e/lib-admission.sh"

secret='volumes: [{name: v, secret: {secretName: postgresql-secret}}],'
claim='volumes: [{name: v, persistentVolumeClaim: {claimName: data-postgresql-primary}}],'
projected='volumes: [{name: v, projected: {sources: [{secret: {name: postgresql-secret}}]}}],'
variable='env: [{name: P, valueFrom: {secretKeyRef: {name: postgresql-secret, key: airflow-password}}}],'
variables='envFrom: [{secretRef: {name: postgresql-secret}}],'
member='labels: {postgresqlha.github.io/member: postgresql},'
selected='labels: {app.kubernetes.io/instance: postgresql, app.kubernetes.io/name: postgresql, app.kubernetes.io/component: primary},'
allowed='annotations: {postgresqlha.github.io/allow: use},'

check "an installation whose policies are in place" admission_up
check "the policies take effect" policies_up

check "a stranger's pod is let in" tries author "$(pod '' '')"
check "the member's label is refused" refuses 'would be taken for one of its own' tries author "$(pod "${member}" '')"
check "the labels that a Service selects are refused" refuses 'would be taken for one of its own' tries author "$(pod "${selected}" '')"
check "a member's hostname is refused" refuses 'would be taken for one of its own' tries author "$(pod '' 'hostname: postgresql-standby-0,')"
check "the members' subdomain is refused" refuses 'would be taken for one of its own' tries author "$(pod '' 'subdomain: postgresql-peers,')"
check "a member's name is refused" refuses 'would be taken for one of its own' tries author "$(pod '' '' | sed 's/e2e-stranger/postgresql-standby-7/; s/-7/-0/')"
check "the Secret is refused as a volume" refuses 'uses a Secret' tries author "$(pod '' "${secret}")"
check "the Secret is refused as a projected volume" refuses 'uses a Secret' tries author "$(pod '' "${projected}")"
check "the Secret is refused as a variable" refuses 'uses a Secret' tries author "$(pod '' '' "${variable}")"
check "the Secret is refused as all variables" refuses 'uses a Secret' tries author "$(pod '' '' "${variables}")"
check "the Secret is refused in an init container" refuses 'uses a Secret' tries author "$(pod '' "initContainers: [{name: i, image: busybox, ${variables}}],")"
check "a claim is refused" refuses 'uses a claim' tries author "$(pod '' "${claim}")"
check "an account is refused" refuses 'uses a ServiceAccount' tries author "$(pod '' 'serviceAccountName: postgresql-instance,')"
check "a stranger's own annotation does not help" refuses 'uses a Secret' tries author "$(pod "${allowed}" "${secret}")"
check "an administrator of the cluster does not do it by mistake" refuses 'uses a Secret' tries_as_admin "$(pod '' "${secret}")"
check "and can with the annotation" tries_as_admin "$(pod "${allowed}" "${secret}")"
check "a pod of a controller is let in" tries_as_controller statefulset "$(pod "${member}" "${secret}")"

for kind in apps/v1:Deployment apps/v1:StatefulSet apps/v1:DaemonSet apps/v1:ReplicaSet; do
  check "a ${kind#*:} with the Secret is refused" refuses 'uses a Secret' tries author "$(workload "${kind%:*}" "${kind#*:}" '' "${secret}")"
done
check "a Job with a claim is refused" refuses 'uses a claim' tries author "$(workload batch/v1 Job '' "${claim} restartPolicy: Never,")"
check "a CronJob with a claim is refused" refuses 'uses a claim' tries author "$(workload batch/v1 CronJob '' "${claim} restartPolicy: Never,")"
check "a Deployment without either is let in" tries author "$(workload apps/v1 Deployment '' '')"
check "a Job of the installation's CronJob is refused to a stranger" refuses 'of installation postgresql' as author create job e2e-job --from=cronjob/postgresql-backup --dry-run=server
check "and let in for a maintainer" as maintainer create job e2e-job --from=cronjob/postgresql-backup --dry-run=server
check "another Job is refused even to a maintainer" refuses 'uses a claim' tries maintainer "$(workload batch/v1 Job '' "${claim} restartPolicy: Never,")"
check "and let in with the annotation" tries maintainer "$(workload batch/v1 Job "${allowed}" "${claim} restartPolicy: Never,")"
check "a CronJob's Job is let in" as_controller cronjob create job e2e-job --from=cronjob/postgresql-backup --dry-run=server
check "a stranger's sidecar in a member is refused" refuses 'labels, name' as author patch statefulset postgresql-primary --dry-run=server -p '{"spec": {"template": {"spec": {"containers": [{"name": "x", "image": "busybox"}]}}}}'
check "a maintainer's change of a member is let in" as maintainer patch statefulset postgresql-primary --dry-run=server -p '{"spec": {"template": {"spec": {"containers": [{"name": "postgresql", "resources": {"limits": {"cpu": "4"}}}]}}}}'
check "an annotation on a member is no change" as author annotate statefulset postgresql-primary e2e=1 --dry-run=server
check "scaling is not in the way" as operator scale statefulset postgresql-primary --replicas=0 --dry-run=server
check "a label that makes a pod a member is refused" refuses 'would be taken for one of its own' as author label pod e2e-one app.kubernetes.io/instance=postgresql app.kubernetes.io/name=postgresql --dry-run=server
check "a label that is taken from a member is refused" refuses 'would be taken for one of its own' as author label pod e2e-one postgresqlha.github.io/member- --dry-run=server
check "another image in a member is refused" refuses 'would be taken for one of its own' as author set image pod/e2e-one c=busybox --dry-run=server
check "a pod is annotated as ever" as author annotate pod e2e-one e2e=1 --dry-run=server

check "a stranger's program in a member is refused" refuses 'reads data of installation' as author exec postgresql-primary-0 -- true
check "and a stranger's way to its port" refuses 'reads data of installation' as author create --raw "/api/v1/namespaces/${own}/pods/postgresql-primary-0/portforward" -f /dev/null
check "and a stranger's container in it" refuses '(reads data|labels, name, hostname or subdomain) of installation' as author debug pod/postgresql-primary-0 --image=busybox --attach=false
check "a pod of a stranger's own" in_own apply -f - <<<"$(pod '' '')"
check "which gets no container with the Secret" refuses 'uses a Secret' as author patch pod e2e-stranger --subresource=ephemeralcontainers --type=strategic --dry-run=server \
  -p "{\"spec\": {\"ephemeralContainers\": [{\"name\": \"d\", \"image\": \"busybox\", \"envFrom\": [{\"secretRef\": {\"name\": \"postgresql-secret\"}}]}]}}"
check "a revision of a StatefulSet is refused" refuses 'only its controller makes them' tries author \
  $'---\n{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: e2e-revision, labels: {app: stranger}}, revision: 1, data: {}}'
check "and let in from its controller" tries_as_controller statefulset \
  $'---\n{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: e2e-revision, labels: {app: stranger}}, revision: 1, data: {}}'
check "an operator's is not refused by a policy" refuses 'not found|does not have a host assigned' as operator exec postgresql-primary-0 -- true
check "a stranger's program in a pod of a documented Job is refused" refuses 'reads data of installation' as author create --raw "/api/v1/namespaces/${own}/pods/manual-backup-x7k2p/portforward" -f /dev/null
check "a stranger's script is refused" refuses 'run or obey what stands in' as author patch configmap postgresql-config --dry-run=server -p '{"data": {"e2e": "x"}}'
check "a label on it is no change" as author label configmap postgresql-config e2e=1 --dry-run=server
check "a change by who may manage it is let in" in_own patch configmap postgresql-config --dry-run=server -p '{"data": {"e2e": "x"}}'
check "a stranger's token of a member's account is refused" refuses 'acts as a pod of installation' as author create token postgresql-instance
check "a stranger's program in the stranger's pod is no matter" refuses 'not found|does not have a host assigned' as author exec e2e-stranger -- true

for object in pvc/data-postgresql-primary pvc/postgresql-backup secret/postgresql-secret statefulset/postgresql-standby; do
  check "deletion of ${object} is refused" refuses 'annotate' in_own delete "${object}" --dry-run=server
done
check "deletion of the namespace is refused" refuses 'annotate' kubectl delete namespace "${own}" --dry-run=server
check "deletion of all claims is refused" refuses 'annotate' in_own delete --raw "/api/v1/namespaces/${own}/persistentvolumeclaims"
in_own annotate pvc/data-postgresql-standby postgresqlha.github.io/allow=delete >/dev/null || true
check "and is let through with the annotation" in_own delete pvc/data-postgresql-standby --dry-run=server
check "which does not help a stranger" refuses 'annotate' as author delete pvc/data-postgresql-standby --dry-run=server
check "a stranger's claim is the stranger's" as author delete configmap kube-root-ca.crt --dry-run=server

check "PGDATA elsewhere is refused" refuses 'look for its data elsewhere' as maintainer set env statefulset/postgresql-primary PGDATA=/tmp --dry-run=server
check "another claim is refused" refuses 'look for its data elsewhere' as maintainer patch statefulset postgresql-primary --dry-run=server -p '{"spec": {"template": {"spec": {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "e2e"}}]}}}}'
check "another major is refused" refuses 'on the data of' as maintainer patch statefulset postgresql-primary --dry-run=server -p '{"spec": {"template": {"metadata": {"labels": {"app.kubernetes.io/version": "99"}}}}}'
check "a member without its label is refused" refuses 'find its pod' as maintainer patch statefulset postgresql-primary --dry-run=server -p '{"spec": {"template": {"metadata": {"labels": {"postgresqlha.github.io/member": null}}}}}'
check "and let through with the annotation" as maintainer patch statefulset postgresql-primary --dry-run=server -p '{"metadata": {"annotations": {"postgresqlha.github.io/allow": "change"}}, "spec": {"template": {"metadata": {"labels": {"app.kubernetes.io/version": "99"}}}}}'

# A claim of 20Gi whose volume has 1Gi, as after a growth that failed: it may ask for less again, as far as Kubernetes goes.
bound_claim() {
  kubectl apply -f - <<YAML &&
apiVersion: v1
kind: PersistentVolume
metadata: {name: ${own}-wal}
spec:
  capacity: {storage: 20Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: $(in_own get pvc "$1" -o 'jsonpath={.spec.storageClassName}')
  claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: ${own}, name: $1}
  hostPath: {path: /nowhere}
YAML
    eventually 60 is Bound in_own get pvc "$1" -o 'jsonpath={.status.phase}' &&
    in_own patch pvc "$1" --subresource=status --type=merge -p '{"status": {"capacity": {"storage": "1Gi"}}}'
}
shrinking() {
  as maintainer patch pvc "$1" --dry-run=server --type=merge -p "{\"metadata\": {\"annotations\": {\"postgresqlha.github.io/allow\": \"$2\"}}, \"spec\": {\"resources\": {\"requests\": {\"storage\": \"2Gi\"}}}}"
}
clone='---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: e2e-clone}, spec: {accessModes: [ReadWriteOnce], dataSource: {kind: PersistentVolumeClaim, name: data-postgresql-primary}, resources: {requests: {storage: 200Gi}}}}'
check "a claim is bound" bound_claim wal-postgresql-primary
check "a claim that shrinks is refused" refuses 'volumes do not shrink' shrinking wal-postgresql-primary no
check "and let through with the annotation" shrinking wal-postgresql-primary shrink
check "a clone of a claim is refused" refuses 'a copy of a claim' tries author "${clone}"
check "and let in for a maintainer" tries maintainer "${clone}"

check "all members at once are refused" refuses 'ends just now' in_own delete pod e2e-one e2e-two --wait=false
check "as a collection likewise" refuses 'by name|ends just now' in_own delete --raw "/api/v1/namespaces/${own}/pods"
check "one that does not serve can be deleted all the same" bash -c "kubectl --namespace ${own} patch pod e2e-three --subresource=status --type=merge -p '{\"status\": {\"conditions\": [{\"type\": \"Ready\", \"status\": \"False\"}]}}' && kubectl --namespace ${own} delete pod e2e-three --dry-run=server"
in_own annotate pod e2e-two postgresqlha.github.io/allow=delete >/dev/null || true
check "and one that serves with the annotation" in_own delete pod e2e-two --dry-run=server
check "other namespaces notice nothing" k create --dry-run=server -f - <<<"$(pod "${selected}" "${secret}")"

check "each policy is well typed" is '' kubectl get validatingadmissionpolicies -l app.kubernetes.io/part-of=postgresql-ha -o 'jsonpath={.items[*].status.typeChecking.expressionWarnings}'
kubectl annotate namespace "${own}" postgresqlha.github.io/allow=delete >/dev/null
check "the namespace ends with the annotation, and all that is in it" bash -c "kubectl delete namespace ${own} --wait=false && kubectl --namespace ${own} patch pod e2e-one e2e-two e2e-three --type=merge -p '{\"metadata\": {\"finalizers\": null}}'; kubectl wait namespace ${own} --for=delete --timeout=120s"
kubectl delete persistentvolume "${own}-wal" --ignore-not-found --wait=false >/dev/null 2>&1 || true
admission_down >/dev/null 2>&1 || true
