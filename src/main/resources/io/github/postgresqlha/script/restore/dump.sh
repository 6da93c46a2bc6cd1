# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of the scripts; statuses of the checks are their answers)
# A dump in a new database beside the old one, compared. Sourced by restore.sh after restore/swap.sh, never run.
#
# What a dump holds was written by the owner of the schema, and runs while it is restored: functions of checks, of generated columns,
# of indexes. So it runs in a session of that owner. The superuser's sessions never enter the new database after that.

# With encoding and locale of the database that was dumped. Where this server cannot give them, rows in another order are better than none.
create_scratch() {
  local locale
  locale=$(locale_of "$(dumped_properties "${dump}")")
  # Its owner could put types and functions into it of which the script of an extension then calls one, as superuser.
  create_database "${scratch}" postgres "${locale}" on_target postgres || {
    [[ -n "${locale}" ]] && log_warn "this server cannot make a database with ${locale}: it gets the server's own" && create_database "${scratch}" postgres '' on_target postgres || return 1
  }
  compare_locale "${locale}"
  on_target postgres -v name="${scratch}" <<'SQL'
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO backup;
SQL
}

# A dump of before its head had the locale is compared with the database that it replaces. Sets encoding_option, one of the owner's sessions.
# Usage: compare_locale LOCALE
compare_locale() {
  local wanted=$1 made
  made=$(locale_of "$(on_target "${scratch}" -c "${database_properties}")")
  encoding_option=$(client_encoding "${made}")
  if [[ -z "${wanted}" && -z "${into}" ]]; then wanted=$(locale_of "$(on_target "${DATABASE_NAME}" -c "${database_properties}")"); fi
  [[ -z "${wanted}" || "${made}" == "${wanted}" ]] || log_warn "the restored database has another locale: ${made}; $(if [[ -n "$1" ]]; then printf 'the dumped one'; else printf '%s' "${DATABASE_NAME}"; fi) has ${wanted}. Texts may sort otherwise, and what was equal may not be"
  [[ "$(dumped_properties "${dump}")" != *'"icuRules" : "'* ]] || log_warn "the dumped database has ICU rules of its own, which are not carried over"
}

# Amounts of the type money are read as they were written. Sets monetary, an option of the owner's sessions.
choose_monetary() {
  local locale
  monetary=''
  locale=$(property "$(dumped_properties "${dump}")" monetary "${fact_locale}")
  [[ -n "${locale}" ]] || return 0
  if on_target postgres -v locale="${locale}" <<<"SET lc_monetary = :'locale';"; then
    monetary=" -c lc_monetary=${locale}"
  else
    log_warn "this server does not know lc_monetary ${locale} of the dump: amounts of the type money may be read otherwise"
  fi
}

# Before anything of the dump is in the database, those that the database has which is replaced, or that were named to this program: a dump
# does not choose what a superuser makes. Sets made.
make_extensions() {
  local name schema there
  made=()
  there=$(on_target "${DATABASE_NAME}" -c 'SELECT extname FROM pg_extension') || log_warn "database ${DATABASE_NAME} is not there or cannot be entered: an extension that only a superuser can make is made where --extension names it"
  while read -r name schema; do
    needs_a_superuser "${name}" on_target "${scratch}" || continue
    grep -qxF -- "${name//\"/}" <<<"${there}"$'\n'"${extensions}" || {
      log_error "${dump} needs extension ${name}, which only a superuser can make, and which database ${DATABASE_NAME} does not have: --extension ${name//\"/} makes it"
      return 1
    }
    make_extension "${name}" "${schema}" "${DATABASE_OWNER}" on_target "${scratch}" || return 1
    made+=("${name}=${schema}")
  done < <(dump_extensions "${dump}")
  ((${#made[@]} == 0)) || log_info "extensions that need a superuser are made before the dump is restored: ${made[*]%%=*}"
}

fill_scratch() {
  local roles left missing
  make_extensions || return 1
  on_target postgres -v name="${scratch}" -v owner="${DATABASE_OWNER}" <<<'ALTER DATABASE :"name" OWNER TO :"owner";' || return 1
  lift_file_limit || return 1
  choose_monetary
  missing=$(make_roles "${dump}" on_target postgres) || return 1
  [[ -z "${missing}" ]] || log_warn "roles that the dump names and that were not here are made, without login and rights: ${missing//$'\n'/, }; what they were: gzip -dc ${dump} | sed -n '/^[^-]/q;s/^-- globals: //p'"
  roles=$(on_target postgres -v owner="${DATABASE_OWNER}" <<<"${roles_of_owner}") || return 1
  log_info "restoring ${dump} into ${scratch} as ${DATABASE_OWNER}"
  left=$(mktemp -- "$(passfile_directory)/left.XXXXXX")
  owned_sql "${dump}" "${roles%%$'\n'*}" "${roles#*$'\n'}" "${made[@]}" 2>"${left}" | as_owner "${scratch}" --single-transaction >/dev/null || {
    [[ ! -s "${left}" ]] || log_error "${dump}: $(tr '\n' ' ' <"${left}")"
    rm -f -- "${left}"
    return 1
  }
  [[ ! -s "${left}" ]] || log_warn "what the dump gives to others belongs to ${DATABASE_OWNER}: $(tr '\n' ' ' <"${left}")"
  rm -f -- "${left}"
  log_info "restored, comparing"
  expected=$(dump_rows "${dump}") || return 1
  [[ -z "${expected}" || "$(cut -d ' ' -f 2- <<<"${expected}" | counting_sql | as_owner "${scratch}" | sort)" == "${expected}" ]] || {
    log_error "the restored rows are not those of the dump"
    return 1
  }
  compare_views
  as_owner "${scratch}" -c 'SET client_min_messages = error' -c ANALYZE || log_warn "${scratch} is not analyzed: queries may be slow until autovacuum has been there"
  keep_file_limit || return 1
  log_info "restored and compared: $(grep -c . <<<"${expected}") tables"
}

# What the dump says of its database and no restore changes. Usage: compare_properties
compare_properties() {
  local dumped now
  find_before || return 1
  dumped=$(dumped_properties "${dump}")
  now=$(on_target "${DATABASE_NAME}" -c "${database_properties}" 2>/dev/null) || now=$([[ -n "${before}" ]] && printf 'not to be seen' || printf 'there is none, so those of a new one')
  [[ -z "${dumped}" || "${dumped}" == "${now}" ]] || log_warn "who may connect, settings, limit and comment stay those of ${DATABASE_NAME} as it is: ${now}; in the dump: ${dumped}"
}
