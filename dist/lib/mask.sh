# shellcheck shell=bash disable=SC2154,SC2310,SC2312
# (variables of diagnose.sh; statuses of the questions are their answers)
# Passwords and keys out of what was collected: those of this installation wherever they stand, others by how they look. Sourced
# after lib/kubectl.sh, never run.

# The passwords that the first member that answers has, as they are and as URLs, SQL and JSON have them; one a line, in a file that
# nobody else can read and that the archive does not get. Usage: know_secrets FILE
know_secrets() {
  local member value known=''
  # A shell that shows its commands would show passwords.
  local -
  set +x
  secrets=$1
  : >"${secrets}"
  for member in ${MEMBERS//:/ }; do
    # shellcheck disable=SC2016 # expands in the member
    known=$(ask exec "${member}-0" -c "${CONTAINER}" -- bash -c 'cd -- "${SECRET_DIRECTORY}" && for file in *-password; do cat -- "${file}" && printf "\n"; done' 2>/dev/null) && break
  done
  while IFS= read -r value; do
    # A shorter one would mask half of every line, and protects nothing.
    if ((${#value} >= 4)); then forms_of "${value}" >>"${secrets}"; fi
  done <<<"${known}"
  [[ -s "${secrets}" ]] || say 'no member says its passwords: what looks like one is masked all the same'
}

# Usage: forms_of SECRET
forms_of() {
  local -
  set +x
  local json=${1//\\/\\\\}
  json=${json//\"/\\\"}
  printf '%s\n' "$1" "$(percent "$1")" "${1//\'/\'\'}" "${json}"
  json=${json//&/\\u0026} json=${json//</\\u003c} json=${json//>/\\u003e}
  printf '%s\n' "${json}"
}

# As a part of a URL. Usage: percent TEXT
percent() {
  local LC_ALL=C text=$1 result='' code i
  for ((i = 0; i < ${#text}; i++)); do
    case ${text:i:1} in
    [A-Za-z0-9._~-]) result+=${text:i:1} ;;
    *)
      printf -v code '%d' "'${text:i:1}"
      printf -v code '%%%02X' "$((code & 255))"
      result+=${code}
      ;;
    esac
  done
  printf '%s\n' "${result}"
}

# A filter. What is known goes first: what it is part of may end at another character than it seems to.
mask() { known_masked | shapes_masked; }

# Also whole private keys, and values of variables whose name is that of a secret, as kubectl prints them in JSON.
known_masked() {
  LC_ALL=C awk -v file="${secrets}" '
    # The longest first: one that is part of another leaves none of that behind.
    BEGIN { while ((getline line < file) > 0) { if (line != "") known[++count] = line }
      for (i = 2; i <= count; i++) for (j = i; j > 1 && length(known[j]) > length(known[j - 1]); j--) { line = known[j]; known[j] = known[j - 1]; known[j - 1] = line } }
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/ { if ($0 !~ /-----END [A-Z ]*PRIVATE KEY-----/) inside = 1; print "***"; next }
    # None is longer than that: clients can have a first line in the log by an error, and would hide what follows.
    inside && inside++ <= 128 { if (/-----END [A-Z ]*PRIVATE KEY-----/) inside = 0; next }
    { inside = 0 }
    /last-applied-configuration": / { print "\"last-applied-configuration\": \"***\","; next }
    secret && /^ *"value": / { print "\"value\": \"***\""; secret = 0; next }
    { secret = (toupper($0) ~ /^ *"NAME": ".*(PASS|SECRET|TOKEN|KEY|CREDENTIAL|CONN|URL|DSN)/)
      for (i = 1; i <= count; i++) {
        rest = $0; done = ""
        while ((at = index(rest, known[i])) > 0) { done = done substr(rest, 1, at - 1) "***"; rest = substr(rest, at + length(known[i])) }
        $0 = done rest
      }
      print }'
}

# Verifiers, passwords in URLs and SQL, behind a name with "=" or ":", keys and tokens of clouds.
shapes_masked() {
  local name='([Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd]|[Pp][Aa][Ss][Ss][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt][_-]?([Aa][Cc][Cc][Ee][Ss][Ss][_-]?)?[Kk][Ee][Yy]|[Aa][Pp][Ii][_-]?[Kk][Ee][Yy])'
  local token='([Tt][Oo][Kk][Ee][Nn]|[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn])' quote="'" value
  value="([Ee]?${quote}([^${quote}]|${quote}${quote})*${quote}|\\\\\"[^\"]*\"|\"([^\"\\\\]|\\\\.)*\"|[^[:space:],;&\"${quote}]+)"
  LC_ALL=C sed -E \
    -e 's#(://[^:/@[:space:]]*):[^[:space:]]*@#\1:***@#g' \
    -e "s/${name}([\\\\\"${quote}]*[[:space:]]*[=:][[:space:]]*)${value}/\\1\\3***/g" \
    -e "s/${name}([[:space:]]+)([Ee]?${quote}([^${quote}]|${quote}${quote})*${quote})/\\1\\3***/g" \
    -e "s/${token}([\\\\\"${quote}]*[[:space:]]*=[[:space:]]*)${value}/\\1\\2***/g" \
    -e 's/[Bb]earer [A-Za-z0-9._~+\/-]+=*/Bearer ***/g' \
    -e 's/SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+\/=]+\$[A-Za-z0-9+\/=]+:[A-Za-z0-9+\/=]+/***/g' \
    -e 's/(SCRAM-SHA-256)\$[0-9]+:/\1 ***/g' \
    -e 's/-----BEGIN ([A-Z ]*)PRIVATE KEY/-----BEGIN \1***/g' \
    -e 's/md5[0-9a-f]{32}/***/g' \
    -e 's/A[KS]IA[A-Z0-9]{16}/***/g' \
    -e 's/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/***/g'
}

# The mask is one thing, to look once more another: a file that has a secret all the same keeps the archive from being made.
refuse_secrets() {
  local found
  found=$({
    if [[ -s "${secrets}" ]]; then LC_ALL=C grep -rlF -f "${secrets}" -- "${collected}" || true; fi
    LC_ALL=C grep -rlE -e '-----BEGIN [A-Z ]*PRIVATE KEY|SCRAM-SHA-256\$[0-9]+:|A[KS]IA[A-Z0-9]{16}|://[^:/@[:space:]]*:[^*[:space:]][^[:space:]]*@' -- "${collected}" || true
  } | sort -u)
  [[ -z "${found}" ]] || die 1 "a password or key would be in ${found//"${collected}/"/}: no archive was made. Please report this, with the name of the file"
}
