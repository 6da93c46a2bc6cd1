# shellcheck shell=bash
# What must survive a power cut. Each step returns its failure: nothing is built on a note that may not be there. Sourced, never run.

# After a power cut the file holds either the old text or the new one. Usage: write_durably FILE TEXT
write_durably() {
  printf '%s\n' "$2" >"$1.partial" && sync -- "$1.partial" && mv -fT -- "$1.partial" "$1" && sync -- "${1%/*}"
}

# Usage: remove_durably FILE
remove_durably() {
  [[ ! -e "$1" ]] || { rm -rf -- "$1" && sync -- "${1%/*}"; }
}

# An empty file that means something by being there, as standby.signal does. It is looked at again: PostgreSQL without it would
# open read-write. Usage: put_signal FILE
put_signal() {
  : >"$1" && sync -- "$1" "${1%/*}" && [[ -f "$1" ]]
}
