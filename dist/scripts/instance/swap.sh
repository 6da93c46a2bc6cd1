# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the supervisors; a step that fails is meant to be handled by its caller)
# How recovered data come to be PGDATA: in the place of the old ones, which are kept, or as the first. Sourced by the supervisors.
#
# restore-pitr.sh leaves them in pgdata.restoring, shut down cleanly, and asks for the swap by the note STATE_DIRECTORY/restored,
# which holds the time for the old data's name: pgdata.before-pitr-TIME.

swap_requested() { [[ -s "${STATE_DIRECTORY}/restored" ]]; }

# Usage: swap_data; PostgreSQL is stopped. At every moment either has all of its files under one name. Fails where nothing was
# moved; where the second step fails the old data have their new name, and the next start ends the swap.
swap_data() {
  local kept
  kept="${PGDATA}.before-pitr-$(<"${STATE_DIRECTORY}/restored")"
  mv -T -- "${PGDATA}" "${kept}" || return 1
  { sync -- "${PGDATA%/*}" && end_swap; } || die 1 "the recovered data in ${PGDATA}.restoring could not take their place; what was there before is kept in ${kept}. The next start tries it again"
  log_info "the recovered data are in place; what was there before is kept in ${kept}"
}

end_swap() { mv -T -- "${PGDATA}.restoring" "${PGDATA}" && sync -- "${PGDATA%/*}" && end_attempt; }

# After a crash: a swap that had begun is ended; one that had not is given up, and the database is as it was.
settle_swap() {
  local kept
  swap_requested || return 0
  kept="${PGDATA}.before-pitr-$(<"${STATE_DIRECTORY}/restored")"
  if has_data; then
    [[ ! -d "${PGDATA}.restoring" ]] || log_warn "the swap of recovered data had not begun when this instance was stopped: the database is as it was; ask for the recovery again"
  elif [[ -d "${kept}" && -s "${PGDATA}.restoring/PG_VERSION" ]]; then
    end_swap || die 1 "the recovered data in ${PGDATA}.restoring cannot take their place: is the data volume read-only? What was there before is kept in ${kept}"
    log_info "the swap of recovered data, interrupted between its two steps, is done"
  elif [[ -s "${kept}/PG_VERSION" ]] && ! holds_anything "${PGDATA}"; then
    { mv -T -- "${kept}" "${PGDATA}" && sync -- "${PGDATA%/*}"; } || die 1 "${kept} cannot get its name back: is the data volume read-only?"
    log_warn "the recovered data, which were about to take the place of the database, are gone: the database is as it was"
  fi
  remove_durably "${STATE_DIRECTORY}/restored"
}

# Whether the recovered data are on a newer timeline than the database. They are not where the role went round meanwhile, and then
# they would lose against another member. Usage: restored_is_newer
restored_is_newer() {
  local restored current='' began=${now:-0}
  restored=$(PGDATA="${PGDATA}.restoring" control_timeline) || restored=''
  until current=$(local_timeline) && is_fact "${fact_timeline}" "${current}" || ((${now:-0} - began > 30)); do tick; done
  if ! is_fact "${fact_timeline}" "${restored}" || ! is_fact "${fact_timeline}" "${current}"; then
    log_error "which timeline the recovered data (${restored:-unknown}) and the database (${current:-no answer}) are on cannot be seen: they are not taken, the database is as it was; ask for the recovery again"
    return 1
  fi
  ((restored <= current)) || return 0
  log_error "the recovered data are on timeline ${restored}, the database is on ${current} by now: another member was primary meanwhile. They are not taken, the database is as it was; ask for the recovery again"
  return 1
}

# While instance.sh runs as primary. It was primary until now and nobody else saw the new data, so this is a restart in place.
take_restored() {
  if [[ "${role}" != primary || ! -s "${PGDATA}.restoring/PG_VERSION" ]]; then
    log_warn "recovered data were offered, but this instance is ${role}: ignored"
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  if ! restored_is_newer; then
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  log_info "recovered data take the place of the database: stopping"
  if ! run_watched sync -f -- "${PGDATA}.restoring" "${PGDATA}.restoring/pg_wal/."; then
    log_error "the recovered data are not safely on their volumes: they are not taken, the database is as it was"
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  stop_postgres
  swap_data || log_error "the recovered data cannot take the place of the database, which is as it was: is the data volume read-only?"
  beat_as_primary || log_warn "the heartbeat could not be written"
  remove_durably "${STATE_DIRECTORY}/restored"
  start_in_role
}

# A repository that holds anything belongs to a database: a new one must not be made beside it.
repository_in_use() {
  [[ -n "${BACKUP_DIRECTORY:-}" ]] || return 1
  [[ -e "${BACKUP_DIRECTORY}/wal/system-identifier" ]] || compgen -G "${BACKUP_DIRECTORY}/base/postgresql_base_*" >/dev/null ||
    compgen -G "${BACKUP_DIRECTORY}/wal/[0-9A-F]*" >/dev/null || compgen -G "${BACKUP_DIRECTORY}/wal/receiving/[0-9A-F]*" >/dev/null
}

# The first data of an empty volume: from a backup where the specification says so, else a new database, unless there is anything
# left of an old one.
first_data() {
  if [[ -n "${BOOTSTRAP_TARGET:-}" ]]; then
    bootstrap && return
    log_error "no database yet: bootstrap.fromBackup did not succeed, and it is tried again; an empty one is never made instead"
    pause "${BOOTSTRAP_RETRY_SECONDS:-15}"
  elif repository_in_use; then
    set_role waiting
    if every repository 30; then log_error "no data here, but ${BACKUP_DIRECTORY} holds the base backups or the log of a database: no empty one is made. If another member has the data, start it or fail over to it: its rows are newer than a backup's. Only where none has, set bootstrap.fromBackup; for a new one, begin with an empty backup volume (move base/ and wal/ away)"; fi
    pause 2
  elif ! install_alone drop_leftovers || compgen -G "${WAL_DIRECTORY}/abandoned-*" >/dev/null; then
    set_role waiting
    if every lost_data 30; then log_error "no data here, but ${WAL_DIRECTORY} holds the log of a database: no empty one is made. If another member has the data, start it; else restore from a backup (bootstrap.fromBackup). For a new, empty database move ${WAL_DIRECTORY}/abandoned-* away"; fi
    pause 2
  else
    install_alone "$([[ -n "${IMPORT_HOST:-}" ]] && printf import_first || printf initialise)" || pause 2
  fi
}

bootstrap() {
  set_role restoring
  install_alone drop_leftovers && run_watched "${script_dir}/restore/bootstrap.sh" && install_alone install_recovered
}

install_recovered() { write_configuration "${PGDATA}.restoring" && note_role primary && install_data "${PGDATA}.restoring" && data_made=yes; }
