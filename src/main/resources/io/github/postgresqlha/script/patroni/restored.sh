# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# How recovered data take PGDATA's place under Patroni. Sourced by patroni.sh.
#
# Patroni is paused for the whole installation, so that nobody is promoted meanwhile. The recovered server is started here: a
# Patroni that finds it running as primary keeps the lock for it. Then the pause ends, and the others follow its timeline.
# Where this is interrupted the next start only ends the pause, and Patroni elects as ever: safe, though another member may then
# be elected, with what was there before the recovery.

take_restored_under_patroni() {
  local began
  if [[ "${role}" != primary || ! -s "${PGDATA}.restoring/PG_VERSION" ]]; then
    log_warn "recovered data were offered, but this instance is ${role}: ignored"
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  if ! restored_is_newer; then
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  # The note first: whoever starts after a kill ends the pause.
  if ! write_durably "${STATE_DIRECTORY}/paused" "for the swap of recovered data" || ! run_watched timeout 60 patronictl pause "${PATRONI_SCOPE}" --wait; then
    log_error "Patroni cannot be paused: the recovered data are not taken, the database is as it was"
    remove_durably "${STATE_DIRECTORY}/restored"
    return
  fi
  log_info "recovered data take the place of the database: stopping"
  run_watched sync
  set_role restoring
  stop_patroni
  swap_data || log_error "the recovered data cannot take the place of the database, which is as it was: is the data volume read-only?"
  remove_durably "${STATE_DIRECTORY}/restored"
  note_role primary
  write_configuration "${PGDATA}"
  printf "cluster_name = '%s' # as Patroni has it, which would ask for a restart otherwise\n" "${PATRONI_SCOPE}" >>"${PGDATA}/postgresql.conf"
  start_postgres
  began=${now}
  until local_sql <<<'SELECT 1' >/dev/null 2>&1 || ((now - began > 60)); do tick; done
  start_patroni
  began=${now}
  until [[ "${role}" == primary ]] || ! patroni_lives || ((now - began > 60)); do
    watch_patroni
    tick
  done
  end_pause
}

end_pause() {
  if run_watched timeout 60 patronictl resume "${PATRONI_SCOPE}" --wait; then
    remove_durably "${STATE_DIRECTORY}/paused"
  else
    log_error "Patroni is still paused, and fails over no more: tried again"
  fi
}
