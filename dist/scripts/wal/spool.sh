# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of wal/archive.sh; a step that fails is tried again by its caller)
# The folder that pg_receivewal writes to, and how what it brought gets into the archive. Sourced by wal/archive.sh.
#
# pg_receivewal goes on after the highest complete segment in its folder, and knows nothing of a failover: it would go on on an
# abandoned timeline, or ask the new primary for WAL that it never had. So it has a folder of its own, wal/receiving, which is
# prepared for each run: a segment of zeros stands there under the name before the wanted one. No WAL begins with zeros.

plain() { gzip -dcf -- "$1" 2>/dev/null || true; }

# Usage: is_blank FILE; a seed, of this run or of one that was killed
is_blank() { [[ "$(plain "$1" | head -c 4 | od -An -tx4 | tr -d ' \n')" == 00000000 ]]; }

# The history of a timeline that nobody took: a number of another member. The archive has none, wal/fetch.sh makes one where
# recovery needs it. Usage: is_placeholder FILE
is_placeholder() { [[ "${1##*/}" == *.history* && -z "$(plain "$1" | head -c 1)" ]]; }

# A complete file goes into the archive, where nothing real is ever overwritten. Usage: keep FILE
keep() {
  local file=$1 name=${1##*/} there number
  if is_placeholder "${file}" || { [[ "${name}" != *.history* ]] && is_blank "${file}"; }; then
    rm -f -- "${file}"
    return
  fi
  for there in "${archive}/${name%.gz}" "${archive}/${name%.gz}.gz"; do
    if [[ -f "${there}" ]] && is_placeholder "${there}"; then rm -f -- "${there}"; fi
  done
  there=$(archived "${name%.gz}")
  if [[ -z "${there}" ]]; then
    mv -nT -- "${file}" "${archive}/${name}" && sync -- "${archive}" || return 1
    rm -f -- "${archive}/${name%.gz}.gz.partial" "${archive}/${name%.gz}.partial"
  elif cmp -s -- <(plain "${file}") <(plain "${there}"); then
    rm -f -- "${file}"
  else
    mkdir -p -- "${archive}/conflicts"
    mv -T -- "${file}" "${archive}/conflicts/${name}.${EPOCHSECONDS}" || return 1
    log_error "${name}: the archive has another content under this name; what came now is in ${archive}/conflicts. Two primaries wrote one timeline, or the archive was damaged"
    name=${name%.gz}
    is_fact '[0-9A-F]{24}' "${name}" || return 0
    number=$(segment_number "${name}" "${segment_bytes}")
    mark_broken "$((number * segment_bytes))" "$(((number + 1) * segment_bytes))" "${name} is not what the server has"
  fi
}

# The unfinished end of a stream stays, unless more of it is there already. Usage: keep_partial FILE
keep_partial() {
  local name=${1##*/} segment=${1##*/} there=0 bytes
  segment=${segment%.partial}
  bytes=$(plain "$1" | wc -c)
  if [[ -s "${archive}/${name}" ]]; then there=$(plain "${archive}/${name}" | wc -c); fi
  if [[ -n "$(archived "${segment%.gz}")" ]] || ((bytes <= there)); then
    rm -f -- "$1"
  else
    sync -- "$1" && mv -fT -- "$1" "${archive}/${name}" && sync -- "${archive}"
  fi
}

# Moves what is complete; a history is that when it is no longer *.tmp. Usage: collect
collect() {
  local file
  for file in "${spool}"/[0-9A-F]*; do
    [[ -f "${file}" && "${file}" != *.partial && "${file}" != *.tmp && "${file##*/}" != "${seed}" ]] || continue
    keep "${file}" || return 1
  done
}

# Empties the folder of pg_receivewal and makes it begin at a segment, on the newest timeline that has a part of it: a server that
# was recovered from the archive has the others' parts in that file only. Usage: prepare_spool BYTES
prepare_spool() {
  local file owner
  seed=
  mkdir -p -- "${spool}" && collect || return 1
  for file in "${spool}"/*.partial; do
    [[ ! -f "${file}" ]] || keep_partial "${file}" || return 1
  done
  owner=$(segment_for "$(($1 / segment_bytes))" "${segment_bytes}")
  seed="${owner:0:8}$(segment_at 0 "$(($1 - segment_bytes))" "${segment_bytes}" | cut -c 9-).gz"
  head -c "${segment_bytes}" /dev/zero | gzip -1 >"${spool}/.seed" && mv -fT -- "${spool}/.seed" "${spool}/${seed}"
}
