# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# A dump in a new database beside the old one, compared, and swapped in by name. Sourced by restore.sh after backup/foreign.sh, never run.
#
# What a dump holds was written by the owner of the schema, and runs while it is restored: functions of checks, of generated columns,
# of indexes. So it runs in a session of that owner. The superuser's sessions never enter the new database after that.

# A server that is gone without a word is given up, but not one that takes no rows for a while, as while it waits for its volume: what is sent
# waits as long as tcp_user_timeout says.
target() {
  printf 'host=%s port=%s user=%s dbname=%s target_session_attrs=read-write connect_timeout=5 %s tcp_user_timeout=120000%s' \
    "${server_host}" "${server_port}" "$1" "$2" "${silence_limits}" "$(security_as "$1")"
}

# Usage: on_target DATABASE ARGUMENTS…; as postgres, on the member that accepts writes. It is looked for once: a standby may not know a
# new database yet, and then libpq does not try the next host.
on_target() { PGOPTIONS="${pinned_options}" sql "$(target postgres "$1")" "${@:2}"; }

# Usage: as_owner DATABASE ARGUMENTS…
as_owner() { PGOPTIONS="${pinned_options}${encoding_option:-}${monetary:-}" sql "$(target "${DATABASE_OWNER}" "$1")" "${@:2}"; }

# With encoding and locale of the database that was dumped. Where this server cannot give them, rows in another order are better than none.
create_scratch() {
  local locale
  locale=$(locale_of "$(dumped_properties "${dump}")")
  # Its owner could put types and functions into it of which the script of an extension then calls one, as superuser.
  create_database "${scratch}" postgres "${locale}" on_target postgres || {
    [[ -n "${locale}" ]] && log_warn "this server cannot make a database with ${locale}: it gets the server's own" && create_database "${scratch}" postgres '' on_target postgres || return 1
  }
  compare_locale "${locale}"
  on_target postgres -v name="${scratch}" <<'SQL'
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO backup;
SQL
}

# A dump of before its head had the locale is compared with the database that it replaces. Sets encoding_option, one of the owner's sessions.
# Usage: compare_locale LOCALE
compare_locale() {
  local wanted=$1 made
  made=$(locale_of "$(on_target "${scratch}" -c "${database_properties}")")
  encoding_option=$(client_encoding "${made}")
  if [[ -z "${wanted}" && -z "${into}" ]]; then wanted=$(locale_of "$(on_target "${DATABASE_NAME}" -c "${database_properties}")"); fi
  [[ -z "${wanted}" || "${made}" == "${wanted}" ]] || log_warn "the restored database has another locale: ${made}; $(if [[ -n "$1" ]]; then printf 'the dumped one'; else printf '%s' "${DATABASE_NAME}"; fi) has ${wanted}. Texts may sort otherwise, and what was equal may not be"
  [[ "$(dumped_properties "${dump}")" != *'"icuRules" : "'* ]] || log_warn "the dumped database has ICU rules of its own, which are not carried over"
}

# Amounts of the type money are read as they were written. Sets monetary, an option of the owner's sessions.
choose_monetary() {
  local locale
  monetary=''
  locale=$(property "$(dumped_properties "${dump}")" monetary "${fact_locale}")
  [[ -n "${locale}" ]] || return 0
  if on_target postgres -v locale="${locale}" <<<"SET lc_monetary = :'locale';"; then
    monetary=" -c lc_monetary=${locale}"
  else
    log_warn "this server does not know lc_monetary ${locale} of the dump: amounts of the type money may be read otherwise"
  fi
}

# Before anything of the dump is in the database, those that the database has which is replaced, or that were named to this program: a dump
# does not choose what a superuser makes. Sets made.
make_extensions() {
  local name schema there
  made=()
  there=$(on_target "${DATABASE_NAME}" -c 'SELECT extname FROM pg_extension') || log_warn "database ${DATABASE_NAME} is not there or cannot be entered: an extension that only a superuser can make is made where --extension names it"
  while read -r name schema; do
    needs_a_superuser "${name}" on_target "${scratch}" || continue
    grep -qxF -- "${name//\"/}" <<<"${there}"$'\n'"${extensions}" || {
      log_error "${dump} needs extension ${name}, which only a superuser can make, and which database ${DATABASE_NAME} does not have: --extension ${name//\"/} makes it"
      return 1
    }
    make_extension "${name}" "${schema}" "${DATABASE_OWNER}" on_target "${scratch}" || return 1
    made+=("${name}=${schema}")
  done < <(dump_extensions "${dump}")
  ((${#made[@]} == 0)) || log_info "extensions that need a superuser are made before the dump is restored: ${made[*]%%=*}"
}

fill_scratch() {
  local roles left missing
  make_extensions || return 1
  on_target postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<<'ALTER DATABASE :"name" OWNER TO :"owner";' || return 1
  choose_monetary
  missing=$(make_roles "${dump}" on_target postgres) || return 1
  [[ -z "${missing}" ]] || log_warn "roles that the dump names and that were not here are made, without login and rights: ${missing//$'\n'/, }; what they were: gzip -dc ${dump} | sed -n '/^[^-]/q;s/^-- globals: //p'"
  roles=$(on_target postgres -v owner="${DATABASE_OWNER}" <<<"${roles_of_owner}") || return 1
  log_info "restoring ${dump} into ${scratch} as ${DATABASE_OWNER}"
  left=$(mktemp -- "$(passfile_directory)/left.XXXXXX")
  owned_sql "${dump}" "${roles%%$'\n'*}" "${roles#*$'\n'}" "${made[@]}" 2>"${left}" | as_owner "${scratch}" --single-transaction >/dev/null || {
    [[ ! -s "${left}" ]] || log_error "${dump}: $(tr '\n' ' ' <"${left}")"
    rm -f -- "${left}"
    return 1
  }
  [[ ! -s "${left}" ]] || log_warn "what the dump gives to others belongs to ${DATABASE_OWNER}: $(tr '\n' ' ' <"${left}")"
  rm -f -- "${left}"
  log_info "restored, comparing"
  expected=$(dump_rows "${dump}") || return 1
  [[ -z "${expected}" || "$(cut -d ' ' -f 2- <<<"${expected}" | counting_sql | as_owner "${scratch}" | sort)" == "${expected}" ]] || {
    log_error "the restored rows are not those of the dump"
    return 1
  }
  compare_views
  as_owner "${scratch}" -c 'SET client_min_messages = error' -c ANALYZE || log_warn "${scratch} is not analyzed: queries may be slow until autovacuum has been there"
  log_info "restored and compared: $(grep -c . <<<"${expected}") tables"
}

drop_scratch() { on_target postgres -v name="${scratch}" <<<'DROP DATABASE IF EXISTS :"name" WITH (FORCE);' || true; }

# What belongs to the database and is in no dump: who may connect, settings, limit, comment. Settings go as the rows that they are: a
# value that is written as SQL again would be the owner's SQL in a superuser's session.
carry_properties() {
  on_target postgres -v name="${DATABASE_NAME}" -v scratch="${scratch}" <<'SQL'
BEGIN;
REVOKE ALL ON DATABASE :"scratch" FROM PUBLIC, backup;
SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, :'scratch',
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE datname = :'name' \gexec
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', :'scratch', datconnlimit) FROM pg_database WHERE datname = :'name' AND datconnlimit >= 0 \gexec
DELETE FROM pg_db_role_setting USING pg_database AS fresh WHERE setdatabase = fresh.oid AND fresh.datname = :'scratch';
INSERT INTO pg_db_role_setting SELECT fresh.oid, setrole, setconfig FROM pg_db_role_setting, pg_database AS old, pg_database AS fresh
WHERE setdatabase = old.oid AND old.datname = :'name' AND fresh.datname = :'scratch';
COMMIT;
SQL
}

# In whatever encoding its owner wrote it; a swap does not fail for that.
carry_comment() {
  on_target postgres -v name="${DATABASE_NAME}" -v scratch="${scratch}" <<'SQL' || log_warn "the comment of ${DATABASE_NAME} could not be carried over"
SELECT format('COMMENT ON DATABASE %I IS %L', :'scratch', shobj_description(oid, 'pg_database')) FROM pg_database WHERE datname = :'name' \gexec
SQL
}

# Both names change in one transaction, so whoever ends this program at any moment leaves the old one or the new one. A database that
# is in use cannot be renamed: the rename keeps new sessions out and waits 5 s, while another connection ends those that are there. Where
# there is none of that name, as after a DROP DATABASE, the new one takes it. Sets before, which is empty then.
swap() {
  local dumped now ending there status=0 rename='ALTER DATABASE :"name" RENAME TO :"before";'
  before="${DATABASE_NAME:0:39}_before_${stamp}"
  there=$(on_target postgres -v name="${DATABASE_NAME}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'") || return 1
  [[ "${there}" == 1 ]] || before='' rename=''
  dumped=$(dumped_properties "${dump}")
  now=$(on_target "${DATABASE_NAME}" -c "${database_properties}" 2>/dev/null) || now=$([[ -n "${before}" ]] && printf 'not to be seen' || printf 'there is none, so those of a new one')
  [[ -z "${dumped}" || "${dumped}" == "${now}" ]] || log_warn "who may connect, settings, limit and comment stay those of ${DATABASE_NAME} as it is: ${now}; in the dump: ${dumped}"
  if [[ -n "${before}" ]]; then
    carry_properties || return 1
    carry_comment
  fi
  end_sessions &
  ending=$!
  on_target postgres -v name="${DATABASE_NAME}" -v before="${before}" -v scratch="${scratch}" <<<"BEGIN; ${rename} ALTER DATABASE :\"scratch\" RENAME TO :\"name\"; COMMIT;" || status=1
  wait "${ending}" || true
  ((status == 0)) || is_swapped || return 1
  [[ -z "${before}" ]] || name_followers
}

# A connection that was lost while it committed says nothing.
is_swapped() {
  case $(on_target postgres -v scratch="${scratch}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'scratch'") in
  0) ;;
  1) return 1 ;;
  *) die 1 "it cannot be seen whether the restored database was swapped in: where there is no database ${scratch}, it was${before:+, and ${before} is what was there before}" ;;
  esac
}

# What follows a database by its number stays with the one that was there, and no dump has it.
name_followers() {
  local found
  found=$(on_target postgres -v before="${before}" <<'SQL') || found='unknown'
SELECT regexp_replace(string_agg(follower, ', '), '[[:cntrl:]]', '?', 'g') FROM (
  SELECT 'subscription ' || quote_ident(subname) FROM pg_subscription JOIN pg_database AS d ON d.oid = subdbid WHERE datname = :'before'
  UNION ALL SELECT 'replication slot ' || quote_ident(slot_name) FROM pg_replication_slots WHERE database = :'before') AS followers (follower)
SQL
  [[ -z "${found}" ]] || log_warn "not of ${DATABASE_NAME} any more, but of ${before}: ${found}. What a subscription receives goes there: drop it there, and make it anew in ${DATABASE_NAME}"
}

# Ends the sessions of both databases until they have other names, for 8 s at most; by their numbers, which stay.
end_sessions() {
  on_target postgres -v name="${DATABASE_NAME}" -v scratch="${scratch}" <<'SQL' || log_warn "the sessions of ${DATABASE_NAME} could not be ended"
SELECT set_config('restore.name', :'scratch', false), set_config('restore.databases', array_agg(oid)::text, false) FROM pg_database WHERE datname IN (:'name', :'scratch') \gset ignored_
DO $$
BEGIN
  FOR i IN 1..80 LOOP
    EXIT WHEN NOT EXISTS (SELECT FROM pg_database WHERE datname = current_setting('restore.name'));
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datid = ANY (current_setting('restore.databases')::oid[]);
    PERFORM pg_sleep(0.1), pg_stat_clear_snapshot();
  END LOOP;
END $$;
SQL
}
