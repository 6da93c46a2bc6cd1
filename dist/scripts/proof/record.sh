# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore-test.sh; statuses of the checks are their answers)
# What a restore test leaves behind: restore-test.env, the newest record, as KEY=VALUE lines; restore-test-rows.tsv, the rows
# of each table; restore-tests.log, a line a test. Who restores hands over what it found; who writes the record takes none of it
# before it matched its pattern. Sourced by restore-test.sh, never run.

record_text='[^[:cntrl:]]{0,2000}' record_time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z'
record_patterns=('RESULT=good|failed' "REASON=${record_text}" "WHAT=[a-zA-Z, ]{1,80}" "WHEN=${record_time}" "WHEN_EPOCH=${fact_number}"
  "LAST_GOOD=${record_time}" "LAST_GOOD_EPOCH=${fact_number}" "ENDS_BY_EPOCH=${fact_number}" "SECONDS=${fact_number}"
  'DUMP=postgresql_backup_[0-9]{8}_[0-9]{6}\.sql\.gz' "DUMP_BYTES=${fact_number}" "DUMP_SECONDS=${fact_number}" "DUMP_ROWS=${fact_number}"
  'BASE=postgresql_base_[0-9]{8}_[0-9]{6}' "BASE_BYTES=${fact_number}" "BASE_UNPACK_SECONDS=${fact_number}" "BASE_REPLAY_SECONDS=${fact_number}"
  "BASE_SECONDS=${fact_number}" "BASE_ROWS=${fact_number}" "TIMELINE=${fact_timeline}" "RECOVERED_TO=${fact_lsn}" 'LAST_COMMIT=[0-9A-Z:. +-]{10,40}'
  "CHECKS_SECONDS=${fact_number}" "CHECKS=${fact_number}")

utc() { TZ=UTC0 printf '%(%FT%TZ)T\n' "${1:--1}"; }

# Usage: problem REASON; the test goes on, but it has failed
problem() {
  log_error "$*"
  problems+=("${*//[$'\n\r\t']/ }")
}

# Usage: note_rows SOURCE ROWS_AND_TABLES; gives their sum
note_rows() {
  local rows table sum=0
  while read -r rows table; do
    if [[ -z "${table}" ]] || ! is_fact "${fact_number}" "${rows}"; then continue; fi
    printf '%s\t%s\t%s\t%s\n' "$1" "${DATABASE_NAME}" "${table}" "${rows}" >>"${SCRATCH_DIRECTORY}/rows.tsv"
    sum=$((sum + rows))
  done <<<"$2"
  printf -v rows_sum '%s' "${sum}"
}

# What was found, for write_record.
give_result() {
  local key
  handed_over=yes
  printf -v 'record[REASON]' '%s; ' "${problems[@]}"
  record[REASON]=${record[REASON]%; } record[RESULT]=failed
  if ((${#problems[@]} == 0)); then record[RESULT]=good record[REASON]=''; fi
  record[REASON]=${record[REASON]:0:2000} record[SECONDS]=$((EPOCHSECONDS - record[WHEN_EPOCH]))
  cp -- "${SCRATCH_DIRECTORY}/rows.tsv" "${RESULT_DIRECTORY}/rows.tsv"
  for key in "${!record[@]}"; do printf '%s=%s\n' "${key}" "${record[${key}]}"; done >"${RESULT_DIRECTORY}/record.partial"
  mv -fT -- "${RESULT_DIRECTORY}/record.partial" "${RESULT_DIRECTORY}/record"
}

# Usage: take_record FILE; sets found, whose keys are in small letters, and facts_refused
take_record() {
  local patterns=() pattern key
  declare -gA found=()
  for pattern in "${record_patterns[@]}"; do
    key=${pattern%%=*}
    patterns+=("${key,,}=${pattern#*=}")
  done
  read_record "$1" found "${patterns[@]}"
}

# Usage: keep_record NAME <CONTENT; whole or not at all, also after a power cut
keep_record() {
  cat >"${PROOF_DIRECTORY}/$1.partial"
  sync -- "${PROOF_DIRECTORY}/$1.partial"
  mv -fT -- "${PROOF_DIRECTORY}/$1.partial" "${PROOF_DIRECTORY}/$1"
  sync -- "${PROOF_DIRECTORY}"
}

# All keys, also those without a value, from found.
print_record() {
  local pattern key
  for pattern in "${record_patterns[@]}"; do
    key=${pattern%%=*}
    printf '%s=%s\n' "${key}" "${found[${key,,}]:-}"
  done
}

# That a test runs. Whoever reads it later than it may last knows that it was ended.
begin_record() {
  local good good_epoch
  umask 077
  mkdir -p -- "${PROOF_DIRECTORY}"
  take_record "${PROOF_DIRECTORY}/restore-test.env"
  good=${found[last_good]:-} good_epoch=${found[last_good_epoch]:-}
  found=([result]=running [when]=$(utc) [when_epoch]=${EPOCHSECONDS} [ends_by_epoch]=$((EPOCHSECONDS + ${DEADLINE_SECONDS:-43200}))
  [last_good]=${good} [last_good_epoch]=${good_epoch})
  print_record | keep_record restore-test.env
  log_info "the test begins"
}

# When the test was comes from this side's clock, as begin_record or else this moment has it: a time that is handed over would be
# the last good test's for ever.
write_record() {
  local good good_epoch when='' epoch=''
  umask 077
  mkdir -p -- "${PROOF_DIRECTORY}"
  take_record "${PROOF_DIRECTORY}/restore-test.env"
  good=${found[last_good]:-} good_epoch=${found[last_good_epoch]:-}
  if [[ -n "${found[ends_by_epoch]:-}" ]]; then when=${found[when]:-} epoch=${found[when_epoch]:-}; fi
  take_record "${RESULT_DIRECTORY}/record"
  [[ -z "${facts_refused}" ]] || found[result]=failed found[reason]="what the test handed over cannot be: ${facts_refused}"
  [[ -n "${found[result]:-}" ]] || found[result]=failed found[reason]="the test ended before it was done"
  found[when]=${when:-$(utc)} found[when_epoch]=${epoch:-${EPOCHSECONDS}}
  if [[ "${found[result]}" == good ]]; then good=${found[when]} good_epoch=${found[when_epoch]}; fi
  found[last_good]=${good} found[last_good_epoch]=${good_epoch} found[ends_by_epoch]=''
  { [[ ! -f "${RESULT_DIRECTORY}/rows.tsv" || -L "${RESULT_DIRECTORY}/rows.tsv" ]] || head -c 16777216 -- "${RESULT_DIRECTORY}/rows.tsv"; } | LC_ALL=C tr -dc '\t\n -~\200-\377' | keep_record restore-test-rows.tsv
  print_record | keep_record restore-test.env
  printf '%s %s %s s dump=%s base=%s last_commit=%s %s\n' "${found[when]}" "${found[result]}" "${found[seconds]:-0}" "${found[dump]:-none}" \
    "${found[base]:-none}" "${found[last_commit]:-none}" "${found[reason]:-}" >>"${PROOF_DIRECTORY}/restore-tests.log"
  sync -- "${PROOF_DIRECTORY}/restore-tests.log"
  [[ "${found[result]}" == good ]] || die 1 "the backups are not good: ${found[reason]:-no reason}"
  log_info "proved in ${found[seconds]} s: ${found[dump]} ${found[base]:-}, last commit ${found[last_commit]:-unknown}"
}
