# shellcheck shell=bash disable=SC2154,SC2310
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# A new cluster whose first data are imported from a database of another server. It has its place when all of it is there: nobody connects to it
# before, and an attempt that was interrupted leaves nothing. Sourced by the supervisors after instance/initialise.sh.

# Usage: import_first
import_first() {
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
