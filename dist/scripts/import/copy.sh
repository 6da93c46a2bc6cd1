# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the steps are their answers)
# The copy itself: one moment of the source, by pg_dump in parallel, into a database of its own, by pg_restore in parallel over sessions
# of its owner, and compared with what the source had at that moment. Sourced after import/check.sh and restore/swap.sh, never run.
#
# What is copied was written by others, and runs while it is restored. pg_restore knows no commands of psql.

create_copy() {
  create_database "${scratch}" postgres "${source_locale}" on_target postgres 2>/dev/null || {
    if [[ -n "${source_locale}" ]]; then log_warn "this server cannot make a database with ${source_locale}: it gets the server's own; texts may sort otherwise than in the source, and an index of them is made anew"; fi
    create_database "${scratch}" postgres '' on_target postgres
  } || return 1
  on_target postgres -v name="${scratch}" <<'SQL'
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO backup;
SQL
}

# Before its owner has anything in it. Nothing of the superuser's enters it after that.
give_to_owner() {
  local line
  for line in "${to_make[@]}"; do make_extension "${line%% *}" "${line#* }" "${DATABASE_OWNER}" on_target "${scratch}" || return 1; done
  on_target postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<<'ALTER DATABASE :"name" OWNER TO :"owner";' || return 1
  lift_file_limit || return 1
  monetary=''
  if [[ -n "${source_monetary}" ]] && on_target postgres -v locale="${source_monetary}" <<<"SET lc_monetary = :'locale';" 2>/dev/null; then monetary=" -c lc_monetary=${source_monetary}"; fi
}

# A session that keeps a moment of the source for all that read it. Sets moment, and writes to snapshot_in. Its answers come from snapshot_out.
hold_moment() {
  local line
  coproc holder { from_source 2>"${work}/holder"; }
  snapshot_out=${holder[0]} snapshot_in=${holder[1]} snapshot_pid=${holder_PID}
  # What psql prints comes when the question has been answered.
  printf '%s\n' 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;' "SELECT 'moment ' || pg_export_snapshot();" "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"');" >&"${snapshot_in}"
  { read -rt 60 -u "${snapshot_out}" line && is_fact 'moment [0-9A-F-]{3,64}' "${line}"; } || {
    log_error "the source gives no snapshot: $(tail -n 1 -- "${work}/holder" | printable)"
    return 1
  }
  moment=${line#moment }
  { read -rt 60 -u "${snapshot_out}" moment_time && is_fact "${fact_instant}" "${moment_time}"; } || moment_time=unknown
}

# Beside the dump, in the same moment.
count_source() {
  printf '%s\n' "\\set schemas $(psql_text "${without_schemas}")" "\\o ${work}/counts.source" "\\i ${script_dir}/import/counts.sql" '\o' '\echo counted' >&"${snapshot_in}"
}

psql_text() { printf "'%s'" "${1//$'\n'/\\n}"; }

await_counts() {
  local line
  { read -ru "${snapshot_out}" line && [[ "${line}" == counted ]]; } || {
    log_error "the rows of the source could not be counted: $(tail -n 1 -- "${work}/holder" | printable)"
    return 1
  }
  printf 'COMMIT;\n\\q\n' >&"${snapshot_in}"
  wait "${snapshot_pid}" 2>/dev/null || true
}

# What each table of the source has been written, as its statistics say.
written_tables() {
  from_source -c "SELECT relid || ' ' || n_tup_ins + n_tup_upd + n_tup_del || ' ' || left(regexp_replace(format('%I.%I', schemaname, relname), '[[:cntrl:]]', '?', 'g'), 120) FROM pg_stat_user_tables ORDER BY relid" 2>/dev/null | printable || true
}

# Usage: report_copy WORD; each half a minute, until it is killed
report_copy() {
  local began=${SECONDS} size
  while true; do
    read -rt "${PROGRESS_SECONDS:-30}" -u "${clock}" || true
    [[ -d "/proc/$$" ]] || return 0
    if [[ "$1" == copied ]]; then
      size=$(du -sb -- "${dump}" 2>/dev/null | cut -f 1) || true
      log_info "copied: $(grep -c 'dumping contents of table' -- "${work}/said" || true) of ${source_tables} tables begun, $(($(number "${size}") / 1048576)) MB packed, after $((SECONDS - began)) s"
    else
      size=$(on_target postgres -v name="${scratch}" <<<"SELECT pg_database_size(:'name')" 2>/dev/null) || true
      log_info "restored: $(grep -c 'processing data for table' -- "${work}/said" || true) of ${source_tables} tables begun, $(($(number "${size}") / 1048576)) of about $((source_bytes / 1048576)) MB, after $((SECONDS - began)) s"
    fi
  done
}

# The data volume is that of the database that serves, and how much comes is for the source to say: what would fill it is ended before.
# Usage: keep_room PID
keep_room() {
  local size free
  while [[ -d "/proc/$$" ]]; do
    read -r size free < <(df --output=size,avail -B1 -- "${PGDATA%/*}" | tail -n 1) || true
    if (($(number "${free:-}") < $(number "${size:-}") / 20)); then
      log_error "less than 5 % of ${PGDATA%/*} are free, which the database needs itself: the import is ended; enlarge the data claim"
      kill "$1" 2>/dev/null || true
      return
    fi
    read -rt 1 -u "${clock}" || true
  done
}

# Runs a program with its progress. What it complains of is said, and its names are foreign. Usage: with_progress WORD COMMAND…
with_progress() {
  local progress program room status=0
  report_copy "$1" &
  progress=$!
  # Beside this, so that a signal is heard at once and not when all is copied.
  "${@:2}" 2>"${work}/said" &
  program=$!
  keep_room "${program}" &
  room=$!
  wait "${program}" || status=$?
  kill "${progress}" "${room}" 2>/dev/null || true
  wait "${progress}" "${room}" 2>/dev/null || true
  ((status == 0)) || log_error "$(grep -E 'error|ERROR|DETAIL|HINT|fatal|FATAL' -- "${work}/said" | tail -n 6 | cut -c 1-600 | printable | tr '\n' ' ')"
  return "${status}"
}

# It takes the place of the shell that runs it, which keep_room ends.
dump_source() {
  local schema excluded=()
  while IFS= read -r schema; do [[ -z "${schema}" ]] || excluded+=("--exclude-schema=\"${schema}\""); done <<<"${without_schemas}"
  PGSERVICEFILE="${source_folder}/pg_service.conf" PGAPPNAME=import-database PGOPTIONS="${source_options}" exec pg_dump -d "service=source connect_timeout=10 ${silence_limits}" --no-password --verbose \
    --format=directory --jobs="${jobs}" --file="${dump}" --snapshot="${moment}" --compress=1 --encoding=UTF8 --lock-wait-timeout=120s \
    --no-publications --no-subscriptions --no-security-labels --no-tablespaces "${excluded[@]}"
}

# What is restored, and in a list of their own the materialised views, which their owner fills. Extensions that a superuser made are there.
choose_entries() {
  local line name schemas='' names='' left
  for line in "${to_make[@]}"; do names+="${names:+|}${line%% *}" schemas+="${schemas:+|}${line#* }"; done
  while IFS= read -r name; do [[ -z "${name}" ]] || names+="${names:+|}${name}"; done <<<"${without_extensions}"
  pg_restore --list --no-privileges -- "${dump}" >"${work}/all" || return 1
  left="^[0-9]+; [0-9]+ [0-9]+ (EVENT TRIGGER |MATERIALIZED VIEW DATA |(EXTENSION -|COMMENT - EXTENSION) (${names:-;}) |SCHEMA - (${schemas:-;}) )"
  LC_ALL=C grep -vE "${left}" -- "${work}/all" >"${work}/list" || true
  LC_ALL=C grep -E '^[0-9]+; [0-9]+ [0-9]+ MATERIALIZED VIEW DATA ' -- "${work}/all" >"${work}/views" || true
}

# Usage: restore_as_owner LIST ARGUMENTS…; nothing waits for a standby before all of it is there
restore_as_owner() {
  PGOPTIONS="${pinned_options}${monetary} -c synchronous_commit=off" exec pg_restore -d "$(target "${DATABASE_OWNER}" "${scratch}")" --no-password --verbose --jobs="${jobs}" \
    --no-owner --no-privileges --no-tablespaces --enable-row-security --use-list="$1" "${@:2}" -- "${dump}"
}

# Policies that hold for their owner as well are lifted until it has counted.
count_here() {
  as_owner "${scratch}" -v schemas="${without_schemas}" -v counts="${script_dir}/import/counts.sql" <<'SQL'
BEGIN;
SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND pg_has_role(relowner, 'MEMBER') \gexec
\i :counts
ROLLBACK;
SQL
}

compare_counts() {
  local -A here=()
  local sum rows name other='' differing=0
  count_here | printable | LC_ALL=C sort >"${work}/counts.here" || return 1
  printable <"${work}/counts.source" | LC_ALL=C sort >"${work}/counts.there"
  if cmp -s -- "${work}/counts.here" "${work}/counts.there"; then
    log_info "compared: $(wc -l <"${work}/counts.here") tables, $(awk '{ n += $2 } END { printf "%d", n }' "${work}/counts.here") rows, the same in the source"
    return 0
  fi
  while read -r sum rows name; do here[${sum}]=${rows}; done <"${work}/counts.here"
  while read -r sum rows name; do
    [[ "${here[${sum}]:-none}" != "${rows}" ]] || continue
    ((++differing <= 10)) && other+="; ${name}: ${rows} there, ${here[${sum}]:-none} here"
  done <"${work}/counts.there"
  log_error "the rows are not those of the source${other:-: there are tables here that it does not have}"
  return 1
}

# Usage: copy_database; into scratch, which is there and its owner's. The source is as it was, and so is everything here but scratch
copy_database() {
  local before_copy
  exec {clock}<> <(:)
  before_copy=$(written_tables)
  hold_moment || return 1
  log_info "copying the source as of ${moment_time}, ${jobs} at a time"
  count_source
  with_progress copied dump_source || return 1
  await_counts || return 1
  log_info "copied after ${SECONDS} s, restoring as ${DATABASE_OWNER} into ${scratch}"
  choose_entries || return 1
  with_progress restored restore_as_owner "${work}/list" --exit-on-error || return 1
  if [[ -s "${work}/views" ]]; then with_progress restored restore_as_owner "${work}/views" || true; fi
  rm -rf -- "${dump}"
  log_info "restored after ${SECONDS} s, comparing"
  compare_counts || return 1
  compare_views
  as_owner "${scratch}" -c ANALYZE >/dev/null || log_warn "${scratch} is not analyzed: queries may be slow until autovacuum has been there"
  keep_file_limit || return 1
  say_written "${before_copy}"
}

# What was acknowledged there after the copy began would be gone here for good. False unless that is wanted. Usage: say_written BEFORE
say_written() {
  local written
  written=$(LC_ALL=C comm -13 <(LC_ALL=C sort <<<"$1") <(written_tables | LC_ALL=C sort) | cut -d ' ' -f 3- | head -n 10 | tr '\n' ' ')
  [[ -n "${written}" ]] || return 0
  if [[ -n "${while_in_use}" ]]; then
    log_warn "the source was written while it was copied: ${written}. What was written after ${moment_time} is not here: let the source refuse writes, and import once more"
  else
    log_error "the source was written while it was copied: ${written}. What was written after ${moment_time} would be missing here: let the source refuse writes, and import once more"
    return 1
  fi
}
