# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of bench/backup; statuses of the checks are their answers)
# One primary with its WAL archiver, in a temporary folder and with the configuration and the scripts of this project, and what is
# asked of it. PostgreSQL refuses to run as root, so there everything runs as nobody. Sourced by bench/backup.

resources="${root}/src/main/resources/io/github/postgresqlha/script"
programs="${root}/.tools/postgresql"

# A process of the server's user, with this environment and little else. Usage: as_server COMMAND…
as_server() { (become "$@"); }
become() { exec env -i "${user[@]}" env PATH="${folder}/scripts/bin:${folder}/postgresql/bin:${PATH}" LANG=C.UTF-8 "${environment[@]}" "$@"; }

say() { printf '%(%T)T %s\n' -1 "$*" >&2; }
fail() { say "FAILED: $*" && exit 1; }

# Usage: eventually SECONDS COMMAND…
eventually() {
  local began=${SECONDS}
  until "${@:2}"; do
    ((SECONDS - began < $1)) || fail "not within $1 s: ${*:2}"
    sleep 0.1
  done
}

free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'; }

# The files of a ConfigMap's literal blocks. Usage: configuration FOLDER
configuration() {
  awk -v folder="$1" '/^---/ { inside = 0 } /^  name: postgresql-config$/ { inside = 1 }
    inside && /^  [a-z_]+\.conf: \|$/ { file = folder "/" substr($1, 1, length($1) - 1); next }
    inside && file { sub(/^    /, ""); print >file }' "${root}/dist/postgresql-configmap.yaml"
  sed -i "s/postgresql  postgres  all/postgresql  ${user_name}  all/" -- "$1/pg_ident.conf"
  printf '%s\n' "listen_addresses = '127.0.0.1'" 'log_checkpoints = off' 'autovacuum = off' >>"$1/postgresql.conf"
}

make_folders() {
  local role
  folder=$(mktemp -d "${TMPDIR:-/tmp}/pgha-bench.XXXXXX")
  chmod 755 -- "${folder}"
  user=() user_name=$(id -un)
  if ((EUID == 0)); then user=(setpriv --reuid=65534 --regid=65534 --clear-groups --) user_name=nobody; fi
  cp -rL -- "${programs}" "${folder}/postgresql"
  cp -r -- "${resources}" "${folder}/scripts"
  mkdir -- "${folder}"/{config,secret}
  configuration "${folder}/config"
  for role in postgres airflow replicator rewinder monitor backup; do printf 'of %s' "${role}" >"${folder}/secret/${role}-password"; done
  chmod -R a+rX -- "${folder}"
  for role in data wal run tmp archiver job backups plain peer; do install -d -m 700 -o "${user_name}" -- "${folder}/${role}"; done
}

# Sets folder, port and the ways to call things.
start_server() {
  make_folders
  port=$(free_port) data="${folder}/data/pgdata"
  environment=(PGPORT="${port}" MEMBER_HOSTS=127.0.0.1 MEMBER_PORTS="${port}" INSTANCE_NAME=postgresql-primary INSTANCE_ROLE=primary
    REPLICATION_SLOT=postgresql_primary DATABASE_NAME=airflow DATABASE_OWNER=airflow LOCK_SECONDS=1 PGDATA="${data}" WAL_DIRECTORY="${folder}/wal"
    CONFIG_DIRECTORY="${folder}/config" SECRET_DIRECTORY="${folder}/secret" BACKUP_DIRECTORY="${folder}/backups"
    RUNTIME_DIRECTORY="${folder}/tmp" SOCKET_DIRECTORY="${folder}/run")
  job=(env PGHOST=127.0.0.1 PGTARGETSESSIONATTRS=read-write PGCONNECT_TIMEOUT=5 BACKUP_RETENTION_DAYS=7 BACKUP_RETENTION_MINIMUM=1 RUNTIME_DIRECTORY="${folder}/job")
  by_network=(env PGHOST=127.0.0.1 PGPASSFILE="${folder}/tmp/bench.passfile")
  become "${folder}/scripts/instance.sh" >"${folder}/instance.log" 2>&1 &
  supervisor=$!
  eventually 60 serves
  # shellcheck disable=SC2016 # for the inner shell
  as_server bash -c 'umask 077; for role in postgres backup replicator; do printf "*:*:*:%s:of %s\n" "${role}" "${role}"; done >"${RUNTIME_DIRECTORY}/bench.passfile"'
  become "${job[@]}" PGUSER=replicator REPLICATION_SLOT=wal_archiver RUNTIME_DIRECTORY="${folder}/archiver" "${folder}/scripts/wal/archive.sh" >"${folder}/archiver.log" 2>&1 &
  archiver=$!
  eventually 60 is_archiving
}

serves() { [[ -d "/proc/${supervisor}" ]] || fail "no server: $(tail -n 5 -- "${folder}/instance.log")" && [[ "$(cat -- "${folder}/tmp/instance.role" 2>/dev/null)" == primary ]]; }

# Usage: sql_at SOCKET_FOLDER DATABASE [ARGUMENTS…]; as postgres
sql_at() { as_server psql -XAtqw -v ON_ERROR_STOP=1 -h "$1" -U postgres -d "$2" "${@:3}"; }
sql() { sql_at "${folder}/run" "$@"; }

is_archiving() { [[ "$(sql postgres -c "SELECT state FROM pg_stat_replication WHERE application_name = 'wal_archiver'" 2>/dev/null)" == streaming ]]; }
has_segment() { [[ -s "${folder}/backups/wal/$1.gz" ]]; }

# All WAL until now is in the archive, in whole segments.
archive_all() {
  local segment
  eventually 60 is_archiving
  segment=$(sql postgres -c "SELECT pg_walfile_name(pg_logical_emit_message(true, 'bench', 'the end of a segment'))")
  sql postgres -c 'SELECT pg_switch_wal()' >/dev/null
  eventually 300 has_segment "${segment}"
}

# Nothing that came before is still being written when the next thing is timed.
calm() {
  archive_all
  sql postgres -c CHECKPOINT
  sync -f -- "${folder}"
}

# Every table of a database with its rows and their content, whatever their order. Usage: content SOCKET_FOLDER DATABASE
content() {
  local table
  while IFS= read -r table; do
    printf '%s %s\n' "${table}" "$(sql_at "$1" "$2" -c "SELECT count(*) || ' ' || COALESCE(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ${table} AS t" </dev/null)"
  done < <(sql_at "$1" "$2" -c "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")
}

# A restored copy as a server of its own until it is open; only the folder other has its socket. Usage: open_copy DATA [SETTING…]
open_copy() {
  local copy=$1 setting settings=()
  shift
  for setting in "$@"; do settings+=(-c "${setting}"); done
  mkdir -p -- "${folder}/other" && chmod 777 -- "${folder}/other"
  become postgres -D "${copy}" -c listen_addresses='' -c unix_socket_directories="${folder}/other" "${settings[@]}" >"${folder}/copy.log" 2>&1 &
  until [[ "$(sql_at "${folder}/other" postgres -c 'SELECT NOT pg_is_in_recovery()' 2>/dev/null)" == t ]]; do
    [[ -d "/proc/$!" ]] || fail "the copy did not open: $(tail -n 5 -- "${folder}/copy.log")"
    sleep 0.05
  done
}

# Usage: close_copy DATA
close_copy() { as_server pg_ctl stop -s -m immediate -D "$1" && rm -rf -- "$1"; }

stop_server() {
  local copy
  for copy in "${folder}"/{plain,peer}/data; do [[ ! -e "${copy}/postmaster.pid" ]] || close_copy "${copy}" || true; done
  kill -TERM "${archiver:-}" "${supervisor:-}" 2>/dev/null || true
  wait "${archiver:-}" "${supervisor:-}" 2>/dev/null || true
  rm -rf -- "${folder}"
}
