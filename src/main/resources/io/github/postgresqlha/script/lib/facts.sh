# shellcheck shell=bash
# What others say: a peer, a repository, a state file, a health answer. Nothing of it is used before it matched its pattern, so
# nothing of it reaches bash arithmetic, a command or a path unseen. Sourced, never run.
#
# A text of facts is one KEY=VALUE a line. A list of patterns is "KEY=REGEX" words; a key that it does not name is ignored.

# Ends in the middle of a number or a name are no match. Usage: is_fact REGEX VALUE
is_fact() {
  local LC_ALL=C
  [[ "$2" =~ ^($1)$ ]]
}

# The patterns of the usual facts; a number is short enough for 64 bits, and so is a place in the log for bash, whose numbers have a sign.
fact_number='0|[1-9][0-9]{0,17}'
# shellcheck disable=SC2034 # for those who source this
fact_timeline='[1-9][0-9]{0,8}' fact_lsn='[0-7]?[0-9A-F]{1,7}/[0-9A-F]{1,8}' fact_system='[1-9][0-9]{0,19}' \
  fact_instant='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z' fact_segment_bytes='1048576|2097152|4194304|8388608|16777216|33554432|67108864|134217728|268435456|536870912|1073741824' \
  fact_word='[a-z][a-z_-]{0,30}' fact_nonce='[0-9a-f-]{8,64}' fact_address='[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-f:]{2,39}'

# Reads facts from standard input into an associative array, each only where it matches; of a key that comes twice the first.
# What is empty is not there. What does not match is named by its key, never by its value, in facts_refused. 256 lines of 4096 bytes are read at most.
# Usage: read_facts ARRAY KEY=REGEX… <TEXT
read_facts() {
  local -n facts_found=$1
  local -A patterns=()
  local line key count=0
  facts_refused=''
  shift
  for line in "$@"; do patterns[${line%%=*}]=${line#*=}; done
  while IFS= read -rn 4096 line || [[ -n "${line}" ]]; do
    ((++count <= 256)) || break
    [[ "${line}" == *=* ]] || continue
    key=${line%%=*}
    is_fact '[a-z][a-z0-9_]{0,40}' "${key}" || continue
    [[ -n "${patterns[${key}]:-}" && -n "${line#*=}" && -z "${facts_found[${key}]+there}" ]] || continue
    if is_fact "${patterns[${key}]}" "${line#*=}"; then
      # shellcheck disable=SC2004 # the array is associative, which shellcheck cannot see through the reference
      facts_found[${key}]=${line#*=}
    else
      facts_refused+="${facts_refused:+ }${key}"
    fi
  done
}

# Facts of a file whose keys are in capitals; of a link, a pipe or what is not there none. Usage: read_record FILE ARRAY key=REGEX…
read_record() {
  local text=''
  if [[ -f "$1" && ! -L "$1" ]]; then
    # shellcheck disable=SC2312 # what cannot be read says nothing
    text=$(head -c 65536 -- "$1" 2>/dev/null | tr -d '\0' | sed -n 's/^\([A-Z][A-Z0-9_]*\)=/\L\1\E=/p') || text=''
  fi
  read_facts "${@:2}" <<<"${text}"
}

# A number that arithmetic may use; 0 where it is none. Usage: number VALUE
number() { if is_fact "${fact_number}" "${1:-}"; then printf '%s\n' "$1"; else printf '0\n'; fi; }
