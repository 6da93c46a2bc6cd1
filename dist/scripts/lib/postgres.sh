# shellcheck shell=bash disable=SC2034 # for those who source this
# What every script needs to talk to PostgreSQL. Sourced after lib/log.sh, never run.

# Usage: require_env NAME…; names every missing variable at once.
require_env() {
  local name missing=()
  for name in "$@"; do [[ -n "${!name:-}" ]] || missing+=("${name}"); done
  ((${#missing[@]} == 0)) || die 64 "environment: not set: ${missing[*]}; the header of ${0##*/} lists what it needs"
}

# psql for scripts: no psqlrc, rows only, unaligned, quiet, never a password prompt, first error ends it.
sql() { psql -XAtqw -v ON_ERROR_STOP=1 "$@"; }

# The last line of what libpq and its programs complained of that says what is wrong: behind it they ask back, in lines that begin with a
# tab, and name the passfile. Usage: complaint FILE
complaint() { sed -n $'/^\t/!{/^password retrieved from file/!{s/^psql: error: //;h;};};${g;p;}' -- "$1" 2>/dev/null; }

# Sets a variable to what a command answers, and reason to what it complained of at last. A warning is no answer: whoever owns a
# database can have each session in it begin with one. Usage: ask VARIABLE COMMAND…
ask() {
  local complaints ask_answer status=0
  reason='no file can be made for its complaints'
  complaints=$(mktemp -- "${PASSFILE_DIRECTORY:-${RUNTIME_DIRECTORY:-${SCRATCH_DIRECTORY:-/tmp}}}/said.XXXXXX") || return 1
  ask_answer=$("${@:2}" 2>"${complaints}") || status=$?
  printf -v "$1" '%s' "${ask_answer}"
  reason=$(complaint "${complaints}")
  rm -f -- "${complaints}"
  return "${status}"
}

# What every connection over TCP asks of the other side, as options of a connection string with a blank before: it proves by SCRAM
# that it knows the password's verifier, and is never sent the password. libpq knows the option since PostgreSQL 16. Where TLS is required
# it shows a certificate of the authority in TLS_CA_FILE that holds the name which was asked for, before it is told anything. Not for the
# socket, where PostgreSQL asks for no password.
connection_security() {
  if ((${POSTGRES_MAJOR:-17} >= 16)); then printf ' require_auth=scram-sha-256'; fi
  verified_certificate
}

verified_certificate() { [[ -z "${TLS_CA_FILE:-}" ]] || printf ' sslmode=verify-full sslrootcert=%s' "${TLS_CA_FILE}"; }

# The same for who restores. Where TLS is required, the superuser shows a member's certificate, which no pod has but members and the pooler's. Where md5 may have been
# chosen, that is how the application's owner logs in; the product's own roles never do. Usage: security_as ROLE
security_as() {
  if ((${POSTGRES_MAJOR:-17} >= 16)) && [[ "${AUTHENTICATION:-}" == md5 && "$1" == "${DATABASE_OWNER:-}" ]]; then
    printf ' require_auth=scram-sha-256,md5'
    verified_certificate
  else
    connection_security
  fi
  [[ "$1" != postgres || -z "${TLS_CA_FILE:-}" ]] || printf ' sslcert=%s sslkey=%s' "${TLS_CA_FILE%/*}/tls.crt" "${TLS_CA_FILE%/*}/tls.key"
}

# For a connection that waits: a server that is gone without a word, as a pod that is deleted by force, is given up after about ten seconds.
# TCP alone would wait for a quarter of an hour.
silence_limits='keepalives_idle=5 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000'

# For sessions in a database whose owner may have set a limit of time for all of them.
no_timeouts='-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0'
if ((${POSTGRES_MAJOR:-17} >= 17)); then no_timeouts+=' -c transaction_timeout=0'; fi

# On a node that has huge pages the server of initdb would be killed where the pod requests none; PostgreSQL 15 has no option for it.
initdb_options=(-U postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums)
if ((${POSTGRES_MAJOR:-17} >= 16)); then initdb_options+=(--set huge_pages=off); fi
