# shellcheck shell=sh disable=SC2034,SC2154,SC2310,SC2312
# (variables of offsite.sh; statuses of the checks are their answers)
# What was there at the last look, is not past the retention, and is not there any more. Who can write there may delete there, so what
# has to be there is known here. Sourced by offsite.sh, never run. On the backup volume:
#
#   offsite/inventory   "# REMOTE", then "SIZE PATH" of what has to be there
#   offsite/vanished    SINCE, FILES, LOST (not on the backup volume either), then the paths; a person removes it

kept_names='((postgresql_backup_[0-9]{8}_[0-9]{6}|databases/postgresql_backup_[0-9]{8}_[0-9]{6}\.[a-z_][a-z0-9_-]{0,62})\.sql\.gz(\.sha256)?|base/postgresql_base_[0-9]{8}_[0-9]{6}/'"${base_files}"'|wal/[0-9A-F]{8}([0-9A-F]{16}|\.history)(\.gz)?|wal/system-identifier)'
inventory_limit=${OFFSITE_INVENTORY_FILES:-1000000}

# "SIZE PATH" of what has to be there; of size 0 only the name is known, as where there is but the marker of the last copy.
known_inventory() {
  if [ "$(read_plain offsite/inventory | head -n 1)" = "# ${OFFSITE_REMOTE}" ]; then
    read_plain offsite/inventory | head -n "${inventory_limit}"
  elif read_plain offsite/last-copy.env | grep -xF "REMOTE=${OFFSITE_REMOTE}" >/dev/null; then
    read_plain offsite/last-copy.env | sed -n 's#^NEWEST_DUMP=#0 #p; s#^NEWEST_BASE=\(.\)#0 base/\1#p; s#^NEWEST_WAL=\(.*\)#0 wal/\1.gz#p' |
      sed 's#^0 base/.*#&/SHA256SUMS#'
  fi | grep -E "^[0-9]{1,15} ${kept_names}\$" | sort -u -k 2,2
}

# Usage: keep_inventory; of the remote's listing, without what goes now. What is known there comes first, then what is here: it cannot be
# pushed out by names that somebody writes there. Sets unlisted, the number of names for which there is no room.
keep_inventory() {
  known_inventory >"${scratch}/known" || true
  awk 'FILENAME == ARGV[1] { expired[$1] = 1; next } FILENAME == ARGV[2] { known[$2] = 1; next } FILENAME == ARGV[3] { here[$2] = 1; next }
    !($2 in expired) { print ($2 in known ? 1 : $2 in here ? 2 : 3), $0 }' "${scratch}/expired" "${scratch}/known" "${scratch}/local" "${scratch}/remote" |
    grep -E "^[123] [0-9]{1,15} ${kept_names}\$" | sort -s -n -k 1,1 | cut -d ' ' -f 2- >"${scratch}/listed"
  {
    printf '# %s\n' "${OFFSITE_REMOTE}"
    head -n "$((inventory_limit - 1))" "${scratch}/listed"
  } >"${scratch}/inventory"
  unlisted=$(($(wc -l <"${scratch}/listed") - inventory_limit + 1))
  read_plain offsite/inventory | cmp -s "${scratch}/inventory" - || keep_file offsite/inventory <"${scratch}/inventory"
}

# It is not expected there for now. Usage: forget PATH
forget() {
  is_plain offsite/inventory || return 0
  read_plain offsite/inventory | awk -v path="$1" '$2 != path' >"${scratch}/inventory"
  keep_file offsite/inventory <"${scratch}/inventory"
}

# What is gone is named before anything is copied again. One that is only there is gone as well where its size changed.
note_vanished() {
  known_inventory >"${scratch}/known" || true
  sort -u -k 2,2 "${scratch}/remote" "${scratch}/known" >"${scratch}/union"
  list_expired "${scratch}/union" >"${scratch}/expired"
  awk 'FILENAME == ARGV[1] { there[$2] = $1; next } FILENAME == ARGV[2] { here[$2] = 1; next } FILENAME == ARGV[3] { expired[$1] = 1; next }
    !($2 in expired) && (!($2 in there) || $1 > 0 && there[$2] != $1 && !($2 in here)) { print $2 }' \
    "${scratch}/remote" "${scratch}/local" "${scratch}/expired" "${scratch}/known" >"${scratch}/gone"
  # A lifecycle knows only ages: these two kinds never expire here, and are sent again.
  if ! may_delete; then
    grep -vE '^wal/(.*\.history(\.gz)?|system-identifier)$' "${scratch}/gone" >"${scratch}/aged" || true
    mv "${scratch}/aged" "${scratch}/gone"
  fi
  if [ -s "${scratch}/gone" ]; then name_vanished; fi
  keep_inventory
}

# Adds to what a person did not look at yet.
name_vanished() {
  since=$(vanished_fact SINCE '[0-9-]{10}T[0-9:]{8}Z')
  read_plain offsite/vanished | grep -xE "${kept_names}" | cat - "${scratch}/gone" | sort -u | head -n "${inventory_limit}" >"${scratch}/names"
  lost=$(awk 'FILENAME == ARGV[1] { here[$2] = 1; next } !($1 in here)' "${scratch}/local" "${scratch}/names" | wc -l)
  {
    printf 'SINCE=%s\nFILES=%s\nLOST=%s\n' "${since:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}" "$(wc -l <"${scratch}/names")" "${lost}"
    cat "${scratch}/names"
  } | keep_file offsite/vanished
  say_error "$(wc -l <"${scratch}/gone") files that were at ${OFFSITE_REMOTE} are GONE, the first of them $(head -n 1 "${scratch}/gone"); what the backup volume has is copied again, $(awk 'FILENAME == ARGV[1] { here[$2] = 1; next } !($1 in here)' "${scratch}/local" "${scratch}/gone" | wc -l) files it has not. Who deleted them? Change the credential, look at the log and the versions of the bucket; then remove offsite/vanished on the backup volume"
}

# Usage: vanished_fact KEY PATTERN; nothing where nothing is gone
vanished_fact() { read_plain offsite/vanished | sed -nE "s/^$1=($2)\$/\\1/p" | head -n 1; }
