# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of instance.sh; a step that fails is meant to be handled by its caller)
# The data directory's own configuration, and that its WAL is there. Sourced after lib/install.sh by the supervisors and by restores.

# Starting without the WAL would be starting on other data; nothing is changed until the volume is back.
require_wal() {
  if is_whole; then return; fi
  die 1 "${PGDATA}/pg_wal leads to $(readlink -- "${PGDATA}/pg_wal" || true), which is not there: the WAL volume is gone or not mounted. Nothing is started or changed. Mount it again; where it is lost, make the other member primary (failover.sh), then rebuild-standby.sh --delete-volumes for this one; where there is no other, restore from a backup"
}

# PGDATA's own configuration, so that a pg_ctl by its full path starts the same server as the supervisor does.
# Usage: own_configuration FOLDER
own_configuration() {
  printf "# Written by instance.sh at every start: change the specification instead.\n"
  printf "include '%s/postgresql.conf'\n" "${CONFIG_DIRECTORY}"
  printf "hba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n" "${CONFIG_DIRECTORY}" "${CONFIG_DIRECTORY}"
  printf "unix_socket_directories = '%s'\nport = %s\ncluster_name = '%s'\n" "${SOCKET_DIRECTORY}" "${PGPORT}" "${INSTANCE_NAME}"
  if [[ -n "${PEER_HOST}" ]]; then
    # What the primary writes on another timeline of this number would take the place of what is here.
    if [[ -z "${twin:-}${twin_doubt:-}" || "$1" != "${PGDATA}" ]]; then printf "primary_conninfo = '%s'\n" "$(peer_connection replicator replication)"; fi
    printf "primary_slot_name = '%s'\n" "${REPLICATION_SLOT}"
    # A server that comes back by itself has looked at nobody. Under Patroni its lock has to be held before anybody serves.
    if [[ -z "${PATRONI_SCOPE:-}" ]]; then printf 'restart_after_crash = off\n'; fi
    if [[ -n "${DATA_DURABILITY}" && "${confirming_timeline:-none}" != "${served_timeline:-}" ]]; then printf "synchronous_standby_names = 'nobody_before_the_standby_is_on_this_timeline'\n"; fi
    if [[ -n "${degraded}" ]]; then printf "synchronous_standby_names = ''\n"; fi
    if [[ -n "${gate:-}" ]]; then printf "synchronous_commit = on\nsynchronous_standby_names = 'nobody_before_this_member_is_open'\n"; fi
  fi
}

# Whole or not at all: a server that finds half of it starts with another configuration. On a full volume one that is there already
# will do. Usage: write_configuration FOLDER
write_configuration() {
  local text
  text=$(own_configuration "$1") || return 1
  if [[ "$(cat -- "$1/postgresql.conf" 2>/dev/null)" == "${text}" ]]; then return; fi
  write_durably "$1/postgresql.conf" "${text}" && return
  log_error "$1/postgresql.conf cannot be written: is the data volume full or read-only? Enlarge the data claim, or make room on it"
  return 1
}

# In recovery a server refuses to start with less of these than its primary had, so a specification that lowers one takes effect
# when the instance opens read-write; the control file knows what is needed.
# Usage: keep_recovery_settings [FOLDER]; of PGDATA where none is named
keep_recovery_settings() {
  local name needed mine folder=${1:-${PGDATA}}
  while read -r name needed; do
    name=${name/xact/transaction}
    mine=$(postgres -D "${folder}" -C "${name}") && is_fact "${fact_number}" "${mine}" && is_fact "${fact_number}" "${needed}" || return 1
    ((mine < needed)) || continue
    printf '%s = %s # as the primary had it\n' "${name}" "${needed}" >>"${folder}/postgresql.conf" || return 1
    log_info "${name} stays ${needed} while in recovery, as the primary had it"
  done < <(LC_ALL=C pg_controldata -D "${folder}" | sed -n 's/^\(max_[a-z_]*\) setting: */\1 /p')
}
