# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# An S3 server outside of the installation's namespace, and the encrypted remote on it. Sourced by the cases of off-site copies.

s3_namespace=e2e-s3 s3_version=v1.8.0
s3_key=e2e-key s3_secret=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')
crypt_password=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')

# versitygw by its Go module, kept in .tools/; rclone's stand-in. Usage: build_offsite_images
build_offsite_images() {
  local builder=${image_builder:?} context="${scratch}/s3"
  [[ -x "${builder}" ]] || { printf 'BUILD_IMAGE is not set: the cluster is expected to have e2e-rclone:1 and e2e-s3:1\n' && return; }
  if [[ ! -x "${root}/.tools/bin/versitygw" ]]; then CGO_ENABLED=0 GOBIN="${root}/.tools/bin" go install "github.com/versity/versitygw/cmd/versitygw@${s3_version}"; fi
  mkdir -p "${context}" && cp "${root}/e2e/images/s3/Dockerfile" "${root}/.tools/bin/versitygw" "${context}/"
  "${builder}" list | grep -qxF docker.io/library/e2e-s3:1 || timeout 300 "${builder}" build docker.io/library/e2e-s3:1 "${context}"
  "${builder}" list | grep -qxF docker.io/library/e2e-rclone:1 || timeout 300 "${builder}" build docker.io/library/e2e-rclone:1 "${root}/e2e/images/rclone"
}

start_s3() {
  kubectl delete namespace "${s3_namespace}" --ignore-not-found --wait --timeout=120s
  kubectl create namespace "${s3_namespace}"
  kubectl --namespace "${s3_namespace}" apply -f - <<YAML
apiVersion: v1
kind: Secret
metadata: {name: s3}
stringData: {key: "${s3_key}", secret: "${s3_secret}"}
---
apiVersion: v1
kind: Pod
metadata: {name: s3}
spec:
  containers:
    - name: s3
      image: e2e-s3:1
      imagePullPolicy: IfNotPresent
      command: [versitygw, --port, ":7070", posix, /data]
      env:
        - {name: ROOT_ACCESS_KEY, valueFrom: {secretKeyRef: {name: s3, key: key}}}
        - {name: ROOT_SECRET_KEY, valueFrom: {secretKeyRef: {name: s3, key: secret}}}
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, emptyDir: {}}]
YAML
  kubectl --namespace "${s3_namespace}" wait pod s3 --for=condition=Ready --timeout=120s
}

# The remote as its users define it: a crypt over a bucket. Usage: give_remote; in the installation's namespace
give_remote() {
  local address hidden rclone="${root}/.tools/bin/rclone"
  [[ -x "${rclone}" ]] || rclone=rclone
  hidden=$("${rclone}" obscure - <<<"${crypt_password}") && [[ -n "${hidden}" ]] || return 1
  address=$(kubectl --namespace "${s3_namespace}" get pod s3 -o 'jsonpath={.status.podIP}')
  {
    printf '[s3]\ntype = s3\nprovider = Other\naccess_key_id = %s\nsecret_access_key = %s\nendpoint = http://%s:7070\nregion = us-east-1\n' "${s3_key}" "${s3_secret}" "${address}"
    printf '[secret]\ntype = crypt\nremote = s3:backups/airflow\npassword = %s\n' "${hidden}"
  } >"${scratch}/rclone.conf"
  k create secret generic postgresql-rclone --from-file=rclone.conf="${scratch}/rclone.conf"
}

# Usage: run_offsite CRONJOB NAME
run_offsite() {
  k delete job "$2" --ignore-not-found >/dev/null
  k create job --from="cronjob/$1" "$2" && k wait "job/$2" --for=condition=Complete --timeout=180s
}
