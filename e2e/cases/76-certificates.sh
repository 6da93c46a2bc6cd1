# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312 # sourced by e2e/run
# long: certificates and their CA are rotated under four writers: no row is lost, nothing restarts, an interruption is gone on from

# shellcheck source=../lib-count.sh
source "${root}/e2e/lib-count.sh"

# Where the deployment on this machine has put the CA's key.
deployed_authority() { find "${XDG_DATA_HOME:-${HOME}/.local/share}/postgresql-ha" -path "*/${namespace}/postgresql/ca-*" -name '*.key' 2>/dev/null | head -n 1; }
rotate() { "${dist}/rotate-certificates.sh" "$@"; }
all_restarts() {
  local pod
  for pod in $(members); do restarts "${pod}"; done
  k get pods -l app.kubernetes.io/component=wal-archiver -o 'jsonpath={.items[*].metadata.uid} {.items[*].status.containerStatuses[0].restartCount}'
}
key_of_secret() { k get secret postgresql-tls -o "jsonpath={.data.$1}" | base64 -d; }
presented() { k exec "$1" -c postgresql -- timeout 10 openssl s_client -starttls postgres -connect 127.0.0.1:5432 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256; }
wanted() { key_of_secret 'tls\.crt' | openssl x509 -noout -fingerprint -sha256; }
every_member_presents_it() {
  local pod
  for pod in $(members); do is "$(wanted)" presented "${pod}" || return 1; done
}

# A new session verifies fully, by the CA that the client mounts, or another one. Usage: client_verifies [CA]
client_verifies() {
  k exec -i "${client}" -- bash -c 'authority=$(cat); [[ -z "${authority}" ]] || { printf "%s\n" "${authority}" >/notes/ca.crt && export PGSSLROOTCERT=/notes/ca.crt; }
    export PGSSLMODE=verify-full; psql -XAtqw -c "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"' <<<"${1:-}"
}

# New sessions all the time, which verify by what the client mounts; what is refused is noted.
keep_connecting() {
  k exec "${client}" -- bash -c 'exec >/dev/null 2>&1 </dev/null; export PGSSLMODE=verify-full
    (while [[ ! -e /notes/stop ]]; do psql -XAtqw -c "SELECT 1" 2>>/notes/refused >/dev/null && echo >>/notes/opened; sleep 0.5; done) & disown'
}
no_session_was_refused() {
  k exec "${client}" -- bash -c 'cat /notes/refused; ! grep -q . /notes/refused && (($(wc -l </notes/opened) > 100))'
}
no_pause_above_five_seconds() { (($(longest_gap) < 5000)); }

# Ends the program in the midst of its waiting, as a person would. Usage: interrupted SECONDS ARGUMENTS…
interrupted() {
  local status=0
  timeout --signal=INT "$1" "${dist}/rotate-certificates.sh" "${@:2}" || status=$?
  ((status == 124 || status == 130)) && ! compgen -G '/dev/shm/postgresql-ha.*'
}

found=$(deployed_authority)
check "the CA's key is on this machine" test -f "${found}"
check "the members present the certificate of the Secret" every_member_presents_it
start_counting
before=$(all_restarts)
check "a client verifies a member" is t client_verifies
documented './rotate-certificates.sh --status' 'postgresql-standby-0 presents it'
check "new sessions all the time" keep_connecting

old=$(wanted)
documented './rotate-certificates.sh --yes' 'every member and pooler that runs presents it'
check "it is another one" test "${old}" != "$(wanted)"
check "every member presents it" every_member_presents_it
check "a client verifies it" is t client_verifies
check "writes go on" eventually 10 writes_go_on

old_ca=$(k get configmap postgresql-ca -o 'jsonpath={.data.ca\.crt}')
check "a change of the CA is interrupted while the pods get it" interrupted 5 --ca --yes
check "it goes on until every pod trusts both" rotate --ca --trust-only --yes
documented './rotate-certificates.sh --ca --yes' 'The old CA is still trusted'
check "every member presents the new certificate" every_member_presents_it
check "a client with the ConfigMap verifies it" is t client_verifies
check "a client with only the old CA does not" refuses 'certificate verify failed' client_verifies "${old_ca}"
check "--status says what is left" refuses 'TO DO: the old CA is still trusted' rotate --status
check "writes go on" eventually 10 writes_go_on
check "new sessions of the standby verify, too" k exec "${standby}" -c postgresql -- /scripts/replication-status.sh

documented './rotate-certificates.sh --finish --yes' 'one CA is trusted'
check "--status finds nothing to do" rotate --status
check "the standby streams" eventually 30 healthy "$(primary_pod)"
check "a job connects" "${dist}/test-postgresql-ha.sh" --timeout 120

check "the key of the CA is lost: a renewal says so" refuses 'lost, --ca makes a new CA' "${dist}/rotate-certificates.sh" --yes --ca-directory "${scratch}/nowhere"
check "a new CA needs only the Secret" "${dist}/rotate-certificates.sh" --ca --yes --ca-directory "${scratch}/new-authority"
check "and becomes the only one" "${dist}/rotate-certificates.sh" --finish --yes --ca-directory "${scratch}/new-authority"
check "no pod restarted" is "${before}" all_restarts
check "no new session was refused" no_session_was_refused
check "no pause above five seconds" no_pause_above_five_seconds
holds_after "three rotations of certificates" 30
# The next run finds the key where the deployment had put it.
cp -p -- "${scratch}/new-authority"/ca-* "${found%/*}/"
k delete pod "${client}" --grace-period=1 --wait=false >/dev/null
