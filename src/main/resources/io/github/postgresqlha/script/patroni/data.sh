# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of patroni.sh; a step that fails is meant to be handled by its caller)
# On which data Patroni may start. It elects among members of one database; which database that is, and that a copy is whole, has
# to be known before. Sourced by patroni.sh.

# A pg_rewind that did not end leaves files that look startable and are not. They are kept until a new copy is complete.
set_incomplete_data_aside() {
  [[ -e "${STATE_DIRECTORY}/rejoin" ]] || return 0
  log_warn "an earlier pg_rewind did not end: ${PGDATA} is set aside, and a new copy made"
  # Whoever asks for the status of this keeps bash from ending at an error: half a database must not lose its mark.
  { set_data_aside && sync -- "${PGDATA%/*}" && remove_durably "${STATE_DIRECTORY}/rejoin"; } || die 1 "what an earlier pg_rewind left cannot be set aside$(full_volumes): it is tried again"
}

# Patroni has taken what took their place: it follows the primary, or is it. A note of what was replaced goes with it: whoever believed
# it later would give old data their name back.
drop_what_patroni_replaced() {
  [[ "${role}" == primary || "${verified}" == yes ]] && [[ ! -e "${STATE_DIRECTORY}/rejoin" ]] || return 0
  [[ -e "${STATE_DIRECTORY}/replaced" ]] || compgen -G "${PGDATA}.before-[0-9]*" >/dev/null || return 0
  install_alone tidy_up &
}

# A pg_rewind whose wrapper was killed: nobody else will notice. The marker names the wrapper's process.
mend_lost_rewind() {
  local wrapper process
  [[ -e "${STATE_DIRECTORY}/rejoin" ]] && every lost_rewind 5 || return 0
  wrapper=$(cat -- "${STATE_DIRECTORY}/rejoin" 2>/dev/null) || return 0 # it has just ended
  ! grep -qsa patroni/rewind "/proc/${wrapper}/cmdline" || return 0
  for process in /proc/[0-9]*/comm; do
    [[ "$(cat -- "${process}" 2>/dev/null)" != pg_rewind ]] || return 0
  done
  log_warn "pg_rewind was lost half-way: starting Patroni anew"
  stop_patroni
  begin
}

# Once the state names the database, Patroni itself refuses any other. Before that, silence is a licence neither to make a new
# one nor to open an old one. Only an identifier says that the state names one, whatever else was printed.
wait_for_licence() {
  local answer="${RUNTIME_DIRECTORY}/patroni.system"
  until run_watched ask_for_system "${answer}" && { is_fact "${fact_system}" "$(<"${answer}")" || { [[ ! -s "${answer}" ]] && may_begin; }; }; do
    if every following 5; then follow_patroni_tls; fi
    if [[ -s "${answer}.problem" ]] && every api_silent 30; then log_warn "Patroni's state cannot be read: $(tail -n 1 -- "${answer}.problem")"; fi
    pause 2
  done
  rm -f -- "${answer}" "${answer}.problem"
}

# The system identifier that Patroni's state in the Kubernetes API names, empty where nothing is known yet; in FILE.problem why there is no answer.
# Usage: ask_for_system FILE
ask_for_system() {
  local status=0
  timeout 20 "${script_dir}/patroni/ask-api.py" system "${PATRONI_SCOPE}" >"$1" 2>"$1.problem" || status=$?
  if ((status == 124)); then printf 'no answer within 20 s\n' >"$1.problem"; fi
  return "${status}"
}

# Usage: explain MESSAGE; once a minute, and the answer is no
explain() {
  if every licence 60; then log_warn "$1"; fi
  return 1
}

may_begin() {
  if ! has_data; then
    [[ "${INSTANCE_ROLE}" == primary ]] || explain "no data here: waiting for a primary" || return 1
    [[ ! -e "${STATE_DIRECTORY}/had-data" ]] || explain "the data that this volume had is gone: waiting for another member to serve it" || return 1
    ! has_lost_version || explain "$(lost_version)" || return 1
    ! has_kept_data || explain "no data in ${PGDATA}, but beside it: waiting for another member to serve them; if there is none, give them that name back" || return 1
    no_member_answers || explain "another member has data: waiting for its Patroni" || return 1
    first_data
    has_data
    return
  fi
  if [[ -e "${RUNTIME_DIRECTORY}/promote_trigger" ]]; then
    log_warn "told to begin with the data here"
    rm -rf -- "${RUNTIME_DIRECTORY}/promote_trigger"
    told_to_begin=yes
    return
  fi
  [[ "$(last_role)" == primary ]] || explain "Patroni has no state yet, and this was not the primary: waiting for the one that was" || return 1
  no_member_answers primary || explain "another member is primary without Patroni: waiting for it to change" || return 1
  [[ ! -e "${STATE_DIRECTORY}/standby-known" ]] ||
    explain "Patroni has no state yet, and another member may have newer data. If you are sure that none has, begin with the data here: touch ${RUNTIME_DIRECTORY}/promote_trigger in this container"
}

# True when none of the other members answers, or none as this. Whoever answers there with a certificate that cannot be verified, or without
# TLS, or refuses who asks, may be one.
# Usage: no_member_answers [primary]
no_member_answers() {
  local host answer reason question="SELECT CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END" connection
  for host in $(other_members); do
    connection="host=${host} port=${PGPORT} user=monitor dbname=postgres passfile=${passfile} connect_timeout=3$(connection_security)"
    ask answer timeout 4 psql -XAtqw "${connection}" -c "${question}" || {
      [[ "${reason}" != @(*certificate*|*'does not support SSL'*|*pg_hba.conf*|*'authentication failed'*) ]] || return 1
      continue
    }
    [[ -n "${1:-}" && "${answer}" != "$1" ]] || return 1
  done
}

# The primary's timeline, asked in SQL. Usage: primary_timeline CONNECTION
primary_timeline() { timeout 5 psql -XAtqw "$1" -c "SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int" 2>/dev/null | grep -xE -m 1 -- "${fact_timeline}"; }

connection_to_primary() { printf 'host=%s port=%s user=rewinder dbname=postgres passfile=%s connect_timeout=2 target_session_attrs=read-write%s\n' "${MEMBER_HOSTS}" "${PGPORT}" "${passfile}" "$(connection_security)"; }

# A standby on an older timeline may stream too, up to where the primary's left it; so this one is noted as a standby when both
# are on one. Members never share a number, so equal numbers are one history.
note_following() {
  local mine timeline
  [[ "${role}" == standby && "${verified}" != yes ]] && every history 2 || return 0
  timeline=$(primary_timeline "$(connection_to_primary)") || return 0
  mine=$(local_timeline)
  [[ "${mine}" == "${timeline}" ]] || return 0 # Patroni sees to that
  verified=yes
  note_role standby
}

# A primary has a history under every number up to its own, for members that come from further back.
keep_histories() {
  [[ "${patroni_timeline}" != "${kept_timeline}" && "${patroni_timeline}" != 0 ]] && every histories 5 || return 0
  keep_timelines "${PGDATA}" "${patroni_timeline}" || return 0
  kept_timeline=${patroni_timeline}
}
