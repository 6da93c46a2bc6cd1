# shellcheck shell=bash disable=SC2034,SC2153,SC2154,SC2310,SC2312
# (variables of the programs; statuses of the questions are their answers)
# Certificates, by the openssl of this machine: 1.1.1, 3 or LibreSSL. A key is a file in a private folder, never an argument. Sourced
# after lib/kubectl.sh, never run.

authority_days=3650 certificate_days=397 private=''

# A folder that only this user can read, in memory where the machine has such a place. It goes when the program ends; what one left
# that could not know of its end goes here. Sets private. Usage: private_folder
private_folder() {
  local place=${TMPDIR:-/tmp} old owner
  [[ -z "${private}" ]] || return 0
  umask 077
  if [[ -d /dev/shm && -w /dev/shm ]]; then place=/dev/shm; fi
  for old in "${place}"/postgresql-ha.[0-9]*.??????; do
    owner=${old##*/postgresql-ha.}
    if [[ -O "${old}" && ! -L "${old}" ]] && ! kill -0 "${owner%%.*}" 2>/dev/null; then rm -rf -- "${old}"; fi
  done
  private=$(mktemp -d -- "${place}/postgresql-ha.$$.XXXXXX") || die 1 "${place}: no folder could be made there"
  trap drop_private_folder EXIT
}

# A program that a signal did not end may still write into it for a moment.
drop_private_folder() { rm -rf -- "${private}" 2>/dev/null || { sleep 1 && rm -rf -- "${private}"; }; }

# openssl in the private folder, where names need no quotes in its configuration. Usage: ssl ARGUMENTS…
ssl() {
  (cd -- "${private}" && exec openssl "$@") >"${private}/openssl.out" 2>"${private}/openssl.log" </dev/null || no_openssl "$1"
}

# Usage: no_openssl WHAT
no_openssl() {
  die 64 "openssl cannot make the certificate ($(openssl version 2>/dev/null), $1): $(tail -n 1 -- "${private}/openssl.log"). OpenSSL 1.1.1 or newer can (macOS: brew install openssl, and its folder bin first on PATH). Nothing was changed in the cluster"
}

# What openssl makes, in its own words. Usage: write_request COMMON_NAME [NAME…]
write_request() {
  local i=0 name
  printf '[req]\nprompt = no\nstring_mask = utf8only\ndistinguished_name = subject\n[subject]\nO = %s\nCN = %s\n' "$(organization)" "$1"
  printf '[ca]\ndefault_ca = issue\n[issue]\ndatabase = index\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\n'
  printf '[any]\norganizationName = optional\ncommonName = supplied\n'
  printf '[authority]\nbasicConstraints = critical, CA:TRUE, pathlen:0\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n'
  (($# > 1)) || return 0
  printf '[server]\nbasicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth, clientAuth\n'
  printf 'subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\nsubjectAltName = @names\n[names]\n'
  for name in "${@:2}"; do printf 'DNS.%s = %s\n' "$((++i))" "${name}"; done
}

# As ASN.1 has it. Usage: asn1_time EPOCH
asn1_time() {
  local year
  TZ=UTC0 printf -v year '%(%Y)T' "$1"
  if ((year < 2050)); then TZ=UTC0 printf '%(%y%m%d%H%M%SZ)T' "$1"; else TZ=UTC0 printf '%(%Y%m%d%H%M%SZ)T' "$1"; fi
}

# Signs a request. It begins an hour ago: the clock of this machine may be ahead of the cluster's.
# Usage: issue NAME EXTENSIONS DAYS SIGNER…
issue() {
  local serial
  serial=$(od -An -v -tx1 -N16 /dev/urandom | tr -d ' \n')
  : >"${private}/index"
  printf '7%s\n' "${serial:1}" >"${private}/serial"
  ssl ca -batch -notext -config request.cnf -extensions "$2" -in "$1.csr" -out "$1.crt" \
    -startdate "$(asn1_time "$((EPOCHSECONDS - 3600))")" -enddate "$(asn1_time "$((EPOCHSECONDS + $3 * 86400))")" "${@:4}"
}

# Usage: make_key NAME
make_key() { ssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve -out "$1.key"; }

# Makes authority.key and authority.crt in the private folder.
make_authority() {
  write_request "${NAME:0:48} CA $(od -An -v -tx1 -N4 /dev/urandom | tr -d ' \n')" >"${private}/request.cnf"
  make_key authority
  ssl req -new -config request.cnf -key authority.key -out authority.csr
  issue authority authority "${authority_days}" -selfsign -keyfile authority.key
}

# Makes tls.key and tls.crt, signed by authority.key, and looks at them as a client would. Usage: make_certificate NAME…
make_certificate() {
  local common=$1 name
  ((${#common} <= 64)) || common=${NAME:0:64}
  write_request "${common}" "$@" >"${private}/request.cnf"
  make_key tls
  ssl req -new -config request.cnf -key tls.key -out tls.csr
  issue tls server "${certificate_days}" -keyfile authority.key -cert authority.crt
  ssl verify -CAfile authority.crt -purpose sslserver tls.crt
  ssl verify -CAfile authority.crt -purpose sslclient tls.crt
  [[ "$(names_in "${private}/tls.crt")" == "$(printf '%s\n' "$@")" ]] || no_openssl "it left names out"
}

# The PEM blocks of a file and nothing else of it. Usage: certificates_in FILE
certificates_in() { tr -d '\r' <"$1" | sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' | grep -E '^(-----(BEGIN|END) CERTIFICATE-----|[A-Za-z0-9+/=]+)$'; }

# Makes FOLDER/1, FOLDER/2 … of a file of several, in its order; prints how many. Usage: split_certificates FILE FOLDER
split_certificates() {
  mkdir -p -- "$2"
  rm -f -- "$2"/*
  certificates_in "$1" | awk -v folder="$2" '/BEGIN/ { n++ } { print >(folder "/" n) } END { print n + 0 }'
}

# One line of a certificate, as openssl says it. Usage: said_by FILE OPTION…
said_by() { openssl x509 -in "$1" -noout "${@:2}" 2>/dev/null; }

names_in() { said_by "$1" -text | tr ',' '\n' | sed -n 's/^ *DNS:\([A-Za-z0-9.*-]*\) *$/\1/p'; }
subject_of() { said_by "$1" -subject -nameopt RFC2253 | sed 's/^subject= *//; s/[^ -~]/?/g'; }
fingerprint_of() { said_by "$1" -fingerprint -sha256 | sed 's/.*=//' | tr -d ':' | tr 'A-F' 'a-f'; }
end_of() { date -u -d "$(said_by "$1" -enddate | sed 's/^notAfter=//')" +%s; }
begin_of() { date -u -d "$(said_by "$1" -startdate | sed 's/^notBefore=//')" +%s; }
day_of() { TZ=UTC0 printf '%(%Y-%m-%d)T' "$1"; }

# Days until a certificate ends, less than 0 where it has. Usage: days_left FILE
days_left() { printf '%s\n' "$((($(end_of "$1") - EPOCHSECONDS) / 86400))"; }

# Whether an authority signed a certificate, whatever the date is now. Usage: is_signed_by CERTIFICATE AUTHORITY
is_signed_by() {
  local at
  at=$(begin_of "$1") && openssl verify -attime "$((at + 1))" -CAfile "$2" -untrusted "$1" "$1" 2>/dev/null | grep -q ': OK$'
}

# Usage: is_key_of KEY CERTIFICATE
is_key_of() {
  local public
  public=$(openssl pkey -in "$1" -pubout 2>/dev/null </dev/null) && [[ -n "${public}" && "${public}" == "$(said_by "$2" -pubkey)" ]]
}
