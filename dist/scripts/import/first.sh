# shellcheck shell=bash disable=SC2154,SC2310
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# A new cluster whose first data are imported from a database of another server. It has its place when all of it is there: nobody connects to it
# before, and an attempt that was interrupted leaves nothing. Sourced by the supervisors after instance/initialise.sh.

# The database of these dumps lost its volumes: its rows are newer than those of a source that it once came from.
holds_dumps() { [[ -n "${BACKUP_DIRECTORY:-}" ]] && compgen -G "${BACKUP_DIRECTORY}/postgresql_backup_*.sql.gz" >/dev/null; }

# Usage: import_first
import_first() {
  if holds_dumps; then
    set_role waiting
    if every repository 30; then log_error "no data here, but ${BACKUP_DIRECTORY} holds dumps of a database, whose rows are newer than those of bootstrap.fromDatabase: nothing is imported. To have them back, remove bootstrap.fromDatabase, and restore the newest dump into the empty database (restore.sh); for a new import, begin with an empty backup volume (move postgresql_backup_* away)"; fi
    return 1
  fi
  make_cluster
  set_role importing
  run_watched "${script_dir}/import/bootstrap.sh" "${PGDATA}.initialising" || {
    log_error "no database yet: bootstrap.fromDatabase did not succeed, and it is tried again; an empty one is never made instead"
    pause "${BOOTSTRAP_RETRY_SECONDS:-15}"
    return 1
  }
  install_cluster
}

# What an import that was killed with its container left on the volume.
drop_import_copy() {
  [[ -e "${PGDATA%/*}/import-copy" ]] || return 0
  flock -n "${STATE_DIRECTORY}/import.lock" rm -rf -- "${PGDATA%/*}/import-copy" || true
}
