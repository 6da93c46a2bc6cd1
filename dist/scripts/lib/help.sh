# shellcheck shell=sh
# What every program answers to --help: the comment that it begins with. Sourced, never run.

# Ends the program where its first argument asks for help. Usage: offer_help FILE ARGUMENTS…
offer_help() {
  case ${2:-} in
  --help | -h)
    sed -n '2,/^[^#]/{/^# shellcheck /d;s/^# \{0,1\}//p;}' "$1"
    exit 0
    ;;
  *) ;;
  esac
}
