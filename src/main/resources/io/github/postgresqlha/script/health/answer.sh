# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# What a member's answer says, each of it only where it matches. Sourced after lib/facts.sh and health/status.sh, never run.

# Seconds, process id and role of a session.
session_age="(${fact_number}) (${fact_number}) [A-Za-z0-9_.-]+"
# What a member may say, and without which of it nothing can be judged.
member_facts=(role='primary|standby' system="${fact_system}" timeline="${fact_timeline}" lsn="${fact_lsn}" receiver='[a-z-]+' replay_paused='yes|no'
  replay_age="${fact_number}" apply_delay="${fact_number}" connections="${fact_number}" max_connections='[1-9][0-9]{0,8}' checksum_failures="${fact_number}" pending_restart="${fact_number}"
  version='[1-9][0-9]{4,6}' synchronous='yes|no' blocks_hit="${fact_number}" blocks_read="${fact_number}" transaction_age="${fact_number}"
  long_transaction="${session_age}" idle_transaction="${session_age}" lock_wait="(${fact_number}) (${fact_number}) (${fact_number})"
  idle_sessions="(${fact_number}) (-|${fact_address}) [A-Za-z0-9_.-]+" overridden='[A-Za-z0-9_.,-]+' drifted_roles='[A-Za-z0-9_.,-]+' clock="${fact_number}")
table_name='[A-Za-z0-9_.-]{1,200}'
# Its supervisor's notes.
member_notes=(instance='[a-z0-9][a-z0-9.-]*' supervisor_role="${fact_word}" role_since="${fact_number}" updated="${fact_number}" peer_state="${fact_word}" durability='(degraded)?'
  abandoned="${fact_number}" data_used_percent='[0-9]{1,3}' wal_used_percent='[0-9]{1,3}' backup_used_percent='[0-9]{1,3}'
  newest_backup_epoch="${fact_number}" newest_backup_bytes="${fact_number}" newest_base_epoch="${fact_number}" newest_base_refused='[a-z_ ]+'
  archiver_state="${fact_word}" archiver_segment='([0-9A-F]{24})?' archiver_updated="${fact_number}" archiver_base_leads='yes|no' archiver_refused='[a-z_ ]+' chain_broken='[A-Za-z0-9/:_ .-]+'
  restore_test_result='good|failed|running' restore_test_ends_by_epoch="(${fact_number})?" restore_test_reason='[^[:cntrl:]]*' restore_test_good_epoch="(${fact_number})?" restore_test_refused='[a-z_ ]+'
  retention_since_epoch="${fact_number}" retention_refused='[a-z_ ]+' offsite_epoch="${fact_number}" offsite_refused='[a-z_ ]+' offsite_vanished='[A-Za-z0-9:, -]+'
  peer_seen="${fact_number}" cpu_percent='[0-9]{1,6}' memory_percent='[0-9]{1,3}' conflicts_in_an_hour="${fact_number}" configuration='same|other'
  data_hours_left="${fact_number}" wal_hours_left="${fact_number}" data_growth="-?(${fact_number})" wal_growth="-?(${fact_number})" backup_growth="-?(${fact_number})"
  dead_rows="(${fact_number}) [0-9]{1,3} ${table_name}" bloat="(${fact_number}) [0-9]{1,3} ${table_name}")

# Fills fact[NUMBER_key], or failure[NUMBER] with the reason why there is no answer. Usage: read_member NUMBER
read_member() {
  local number=$1 answer errors
  errors=$(mktemp "${RUNTIME_DIRECTORY:-/tmp}/status.XXXXXX")
  # The network of a pod that has just started may not let it out yet: a second time decides.
  answer=$(query_member "${number}" 2>"${errors}") || answer=$(query_member "${number}" 2>"${errors}") || {
    failure["${number}"]=$(complaint "${errors}" | tr -d '[:cntrl:]')
    [[ -n "${failure[${number}]}" ]] || failure["${number}"]="no answer within 10 s"
    answer=
  }
  rm -f -- "${errors}"
  take_answer "${number}" "${answer}"
}

# Nothing of an answer is used before it matched; an answer without what the checks are made of is none.
# Usage: take_answer NUMBER ANSWER
take_answer() {
  local number=$1 key pattern missing=''
  local -A said=() noted=()
  read_facts said "${member_facts[@]}" <<<"${2%%$'\nnotes:'*}"
  for pattern in "${member_facts[@]}"; do
    key=${pattern%%=*}
    if [[ -n "${said[${key}]:-}" ]]; then fact[${number}_${key}]=${said[${key}]}; else missing+=" ${key}"; fi
  done
  fact[${number}_slots]='' fact[${number}_senders]='' fact[${number}_refused]=''
  if [[ -n "${missing}" ]]; then
    for key in "${!said[@]}"; do unset "fact[${number}_${key}]"; done
    [[ -n "${failure[${number}]:-}" ]] || failure["${number}"]="its answer cannot be used, it lacks:${missing}"
  else
    take_lines "${number}" "${2%%$'\nnotes:'*}"
  fi
  if [[ "$2" == *$'\nnotes:'* ]]; then read_facts noted "${member_notes[@]}" <<<"${2#*$'\nnotes:'}" && fact[${number}_refused]=${facts_refused}; fi
  for key in "${!noted[@]}"; do
    fact[${number}_${key}]=${noted[${key}]}
    [[ "${key}" != *_refused ]] || fact[${number}_refused]+=" ${noted[${key}]}"
  done
  [[ -n "${fact[${number}_instance]:-}" ]] || fact[${number}_instance]=${hosts[${number}]%%-0.*}
}

# Slots and senders. Patroni names members after their pods, which is the instance's name and -0. Usage: take_lines NUMBER ANSWER
take_lines() {
  local line name
  while IFS= read -r line; do
    if [[ "${line}" != 'slot '* && "${line}" != 'sender '* ]]; then continue; fi
    if is_fact "slot [a-z0-9_]+ (active|inactive) (reserved|extended|unreserved|lost) (${fact_number})" "${line}"; then
      fact[$1_slots]+="${line#slot }"$'\n'
    elif is_fact "sender [A-Za-z0-9_.-]+ [a-z]+ [a-z]+ (${fact_number}) (${fact_number})" "${line}"; then
      line=${line#sender } name=${line%% *}
      fact[$1_senders]+="${name%-0} ${line#* }"$'\n'
    else
      fact[$1_refused]+=" ${line%% *}"
    fi
  done <<<"$2"
}

# What a member says of a reader of its WAL: sets sender_state, sender_sync, sender_bytes and sender_seconds, empty where there is none.
# Usage: find_sender NUMBER NAME
find_sender() {
  local name
  while read -r name sender_state sender_sync sender_bytes sender_seconds; do
    if [[ -n "${name}" && "${name}" == "$2" ]]; then return; fi
  done <<<"${fact[$1_senders]:-}"
  sender_state='' sender_sync='' sender_bytes='' sender_seconds=''
}
