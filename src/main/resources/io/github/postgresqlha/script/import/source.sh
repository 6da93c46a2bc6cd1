# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; a question that fails has said why)
# Sessions at the server that a database is imported from. They only read. What it answers is foreign: nothing of it is used before it
# matched its pattern, and none of it runs here but as the owner. Sourced after lib/postgres.sh and lib/facts.sh, never run.

# The source's own limits of time and its owner's settings are not for us; which of them it knows is asked first.
source_options='-c default_transaction_read_only=on -c client_min_messages=error -c search_path=pg_catalog -c standard_conforming_strings=on -c client_encoding=UTF8 -c timezone=UTC -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0'

# Usage: from_source ARGUMENTS…, those of psql
from_source() { PGSERVICEFILE="${source_folder}/pg_service.conf" PGAPPNAME=import-database PGOPTIONS="${source_options}" sql "service=source connect_timeout=10 ${silence_limits}" "$@"; }

# Without what its text would do to a terminal or a log, which also takes U+0080 to U+009F for commands. Usage: printable <TEXT
printable() { LC_ALL=C tr -d '\0' | LC_ALL=C tr -c '\n[:print:]\200-\377' '?' | LC_ALL=C sed 's/\xc2[\x80-\x9f]/?/g'; }

# Files of libpq in memory, which are gone when the script ends. Sets source_folder. Usage: read_source; a URL may be on standard input
read_source() {
  local problems status=0 line
  source_folder=$(mktemp -d -- "$(passfile_directory)/source.XXXXXX") || die 1 "no folder can be made in $(passfile_directory)"
  if ((${POSTGRES_MAJOR:-17} >= 16)); then export IMPORT_PASSFILE_AUTH=scram-sha-256,md5,none; fi
  problems=$(perl "${script_dir}/import/source.pl" "${source_folder}" 2>&1) || status=$?
  while IFS= read -r line; do [[ -z "${line}" ]] || log_error "${line}"; done <<<"${problems}"
  ((status == 0)) || die 64 "the source cannot be used; nothing was touched"
}

drop_source() { rm -rf -- "${source_folder:?}"; }

# Sets source_version (170004) and source_major.
connect_source() {
  local answer
  ask answer from_source -c "SELECT current_setting('server_version_num')" || die 2 "the source cannot be reached: $(explained "${reason}")"
  is_fact '[1-9][0-9]{4,6}' "${answer}" || die 1 "the source does not say its version"
  source_version=${answer} source_major=$((answer / 10000))
  if ((source_version >= 140000)); then source_options+=' -c idle_session_timeout=0'; fi
  if ((source_version >= 170000)); then source_options+=' -c transaction_timeout=0'; fi
}

# Usage: explained REASON
explained() {
  local text hint=''
  text=$(printable <<<"$1")
  case ${text} in
  *'does not support SSL'*) hint='; where the network between is yours alone: sslmode disable' ;;
  *'unsupported startup parameter'*) hint='; is it PgBouncer? A copy needs the server itself' ;;
  *'password authentication failed'*) hint='; the password or the user is wrong' ;;
  *'pg_hba.conf'*) hint='; the source lets this user, or this address, not in' ;;
  *'could not translate host name'* | *'timeout expired'* | *'Connection timed out'* | *'Connection refused'* | *'Is the server running on that host'* | *'server closed the connection'*) hint='; is it in network.sources, and does its own NetworkPolicy let the members in?' ;;
  *) ;;
  esac
  printf '%s%s' "${text}" "${hint}"
}
