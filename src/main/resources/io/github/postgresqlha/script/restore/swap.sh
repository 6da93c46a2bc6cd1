# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# Sessions at the member that accepts writes, and how a database that was filled beside takes the place of the application's, by name. Sourced by
# restore.sh and import-database.sh after backup/foreign.sh, never run.

# A server that is gone without a word is given up, but not one that takes no rows for a while, as while it waits for its volume: what is sent
# waits as long as tcp_user_timeout says. Usage: over_network HOSTS PORT
over_network() { server="host=$1 port=$2 target_session_attrs=read-write connect_timeout=5 ${silence_limits} tcp_user_timeout=120000" is_remote=yes; }

# Nobody asks for a password there.
over_socket() { server="host=${SOCKET_DIRECTORY} port=${PGPORT:-5432}" is_remote=''; }

# Usage: target ROLE DATABASE
target() { printf '%s user=%s dbname=%s%s' "${server}" "$1" "$2" "${is_remote:+$(security_as "$1")}"; }

# Usage: on_target DATABASE ARGUMENTS…; as postgres, on the member that accepts writes. It is looked for once: a standby may not know a
# new database yet, and then libpq does not try the next host.
on_target() { PGOPTIONS="${pinned_options}" sql "$(target postgres "$1")" "${@:2}"; }

# Usage: as_owner DATABASE ARGUMENTS…
as_owner() { PGOPTIONS="${pinned_options}${encoding_option:-}${monetary:-}" sql "$(target "${DATABASE_OWNER}" "$1")" "${@:2}"; }

# What the application's sessions may sort on the volume is no limit of a restore, whose indexes need it; but of the database that it
# becomes. Usage: lift_file_limit; keep_file_limit
lift_file_limit() { on_target postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<<'ALTER ROLE :"owner" IN DATABASE :"name" SET temp_file_limit = -1;'; }
keep_file_limit() { on_target postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<<'ALTER ROLE :"owner" IN DATABASE :"name" RESET temp_file_limit;'; }

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
  local ending status=0 rename='ALTER DATABASE :"name" RENAME TO :"before";'
  find_before || return 1
  if [[ -n "${before}" ]]; then
    carry_properties || return 1
    carry_comment
  else
    rename=''
  fi
  end_sessions &
  ending=$!
  on_target postgres -v name="${DATABASE_NAME}" -v before="${before}" -v scratch="${scratch}" <<<"BEGIN; ${rename} ALTER DATABASE :\"scratch\" RENAME TO :\"name\"; COMMIT;" || status=1
  wait "${ending}" || true
  ((status == 0)) || is_swapped || return 1
  [[ -z "${before}" ]] || name_followers
}

find_before() {
  local there
  there=$(on_target postgres -v name="${DATABASE_NAME}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'") || return 1
  before="${DATABASE_NAME:0:39}_before_${stamp}"
  [[ "${there}" == 1 ]] || before=''
}

# A connection that was lost while it committed says nothing.
is_swapped() {
  case $(on_target postgres -v scratch="${scratch}" <<<"SELECT count(*) FROM pg_database WHERE datname = :'scratch'") in
  0) ;;
  1) return 1 ;;
  *) die 1 "it cannot be seen whether the restored database was swapped in: where there is no database ${scratch}, it was${before:+, and ${before} is what was there before}" ;;
  esac
}

IFS= read -rd '' followers <<'SQL' || true
SELECT regexp_replace(string_agg(follower, ', '), '[[:cntrl:]]', '?', 'g') FROM (
  SELECT 'subscription ' || quote_ident(subname) FROM pg_subscription JOIN pg_database AS d ON d.oid = subdbid WHERE datname = :'before'
  UNION ALL SELECT 'replication slot ' || quote_ident(slot_name) FROM pg_replication_slots WHERE database = :'before') AS followers (follower)
SQL

# What follows a database by its number stays with the one that was there, and no dump has it.
name_followers() {
  local found
  found=$(on_target postgres -v before="${before}" <<<"${followers}") || found='unknown'
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
