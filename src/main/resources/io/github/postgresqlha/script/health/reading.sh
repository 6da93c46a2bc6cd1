# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the questions are their answers)
# Asks all members at once, so that one that is silent costs no more than its own two seconds. Sourced after health/answer.sh, never run.

# Sets milliseconds. A clock that is set meanwhile makes one run shorter or longer, no more.
look_at_milliseconds() { milliseconds=$((${EPOCHREALTIME/[.,]/} / 1000)); }

# A member whose machine is gone takes no connection; one that is busy takes it and answers late. Usage: takes_connections NUMBER
takes_connections() {
  local status=0
  # shellcheck disable=SC2016 # of the shell inside
  timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "${hosts[$1]}" "${ports[$1]}" 2>/dev/null || status=$?
  # What is refused or not known, libpq names better.
  ((status != 124))
}

# Prints a member's answer; its complaint goes to standard error. The network of a pod that has just started may not let it out yet, for
# seconds on a busy node: what takes no connection, or fails at once, is tried again. Whoever has another answer meanwhile does not wait.
# Usage: ask_one NUMBER
ask_one() {
  local milliseconds begun
  look_at_milliseconds
  begun=${milliseconds}
  until takes_connections "$1"; do
    look_at_milliseconds
    printf 'no connection within %s s\n' "$(((milliseconds - begun) / 1000))" >&2
    ((milliseconds - begun < 6000)) || return 1
  done
  CONNECT_SECONDS=8 ANSWER_SECONDS=8 query_member "$1" && return 0
  look_at_milliseconds
  ((milliseconds - begun < 1000)) || return 1
  sleep 0.4
  CONNECT_SECONDS=2 ANSWER_SECONDS=2 query_member "$1"
}

# Usage: ask_and_note NUMBER; in the folder asked: NUMBER.answer and NUMBER.errors, then NUMBER.done
ask_and_note() {
  local certificate=''
  if [[ -n "${CERTIFICATE_MIN_DAYS:-}" ]]; then
    end_of_shown_certificate "$1" >"${asked}/$1.certificate" 2>/dev/null &
    certificate=$!
  fi
  ask_one "$1" >"${asked}/$1.partial" 2>"${asked}/$1.errors" && mv -T -- "${asked}/$1.partial" "${asked}/$1.answer"
  [[ -z "${certificate}" ]] || wait "${certificate}" || true
  # A member that lets in only now has shown none before.
  if [[ -n "${certificate}" && -e "${asked}/$1.answer" && ! -s "${asked}/$1.certificate" ]]; then end_of_shown_certificate "$1" >"${asked}/$1.certificate" 2>/dev/null || true; fi
  : >"${asked}/$1.done"
}

# Fills fact[NUMBER_key] and failure[NUMBER], the reason why there is no answer, and ends[NUMBER] where certificates are looked at.
# Where a primary has answered nobody is waited for after two and a half seconds, but for a certificate of one that has answered, too;
# without one a busy member has eight.
read_all_members() {
  local i milliseconds begun open asked
  asked=$(mktemp -d "${RUNTIME_DIRECTORY:-/tmp}/health.XXXXXX")
  declare -gA ends=()
  look_at_milliseconds
  begun=${milliseconds}
  for i in "${!hosts[@]}"; do ask_and_note "${i}" >/dev/null 2>&1 & done
  while true; do
    open=
    for i in "${!hosts[@]}"; do [[ -e "${asked}/${i}.done" ]] || open=yes; done
    [[ -n "${open}" ]] || break
    look_at_milliseconds
    if ((milliseconds - begun >= 2500)) && grep -qsx role=primary -- "${asked}"/*.answer && { all_shown || ((milliseconds - begun >= 5000)); }; then break; fi
    ((milliseconds - begun < 9000)) || break
    sleep 0.05
  done
  for i in "${!hosts[@]}"; do take_member "${i}"; done
  rm -rf -- "${asked}"
}

# Whether each member that has answered is done with its certificate.
all_shown() {
  local i
  for i in "${!hosts[@]}"; do [[ -e "${asked}/${i}.done" || ! -e "${asked}/${i}.answer" ]] || return 1; done
}

# Usage: take_member NUMBER
take_member() {
  local answer='' end=''
  if [[ -f "${asked}/$1.answer" ]]; then
    answer=$(<"${asked}/$1.answer")
  else
    failure["$1"]=$(complaint "${asked}/$1.errors" | tr -d '[:cntrl:]') || true
    [[ -n "${failure[$1]}" ]] || failure["$1"]="no answer in time"
  fi
  if [[ -f "${asked}/$1.certificate" ]]; then end=$(<"${asked}/$1.certificate"); fi
  ends["$1"]=${end}
  take_answer "$1" "${answer}"
}
