# shellcheck shell=bash
# What every script needs to talk to PostgreSQL. Sourced after lib/log.sh, never run.

# Usage: require_env NAME…; names every missing variable at once.
require_env() {
  local name missing=()
  for name in "$@"; do [[ -n "${!name:-}" ]] || missing+=("${name}"); done
  ((${#missing[@]} == 0)) || die 64 "environment: not set: ${missing[*]}; the header of ${0##*/} lists what it needs"
}

# Prints the keys ROLE-password that SECRET_DIRECTORY lacks or has empty.
# Usage: missing_passwords ROLE…
missing_passwords() {
  local role
  for role in "$@"; do [[ -s "${SECRET_DIRECTORY:?}/${role}-password" ]] || printf '%s ' "${role}-password"; done
}

# A passfile with one line a role, from the mounted Secret. libpq refuses a passfile that its group can read, and the
# mounted files are group-readable, so they cannot be used directly.
# Usage: write_passfile FILE ROLE…
write_passfile() {
  local file=$1 role password missing
  shift
  missing=$(missing_passwords "$@")
  [[ -z "${missing}" ]] || die 64 "${SECRET_DIRECTORY}: missing or empty: ${missing% }; add these keys to the Secret"
  (
    umask 077
    for role in "$@"; do
      password=$(<"${SECRET_DIRECTORY}/${role}-password")
      password=${password//\\/\\\\}
      printf '*:*:*:%s:%s\n' "${role}" "${password//:/\\:}"
    done >"${file}.partial"
    mv -f -- "${file}.partial" "${file}"
  )
}

# psql for scripts: no psqlrc, rows only, unaligned, quiet, never a password prompt, first error ends it.
sql() { psql -XAtqw -v ON_ERROR_STOP=1 "$@"; }
