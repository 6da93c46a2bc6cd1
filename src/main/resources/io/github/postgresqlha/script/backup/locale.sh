# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of the scripts; a value that is not there is empty)
# Encoding and locale of a dumped database, which say how texts sort and what is equal. Sourced after lib/facts.sh and
# backup/properties.sh, never run.

fact_locale='[A-Za-z0-9][A-Za-z0-9_.@,;=:+-]{0,126}'

# One text of a line of properties; nothing where it is not there or does not match. In a text of JSON each quote has a backslash before it,
# so no text can look like a key. Usage: property LINE KEY PATTERN
property() {
  local shape="\"$2\" : \"([^\"\\\\]*)\""
  [[ "$1" =~ ${shape} ]] || return 0
  if is_fact "$3" "${BASH_REMATCH[1]}"; then printf '%s\n' "${BASH_REMATCH[1]}"; fi
}

# Encoding, provider, LC_COLLATE and LC_CTYPE, and the provider's locale where it has one of its own; nothing where a line of properties
# does not say all of it. Usage: locale_of LINE
locale_of() {
  local encoding provider collate ctype locale
  encoding=$(property "$1" encoding '[A-Z][A-Z0-9_]{1,30}') provider=$(property "$1" localeProvider '[bci]')
  collate=$(property "$1" collate "${fact_locale}") ctype=$(property "$1" ctype "${fact_locale}") locale=$(property "$1" locale "${fact_locale}")
  [[ -n "${encoding}" && -n "${provider}" && -n "${collate}" && -n "${ctype}" ]] && [[ "${provider}" == c || -n "${locale}" ]] || return 0
  provider=${provider/b/builtin} && [[ "${provider}" != c ]] || provider=libc
  [[ "${provider}" != i ]] || provider=icu
  printf '%s %s %s %s %s\n' "${encoding}" "${provider}" "${collate}" "${ctype}" "${locale}"
}

# The option of sessions that count what was restored: names of tables in SQL_ASCII need not be UTF-8. Usage: client_encoding LOCALE; as
# locale_of prints it
client_encoding() { if [[ "$1" == 'SQL_ASCII '* ]]; then printf ' -c client_encoding=SQL_ASCII'; fi; }

# A new database with this encoding and locale, or with the server's own where it is empty. Usage: create_database NAME OWNER LOCALE
# COMMAND…; LOCALE as locale_of prints it, COMMAND is psql as superuser in any database
create_database() {
  local encoding='' provider='' collate='' ctype='' locale=''
  read -r encoding provider collate ctype locale <<<"$3"
  "${@:4}" -v name="$1" -v owner="$2" -v encoding="${encoding}" -v provider="${provider}" -v collate="${collate}" -v ctype="${ctype}" -v locale="${locale}" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', :'name', :'owner')
  || CASE WHEN :'provider' <> '' THEN format(' ENCODING %L LOCALE_PROVIDER %I LC_COLLATE %L LC_CTYPE %L', :'encoding', :'provider', :'collate', :'ctype') ELSE '' END
  || CASE WHEN :'provider' = 'icu' THEN format(' ICU_LOCALE %L', :'locale') WHEN :'provider' = 'builtin' THEN format(' BUILTIN_LOCALE %L', :'locale') ELSE '' END \gexec
SQL
}
