# shellcheck shell=bash
# What the programs in this folder need of the machine that they run on. Sourced first, never run: a bash that is too old ends
# here, before it meets what it does not understand.

# What a program needs beside that: openssl, or nothing. A failover must not ask for what only certificates need.
needed_program=''

# Says what is missing, one a line, with what to do; nothing where all is there. Usage: missing_requirements BASH_MAJOR
missing_requirements() {
  if [[ "$1" -lt 5 ]]; then
    printf '  bash 5 or newer, this is %s: install it (macOS: brew install bash) and have it first on PATH\n' "$1"
  fi
  if ! timeout 5 true >/dev/null 2>&1; then
    printf '  timeout, of GNU coreutils: install it (macOS: brew install coreutils, and its folder libexec/gnubin on PATH)\n'
  fi
  if ! command -v kubectl >/dev/null 2>&1; then
    printf '  kubectl: https://kubernetes.io/docs/tasks/tools/\n'
  fi
  if [[ "${needed_program}" == openssl ]] && ! command -v openssl >/dev/null 2>&1; then
    printf '  openssl 1.1.1 or newer, which makes the certificates: install it (macOS: brew install openssl, and its folder bin first on PATH)\n'
  fi
}

# Usage: require_programs
require_programs() {
  local missing
  missing=$(missing_requirements "${BASH_VERSINFO[0]}")
  if [[ -n "${missing}" ]]; then
    printf '%s: this machine lacks what the procedures need; nothing was done\n%s\n' "${0##*/}" "${missing}" >&2
    exit 64
  fi
}

if [[ "${BASH_VERSINFO[0]}" -lt 5 ]]; then require_programs; fi
