# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the questions are their answers)
# How long the import will take, from what this source, this network and this server do in a few seconds. Sourced after import/check.sh,
# never run.

IFS= read -rd '' largest_table <<'SQL' || true
SELECT format('%I.%I', nspname, relname) FROM pg_class AS o JOIN pg_namespace AS n ON n.oid = relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname <> ALL (string_to_array(:'schemas', chr(10))) AND relname !~ '[[:cntrl:]]'
ORDER BY pg_table_size(o.oid) DESC LIMIT 1
SQL

# Rows of the largest table as a copy reads them, for four seconds at most. Sets reading, bytes a second, and sampled, bytes.
measure_reading() {
  local began spent table
  reading=0 sampled=0
  table=$(from_source -v schemas="${without_schemas}" <<<"${largest_table}") || return 0
  [[ -n "${table}" ]] || return 0
  began=${EPOCHREALTIME/[^0-9]/}
  sampled=$({ PGSERVICEFILE="${source_folder}/pg_service.conf" PGOPTIONS="${source_options}" timeout 4 psql -XAtqw "service=source" -c "COPY (SELECT * FROM ONLY ${table} LIMIT 400000) TO STDOUT" 2>/dev/null || true; } | tee >(gzip -1 >/dev/null) | wc -c)
  spent=$((${EPOCHREALTIME/[^0-9]/} - began))
  reading=$((sampled * 1000000 / (spent + 1)))
}

IFS= read -rd '' probe_of_writing <<'SQL' || true
SELECT clock_timestamp() AS began \gset
CREATE TABLE public.import_probe AS SELECT i AS id, md5(i::text) || md5((i + 1)::text) AS text, now() AS at FROM generate_series(1, 150000) AS i;
SELECT clock_timestamp() AS copied \gset
CREATE INDEX import_probe_text ON public.import_probe (text);
SELECT pg_table_size('public.import_probe') || ' ' || pg_indexes_size('public.import_probe')
  || ' ' || (1 + 1000000 * extract(epoch FROM :'copied'::timestamptz - :'began'::timestamptz))::bigint || ' ' || (1 + 1000000 * extract(epoch FROM clock_timestamp() - :'copied'::timestamptz))::bigint;
DROP TABLE public.import_probe;
SQL

# Rows of our own, as the owner, in the database that is being made; nothing of them stays. Sets writing and indexing, bytes a second.
measure_writing() {
  local answer bytes index copied indexed
  writing=0 indexing=0
  answer=$(as_owner "${scratch}" <<<"${probe_of_writing}") || return 0
  read -r bytes index copied indexed <<<"${answer}"
  is_fact "[1-9][0-9]* [1-9][0-9]* [1-9][0-9]* [1-9][0-9]*" "${answer}" || return 0
  writing=$((bytes * 1000000 / copied)) indexing=$((index * 1000000 / indexed))
}

# Each of them is done by the jobs side by side, but a table by one of them. Prints seconds. Usage: copy_seconds BYTES LARGEST RATE
copy_seconds() {
  local bytes=$(($1 / effective_jobs))
  ((bytes >= $2)) || bytes=$2
  ((bytes <= $1)) || bytes=$1
  printf '%s' "$((bytes / $3))"
}

# Usage: estimate; says how long it will take. Sets estimated, in seconds
estimate() {
  local effective_jobs=${jobs} cores
  estimated=''
  cores=$(nproc)
  if ((effective_jobs > cores)); then effective_jobs=${cores}; fi
  measure_reading
  measure_writing
  # Of a few rows only the connection would be measured.
  if ((sampled < 2097152)); then reading=${writing}; fi
  if ((reading == 0 || writing == 0 || indexing == 0)); then
    log_warn "how long the import will take could not be measured"
    return 0
  fi
  estimated=$((SECONDS + 10 + source_tables / 20 + $(copy_seconds "${source_heap}" "${source_largest}" "${reading}") + $(copy_seconds "${source_heap}" "${source_largest}" "${writing}") + $(copy_seconds "${source_indexes}" 0 "${indexing}")))
  log_info "estimate: about ${estimated} s in which the application has to stand still ($((reading / 1048576)) MB a second read, $((writing / 1048576)) written, $((indexing / 1048576)) of indexes made, ${effective_jobs} at a time)"
}
