# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the programs; statuses of the questions are their answers)
# Where the authorities (CA) of the installation keep their keys: a folder of this machine, or by --ca-in-cluster a Secret that no pod
# mounts. Each is ca-FINGERPRINT.key and ca-FINGERPRINT.crt. Sourced after lib/certificates.sh and lib/tls.sh, never run.

authority_directory='' directory_given='' authority_in_cluster=''

is_validity() { [[ "$1" =~ ^[1-9][0-9]{0,3}$ ]] && (($1 <= authority_days)); }

# Of the command line. Usage: parse_authority ARGUMENT [VALUE]; sets used as parse_common does
parse_authority() {
  used=2
  case $1 in
  --ca-directory | --certificate-days) [[ -n "${2:-}" ]] || die 64 "$1: a value is missing; --help shows the options" ;;
  *) ;;
  esac
  case $1 in
  --ca-directory) authority_directory=$2 directory_given=yes ;;
  --ca-in-cluster) authority_in_cluster=yes used=1 ;;
  --certificate-days)
    is_validity "$2" || die 64 "--certificate-days: a whole number from 1 to ${authority_days}, got '$2'"
    certificate_days=$2
    ;;
  *) used=0 ;;
  esac
}

# The folder that was given, or one of this user's data by context, namespace and name. Sets authority_directory, to nothing where
# there is no place and none is needed.
choose_authority_directory() {
  local data=${XDG_DATA_HOME:-} place=${context//[!A-Za-z0-9._@-]/_}
  if [[ -z "${authority_directory}" ]]; then
    [[ "${NAMESPACE}" =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ ]] || die 64 "--namespace: not a name of a namespace, got '${NAMESPACE}'"
    [[ "${data}" == /* ]] || data=${HOME:+${HOME}/.local/share}
    if [[ -z "${data}" ]]; then
      [[ -n "${authority_in_cluster}" ]] || die 64 "HOME is not set, so there is no place for the CA's key: --ca-directory DIR, or --ca-in-cluster"
      return
    fi
    authority_directory="${data}/postgresql-ha/${place/#./_}/${NAMESPACE}/${NAME}"
  fi
  [[ "${authority_directory}" == /* ]] || authority_directory=${PWD}/${authority_directory}
  [[ -n "${authority_in_cluster}" ]] || refuse_committed "${authority_directory}"
  [[ -z "$(find "${authority_directory}" -prune \( -perm -020 -o -perm -002 \) 2>/dev/null)" ]] ||
    die 64 "${authority_directory}: others may write there, and the CA's key is for nobody else: chmod 700, or --ca-directory DIR"
}

# A key that is committed is everybody's. Usage: refuse_committed FOLDER
refuse_committed() {
  local place=$1
  while [[ ! -d "${place}" ]]; do place=$(dirname -- "${place}"); done
  place=$(CDPATH='' cd -- "${place}" && pwd -P) || die 64 "$1: cannot be entered"
  while :; do
    [[ "${place}" != "${folder}" ]] || die 64 "$1: is in this folder, which is committed and given away: the CA's key must not lie there; --ca-directory DIR elsewhere"
    [[ ! -e "${place}/.git" ]] || die 64 "$1: is in the Git work tree ${place}: the CA's key must not be committed; --ca-directory DIR elsewhere"
    [[ "${place}" != / ]] || return 0
    place=$(dirname -- "${place}")
  done
}

# Copies every authority whose key is at hand into private/authorities. Sets key_secret where the cluster has its Secret.
collect_authorities() {
  local found="${private}/authorities" key
  [[ ! -d "${found}" ]] || return 0
  choose_authority_directory
  mkdir -- "${found}"
  for key in "${authority_directory}"/ca-*.key; do
    [[ -f "${key}" && -f "${key%.key}.crt" ]] || continue
    [[ -r "${key}" ]] || die 64 "${key}: cannot be read"
    [[ -z "$(find "${key}" \( -perm -040 -o -perm -004 \) 2>/dev/null)" ]] ||
      die 64 "${key}: others can read it: chmod 600, and make a new CA if somebody may have: rotate-certificates.sh --ca"
    cp -- "${key}" "${key%.key}.crt" "${found}/"
  done
  fetch_object secret "${NAME}-ca-key" "${private}/ca-secret" && for key in "${private}"/ca-secret/ca-*; do [[ ! -f "${key}" ]] || cp -- "${key}" "${found}/"; done
  key_secret=${version}
  for key in "${found}"/ca-*.key; do
    [[ -f "${key}" ]] || continue
    is_key_of "${key}" "${key%.key}.crt" 2>/dev/null || die 64 "${key##*/}: is no key, or not that of ${key##*/}'s certificate; take it away from ${authority_directory} or Secret ${NAME}-ca-key"
  done
}

# The id of an authority: what its files are named after. Usage: id_of CERTIFICATE
id_of() {
  local fingerprint
  fingerprint=$(fingerprint_of "$1")
  printf 'ca-%s\n' "${fingerprint:0:16}"
}

# Takes the key of an authority; false where it is nowhere. Usage: take_authority CERTIFICATE
take_authority() {
  local found
  collect_authorities
  found="${private}/authorities/$(id_of "$1")"
  [[ -f "${found}.key" ]] && cp -- "${found}.key" "${private}/authority.key" && cp -- "${found}.crt" "${private}/authority.crt"
}

# One that was made by a run that did not come to use it, or else a new one. Usage: new_authority SECONDS; how old it may be
new_authority() {
  local certificate
  collect_authorities
  for certificate in "${private}"/authorities/ca-*.crt; do
    [[ -f "${certificate}" && -f "${certificate%.crt}.key" ]] || continue
    ! is_trusted "${certificate}" || continue
    (($(begin_of "${certificate}") > EPOCHSECONDS - $1 && $(days_left "${certificate}") >= certificate_days)) || continue
    take_authority "${certificate}"
    is_kept "${certificate}" || keep_authority
    say "  CA of an earlier run: $(subject_of "${certificate}"), valid until $(day_of "$(end_of "${certificate}")"); its key is in $(place_of_keys)"
    return
  done
  make_authority
  keep_authority
  say "  CA made: $(subject_of "${private}/authority.crt"), valid until $(day_of "$(end_of "${private}/authority.crt")") (${authority_days} days)"
  say "  its key is in $(place_of_keys): $(advice_on_keys)"
}

# Where new ones go: a Secret that is there goes on being used, unless a folder is given.
keeps_in_cluster() { [[ -n "${authority_in_cluster}" || (-n "${key_secret:-}" && -z "${directory_given}") ]]; }

place_of_keys() { if keeps_in_cluster; then printf 'Secret %s-ca-key\n' "${NAME}"; else printf '%s\n' "${authority_directory}"; fi; }
advice_on_keys() {
  if keeps_in_cluster; then
    printf 'whoever can read Secrets of namespace %s can pass for a member\n' "${NAMESPACE}"
  else
    printf 'keep this folder in a safe place, renewals need it (--ca-directory), and whoever has it can pass for a member\n'
  fi
}

# Whether the place where new ones go has this one. Usage: is_kept CERTIFICATE
is_kept() {
  local place=${authority_directory}
  if keeps_in_cluster; then place="${private}/ca-secret"; fi
  [[ -f "${place}/$(id_of "$1").key" ]]
}

# Keeps private/authority.* for later runs, before anything is signed by it.
keep_authority() {
  local id
  id=$(id_of "${private}/authority.crt")
  cp -- "${private}/authority.key" "${private}/authorities/${id}.key"
  cp -- "${private}/authority.crt" "${private}/authorities/${id}.crt"
  if keeps_in_cluster; then
    put_files secret "${NAME}-ca-key" "${key_secret:-}" "${private}/authorities/${id}.key" "${private}/authorities/${id}.crt"
    key_secret=${version}
    return
  fi
  mkdir -p -- "${authority_directory}" || die 64 "${authority_directory}: cannot be made: --ca-directory DIR"
  for id in "${id}.key" "${id}.crt"; do
    { cp -- "${private}/authorities/${id}" "${authority_directory}/${id}.partial" && mv -f -- "${authority_directory}/${id}.partial" "${authority_directory}/${id}"; } ||
      die 1 "${authority_directory}: cannot be written: --ca-directory DIR. Nothing was changed in the cluster"
  done
}

# The key of an authority that nobody trusts any more. Usage: drop_authority CERTIFICATE
drop_authority() {
  local id
  id=$(id_of "$1")
  collect_authorities
  rm -f -- "${authority_directory}/${id}.key" "${authority_directory}/${id}.crt"
  if [[ -f "${private}/ca-secret/${id}.key" ]]; then
    printf '{"metadata": {"resourceVersion": "%s"}, "data": {"%s.key": null, "%s.crt": null}}\n' "${key_secret}" "${id}" "${id}" | patch_object secret "${NAME}-ca-key"
    key_secret=$(<"${private}/version")
  fi
}
