# shellcheck shell=bash
# Passwords from the mounted Secret, and the passfiles in which libpq finds them. Sourced after lib/postgres.sh, never run.
#
# A password is the content of its file without newlines at the end: editors and echo leave one there. A line break or a NUL in it
# cannot be written into a passfile, and a carriage return at its end is lost there: such a password would lock its role out.

# Sets password to that of a role, or fails and sets password_problem. Usage: read_password ROLE
read_password() {
  local LC_ALL=C file="${SECRET_DIRECTORY:?}/$1-password" nul=yes
  password='' password_problem='is missing or empty'
  [[ -s "${file}" && -r "${file}" ]] || return 1
  IFS= read -rd '' password <"${file}" || nul=''
  while [[ "${password}" == *$'\n' ]]; do password=${password%$'\n'}; done
  [[ -n "${nul}${password}" ]] || return 1
  password_problem='holds a NUL'
  [[ -z "${nul}" ]] || return 1
  password_problem='holds a line break or a carriage return'
  [[ "${password}" != *[$'\r\n']* ]] || return 1
  password_problem=
}

# Prints the keys ROLE-password that cannot be used, each with its reason; nothing where all can. Usage: bad_passwords ROLE…
bad_passwords() {
  local role separator='' password password_problem
  for role in "$@"; do
    # shellcheck disable=SC2310 # its status is its answer
    read_password "${role}" && continue
    printf '%s%s-password %s' "${separator}" "${role}" "${password_problem}"
    separator=', '
  done
}

# Where passfiles lie: in memory in the pods.
passfile_directory() { printf '%s' "${PASSFILE_DIRECTORY:-${RUNTIME_DIRECTORY:-/tmp}}"; }

# Sets databases to those that a role connects to, as libpq looks for them in a passfile; all of them only for who restores.
# Usage: find_databases ROLE
find_databases() {
  case $1 in
  replicator) databases=(replication postgres) ;;
  monitor | rewinder) databases=(postgres) ;;
  backup) databases=(postgres ${PGDATABASE:+"${PGDATABASE}"}) ;;
  *) databases=('*') ;;
  esac
}

# Prints a passfile's lines for one role. Usage: passfile_lines ROLE; hosts and ports are its caller's
passfile_lines() {
  local i host database databases password password_problem
  read_password "$1"
  find_databases "$1"
  password=${password//\\/\\\\}
  for i in "${!hosts[@]}"; do
    host=${hosts[i]//\\/\\\\}
    for database in "${databases[@]}"; do
      printf '%s:%s:%s:%s:%s\n' "${host//:/\\:}" "${ports[i]:-${ports[0]}}" "${database}" "$1" "${password//:/\\:}"
    done
  done
}

# A passfile for some roles at some servers. libpq refuses a passfile that its group can read, and the mounted files are
# group-readable, so they cannot be used directly. Usage: write_passfile FILE HOSTS PORTS ROLE…; hosts and ports as libpq takes
# them: lists with commas, and one port is that of all hosts
write_passfile() {
  local file=$1 hosts ports role problem lines
  IFS=, read -ra hosts <<<"$2"
  IFS=, read -ra ports <<<"${3:-5432}"
  shift 3
  problem=$(bad_passwords "$@")
  [[ -z "${problem}" ]] || die 64 "${SECRET_DIRECTORY}: ${problem}; correct these keys in the Secret"
  # One that a full volume cuts off would let nobody in any more.
  lines=$(for role in "$@"; do passfile_lines "${role}"; done) || return
  (
    umask 077
    printf '%s\n' "${lines}" >"${file}.partial" && mv -fT -- "${file}.partial" "${file}"
  )
}

# A passfile for this script, which libpq finds by PGPASSFILE; it is gone when the script ends. A script with an end of its own
# calls drop_passfile in it. Usage: require_passfile HOSTS PORTS ROLE…
require_passfile() {
  local folder
  folder=$(passfile_directory)
  PGPASSFILE=$(mktemp -- "${folder}/passfile.XXXXXX")
  export PGPASSFILE
  trap drop_passfile EXIT
  write_passfile "${PGPASSFILE}" "$@"
}

drop_passfile() { rm -f -- "${PGPASSFILE:?}" "${PGPASSFILE}.partial"; }
