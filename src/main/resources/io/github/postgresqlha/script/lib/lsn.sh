# shellcheck shell=bash
# Places in the write-ahead log. They come from facts that matched their pattern. Sourced, never run.

# In bytes, as a number. Usage: lsn_bytes 16/B374D848
lsn_bytes() { printf '%s\n' "$(((16#${1%/*} << 32) + 16#${1#*/}))"; }

# Whether the first place comes after the second. Usage: is_beyond LSN LSN
is_beyond() { (((16#${1%/*} << 32) + 16#${1#*/} > (16#${2%/*} << 32) + 16#${2#*/})); }

# Usage: bytes_lsn BYTES
bytes_lsn() { printf '%X/%X\n' "$(($1 >> 32))" "$(($1 & 16#FFFFFFFF))"; }
