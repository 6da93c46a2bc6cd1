# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of restore-test.sh; statuses of the checks are their answers)
# What a restore test leaves behind: restore-test.env, the newest record, as KEY=VALUE lines; restore-test-rows.tsv, the rows
# of each table; restore-tests.log, a line a test. Sourced by restore-test.sh, never run.

record_keys=(RESULT REASON WHAT WHEN WHEN_EPOCH LAST_GOOD LAST_GOOD_EPOCH SECONDS DUMP DUMP_BYTES DUMP_SECONDS DUMP_ROWS
  BASE BASE_BYTES BASE_UNPACK_SECONDS BASE_REPLAY_SECONDS BASE_SECONDS BASE_ROWS TIMELINE RECOVERED_TO LAST_COMMIT CHECKS_SECONDS CHECKS)

utc() { TZ=UTC0 printf '%(%FT%TZ)T\n' "${1:--1}"; }

# Usage: problem REASON; the test goes on, but it has failed
problem() {
  log_error "$*"
  problems+=("${*//[$'\n\r']/ }")
}

# What the newest record says. Usage: recorded KEY
recorded() { sed -n "s/^$1=//p" -- "${PROOF_DIRECTORY}/restore-test.env" 2>/dev/null || true; }

# Usage: note_rows SOURCE ROWS_AND_TABLES; gives their sum
note_rows() {
  local rows table sum=0
  while read -r rows table; do
    [[ -n "${table}" ]] || continue
    printf '%s\t%s\t%s\t%s\n' "$1" "${DATABASE_NAME}" "${table}" "${rows}" >>"${SCRATCH_DIRECTORY}/rows.tsv"
    sum=$((sum + rows))
  done <<<"$2"
  printf -v rows_sum '%s' "${sum}"
}

# Usage: keep_record FILE NAME; whole or not at all, also after a power cut
keep_record() {
  cp -- "$1" "${PROOF_DIRECTORY}/$2.partial"
  sync -- "${PROOF_DIRECTORY}/$2.partial"
  mv -fT -- "${PROOF_DIRECTORY}/$2.partial" "${PROOF_DIRECTORY}/$2"
  sync -- "${PROOF_DIRECTORY}"
}

write_record() {
  local key
  recorded=yes
  printf -v 'record[REASON]' '%s; ' "${problems[@]}"
  record[REASON]=${record[REASON]%; }
  record[RESULT]=failed record[SECONDS]=$((EPOCHSECONDS - record[WHEN_EPOCH]))
  record[LAST_GOOD]=$(recorded LAST_GOOD) record[LAST_GOOD_EPOCH]=$(recorded LAST_GOOD_EPOCH)
  if ((${#problems[@]} == 0)); then
    record[RESULT]=good record[REASON]='' record[LAST_GOOD]=${record[WHEN]} record[LAST_GOOD_EPOCH]=${record[WHEN_EPOCH]}
  fi
  for key in "${record_keys[@]}"; do printf '%s=%s\n' "${key}" "${record[${key}]:-}"; done >"${SCRATCH_DIRECTORY}/record.env"
  keep_record "${SCRATCH_DIRECTORY}/rows.tsv" restore-test-rows.tsv
  keep_record "${SCRATCH_DIRECTORY}/record.env" restore-test.env
  printf '%s %s %s s dump=%s base=%s last_commit=%s %s\n' "${record[WHEN]}" "${record[RESULT]}" "${record[SECONDS]}" "${record[DUMP]:-none}" \
    "${record[BASE]:-none}" "${record[LAST_COMMIT]:-none}" "${record[REASON]}" >>"${PROOF_DIRECTORY}/restore-tests.log"
  sync -- "${PROOF_DIRECTORY}/restore-tests.log"
}
