# shellcheck shell=bash disable=SC2016,SC2154,SC2310,SC2312
# (variables of e2e/run; a check that fails is counted)
# What frames each round of noise: writers at both members, the way back to one primary and one standby, and the figures. Sourced
# by e2e/cases/97-noise.sh after lib-noise.sh.

client=e2e-noise
columns='%-9s %5s %6s %7s %8s %7s %6s %6s %7s %6s %7s %-7s %s\n'
declare -A reports=()

in_client() { k exec -i "${client}" -- bash /client/count-noise.sh "$@"; }

# Where the members are, as soon as Kubernetes knows it.
feed_addresses() {
  k get pods -l postgresqlha.github.io/member -w -o 'jsonpath={.metadata.name} {.status.podIP}{"\n"}' 2>/dev/null | in_client feed 2>/dev/null || true
}

# What the members report as lost goes into reports, each report once; a trigger that is still pending is taken back.
collect_reports() {
  local pod line
  for pod in "${primary}" "${standby}"; do
    while IFS= read -r line; do
      [[ "${line}" =~ ^([^ ]+)\ .*[^0-9]([0-9]+)\ committed\ transactions ]] || continue
      reports["${pod} ${BASH_REMATCH[1]}"]=${BASH_REMATCH[2]}
    done < <(in_pod "${pod}" 'rm -f /tmp/promote_trigger; for f in /var/lib/postgresql/wal/abandoned-*/README; do [[ ! -e $f ]] || printf "%s %s\n" "$f" "$(tr "\n" " " <"$f")"; done' 2>/dev/null)
  done
}

reported_rows() {
  local report sum=0
  for report in "${!reports[@]}"; do sum=$((sum + reports[${report}])); done
  printf '%s\n' "${sum}"
}

begin_noise() {
  noise_notes=${NOISE_NOTES:-${scratch}/noise} newest=00000000 feeder='' current='' number=0
  mkdir -p -- "${noise_notes}"
  : >"${noise_notes}/rounds"
  k delete pod "${client}" --ignore-not-found --grace-period=1 --wait >/dev/null
  app_sql "$(primary_pod)" 'DROP TABLE IF EXISTS noise; CREATE TABLE noise (writer text, row bigint, sent bigint, round int, PRIMARY KEY (writer, row)); CREATE INDEX ON noise (sent)'
  run_client client-noise.sh:count-noise.sh node-1
  ready "${client}" 60 >/dev/null
  # In a process group of its own, which ends as a whole.
  set -m
  (while :; do feed_addresses && sleep 0.5; done) &
  feeder=$!
  set +m
  collect_reports
  # shellcheck disable=SC2034 # the case reads it in the end
  reported_at_first=$(reported_rows)
  renew
}

end_noise() {
  heal
  [[ -z "${feeder:-}" ]] || kill -- "-${feeder}" 2>/dev/null || true
  k delete pod "${client}" --grace-period=1 --wait=false >/dev/null 2>&1 || true
}

# A container that ended twice within ten minutes is started 10 s later by Kubernetes, then 20 s: each round gets pods that did not.
renew() {
  local pods since
  pods=$(k get pods -l postgresqlha.github.io/member -o 'jsonpath={range .items[?(@.status.containerStatuses[0].restartCount>0)]}{.metadata.name} {end}')
  if [[ -n "${pods}" ]]; then
    # shellcheck disable=SC2086 # several names
    k delete pod ${pods} --wait >/dev/null
  elif [[ -n "${current}" ]]; then
    return 0
  fi
  read -r current since < <(in_client await 120) && [[ -n "${current}" ]]
}

# What a person would look at. Usage: keep_evidence NAME
keep_evidence() {
  local pod
  for pod in "${primary}" "${standby}"; do
    k logs "${pod}" -c postgresql --previous >"${noise_notes}/$1.${pod}.previous.log" 2>/dev/null || true
    k logs "${pod}" -c postgresql >"${noise_notes}/$1.${pod}.log" 2>/dev/null || true
  done
  k exec "${client}" -- bash -c "cat /notes/acknowledged.${number}.* | sort -n" >"${noise_notes}/$1.acknowledged" 2>/dev/null || true
}

# Usage: noise_round KIND ROUND
noise_round() {
  local former=${current} next parameters='' ended since healed='>60' reported_before reported
  local acknowledged missing overlap later after end gap tip
  # shellcheck disable=SC2034 # for the kinds
  next=$(other_pod "${former}")
  number=$((number + 1))
  sow "${seed}" "$1" "$2"
  reported_before=$(reported_rows)
  in_client begin "${number}"
  "noise_$1"
  ended=$(now)
  if read -r current since < <(in_client await 60) && [[ -n "${current}" ]]; then
    healed=$(((since - ended) / 1000))
    healed=$(seconds "$((healed > 0 ? healed : 0))")
  fi
  if ! read -r acknowledged missing overlap later after end gap tip < <(in_client count "${number}" "${newest}" "${ended}"); then
    record failed "$1, round $2: its rows could be counted (${parameters})"
    keep_evidence "$1-$2"
    collect_reports
    renew
    return
  fi
  newest=${tip}
  collect_reports
  reported=$(($(reported_rows) - reported_before))
  # shellcheck disable=SC2059 # the columns are the format
  printf "${columns}" "$1" "$2" "${acknowledged}" "${missing}" "${reported}" "${overlap}" "${later}" "${after}" "$(seconds "${end}")" \
    "$(seconds "${gap}")" "${healed}" "${newest}" "${parameters}" | tee -a "${noise_notes}/rounds"
  # A round is looked at, too, where nobody could write for long.
  if ((overlap > 0 || missing > reported || gap > 20000)) || [[ "${healed}" == '>60' ]]; then keep_evidence "$1-$2"; fi
  renew || record failed "$1, round $2: one primary and one standby that streams, in the end"
}

print_columns() {
  # shellcheck disable=SC2059 # the columns are the format
  printf "${columns}" kind round rows missing reported overlap later after until gap healed newest parameters
}

# Usage: of_kind KIND AWK_CONDITION; how many rounds of a kind it is true for
of_kind() { awk -v kind="$1" "\$1 == kind && ($2) { n++ } END { print n + 0 }" "${noise_notes}/rounds"; }

# Within a partition both may serve: a person asked for the promotion, and nobody can know of the other. After it the older one
# has to find out. Usage: report_kind KIND
report_kind() {
  local overlap='$6 > 0'
  if [[ "$1" == partition ]]; then
    overlap='$9 > 5'
    awk '$1 == "partition" { inside += $6 - $8; after += $8; if ($9 > longest) longest = $9 }
      END { printf "       partition: %d overlapping rows inside, %d after it, until %.3f s after it\n", inside, after, longest }' "${noise_notes}/rounds"
  fi
  check "$1: every round was counted" is "${NOISE_ROUNDS:-40}" of_kind "$1" 1
  check "$1: no row on an older timeline after one on a newer$([[ "$1" != partition ]] || printf ', but in the partition and 5 s after')" is 0 of_kind "$1" "${overlap}"
  check "$1: every missing row was reported" is 0 of_kind "$1" '$4 > $5'
  check "$1: one primary and one standby that streams within 60 s" is 0 of_kind "$1" '$11 !~ /^[0-9.]+$/ || $11 > 60'
}
