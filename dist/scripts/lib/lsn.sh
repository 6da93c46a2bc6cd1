# shellcheck shell=bash
# Places in the write-ahead log. They come from facts that matched their pattern. Sourced, never run.

# As a number, to compare. Usage: lsn_number 16/B374D848
lsn_number() { printf '%s\n' "$(((16#${1%/*} << 32) + 16#${1#*/}))"; }
