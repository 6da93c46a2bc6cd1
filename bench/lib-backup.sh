# shellcheck shell=bash disable=SC2034,SC2154,SC2310,SC2312
# (variables of bench/backup; statuses of the checks are their answers)
# What bench/backup times: each step in each way. Sourced by bench/backup after lib-server.sh.

now() { printf '%s\n' "${EPOCHREALTIME/[^0-9]/}"; }

# Usage: note NAME MICROSECONDS
note() { printf '%s\t%s\t%s\n' "$1" "${round}" "$2" >>"${folder}/times"; }

# Usage: timed NAME COMMAND…
timed() {
  local began
  began=$(now)
  "${@:2}"
  note "$1" "$(($(now) - began))"
}

# A script, with the time of each line of its log. Usage: logged COMMAND…; sets began and ended
logged() {
  began=$(now)
  as_server "$@" > >(while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/[^0-9]/}" "${line}"; done >"${folder}/script.log") 2>&1 ||
    fail "$(tail -n 5 -- "${folder}/script.log")"
  ended=$(now)
}

# When a script said this, in microseconds. Usage: said TEXT
said() { awk -v text="$1" 'index($0, text) { print $1; found = 1; exit } END { exit !found }' "${folder}/script.log" || fail "the script did not say '$1'"; }

# What is neither the checks nor what comes beside the plain program's work (waiting, swap, retention) is ours to compare.
# Usage: note_ours STEP MICROSECONDS_OF_CHECKS MICROSECONDS_BESIDE
note_ours() {
  cp -- "${folder}/script.log" "${folder}/$1-${round}.log"
  note "$1 checks" "$2"
  note "$1 beside" "$3"
  note "$1 ours" "$((ended - began - $2 - $3))"
  note "$1 whole" "$((ended - began))"
}

newest() { find "${folder}/backups" -maxdepth 1 -name '*.sql.gz' | sort | tail -n 1; }

dump_plain() {
  rm -f -- "${folder}/plain/dump.sql.gz"
  timed "dump plain" as_server "${by_network[@]}" bash -c "set -o pipefail; pg_dump -U backup airflow | gzip >${folder}/plain/dump.sql.gz"
}

dump_ours() {
  rm -f -- "${folder}"/backups/*.sql.gz*
  logged "${job[@]}" PGUSER=backup PGDATABASE=airflow "${folder}/scripts/backup.sh"
  note_ours dump "$(($(said 'backup complete') - $(said 'dumped, verifying')))" "$((ended - $(said 'backup complete')))"
}

restore_plain() {
  timed "restore plain" as_server "${by_network[@]}" bash -c "set -o pipefail; createdb -U postgres plain && gzip -dc $(newest) | psql -Xq -v ON_ERROR_STOP=1 -U postgres -d plain >/dev/null"
  compare "plain psql" "${folder}/run" plain
  sql postgres -c 'DROP DATABASE plain'
}

restore_ours() {
  logged env RUNTIME_DIRECTORY="${folder}/job" "${folder}/scripts/restore.sh" "$(basename -- "$(newest)")"
  note_ours restore "$(($(said ' restoring ') - began + $(said 'restored and compared') - $(said 'restored, comparing')))" "$((ended - $(said 'restored and compared')))"
  compare restore.sh "${folder}/run" airflow
  sql airflow -c VACUUM
  sql postgres -c "DROP DATABASE $(sql postgres -c "SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'")"
}

base_plain() {
  rm -rf -- "${folder}/plain/base"
  timed "base plain" as_server "${by_network[@]}" pg_basebackup -U replicator -D "${folder}/plain/base" --format=tar --compress=client-gzip:1 --checkpoint=fast --no-password
}

# Two are kept: the other ways' copies of this round may need WAL from before it.
base_ours() {
  logged "${job[@]}" BASE_BACKUP_KEEP=2 "${folder}/scripts/base-backup.sh"
  local verified
  verified=$(said 'verified, waiting for')
  note_ours base "$((verified - $(said 'copied, verifying')))" "$(($(said 'its WAL is archived, publishing') - verified + ended - $(said 'base backup complete')))"
}

base_pgbackrest() {
  rm -rf -- "${folder}/peer/wal"
  timed "base pgbackrest" as_server "${pgbackrest}" "${peer[@]}" --type=full backup
}

recovery_plain() {
  timed "recovery plain" recover_plain
  compare "the plain recovery" "${folder}/other" airflow
  close_copy "${folder}/plain/data"
}

recover_plain() {
  local copy="${folder}/plain/data" file
  as_server mkdir -m 700 -- "${copy}"
  as_server tar -xzf "${folder}/plain/base/base.tar.gz" -C "${copy}"
  as_server tar -xzf "${folder}/plain/base/pg_wal.tar.gz" -C "${copy}/pg_wal"
  as_server touch "${copy}/recovery.signal"
  open_copy "${copy}" "restore_command=gzip -dc <'${folder}/backups/wal/%f.gz' >'%p'" "recovery_target_time=${moment}" recovery_target_action=promote
}

recovery_pgbackrest() {
  timed "recovery pgbackrest" recover_by_pgbackrest
  compare "pgBackRest" "${folder}/other" airflow
  close_copy "${folder}/peer/data"
}

recover_by_pgbackrest() {
  as_server mkdir -m 700 -- "${folder}/peer/data"
  as_server "${pgbackrest}" "${peer[@]}" --pg1-path="${folder}/peer/data" --type=time --target="${moment}" --target-action=promote restore
  open_copy "${folder}/peer/data"
}

recovery_ours() {
  logged "${folder}/scripts/restore-pitr.sh" --target-time "${moment}" --yes
  note_ours recovery "$(($(said ' unpacking ') - began + $(said ' recovering to ') - $(said 'unpacked, verifying')))" "$((ended - $(said 'open; making it ready')))"
  compare restore-pitr.sh "${folder}/run" airflow
  rm -rf -- "${folder}"/data/pgdata.before-pitr-*
}

# Sets pgbackrest to the program, or to nothing where it is not there or too old.
find_pgbackrest() {
  local version
  pgbackrest=$(command -v -- "${PGBACKREST:-pgbackrest}") || { say "no pgBackRest (PGBACKREST names it, bench/get-pgbackrest brings one): skipped" && return; }
  version=$("${pgbackrest}" version)
  version=${version##* }
  if [[ "$(printf '%s\n' 2.54 "${version}" | sort -V | head -n 1)" == 2.54 ]]; then
    ways+=(pgbackrest)
  else
    say "pgBackRest ${version} does not know PostgreSQL 17: skipped" && pgbackrest=''
  fi
}

prepare_pgbackrest() {
  peer=(--config="${folder}/peer.conf" --stanza=bench)
  printf '%s\n' '[global]' cmd="${pgbackrest}" repo1-path="${folder}/peer/repository" repo1-retention-full=1 lock-path="${folder}/peer/lock" \
    log-level-file=off log-level-console=error process-max=1 compress-type=gz compress-level=1 start-fast=y archive-check=n archive-mode-check=n \
    '[bench]' pg1-path="${data}" pg1-port="${port}" pg1-socket-path="${folder}/run" pg1-user=postgres >"${folder}/peer.conf"
  as_server "${pgbackrest}" "${peer[@]}" stanza-create
}

# pgBackRest's own archive gets the same WAL; the time of that is nobody's.
push_wal() {
  local file name scratch="${folder}/peer/segments"
  as_server mkdir -p -- "${scratch}"
  for file in "${folder}"/backups/wal/*.gz; do
    name=$(basename -- "${file}" .gz)
    as_server bash -c "gzip -dc ${file} >${scratch}/${name}"
    as_server "${pgbackrest}" "${peer[@]}" archive-push "${scratch}/${name}"
    rm -f -- "${scratch}/${name}"
  done
}

# Median, least and most of a kind; ratios are those of each round. Usage: figures NAME
figures() {
  awk -F '\t' -v name="$1" '$1 == name { print $3 / 1e6 }' "${folder}/times" | spread '%.2f / %.2f / %.2f'
}

ratios() {
  awk -F '\t' -v name="$1" -v other="$2" '$1 == name { a[$2] = $3 } $1 == other { b[$2] = $3 } END { for (i in a) if (i in b) print a[i] / b[i] }' "${folder}/times" | spread '%.2f (%.2f - %.2f)'
}

spread() { sort -n | awk -v format="$1" '{ v[NR] = $1 } END { if (NR) printf format, NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1], v[NR] }'; }

report() {
  local step missed=0 format='%-9s %-21s %-21s %-21s %-21s %-21s %-19s %-19s %s\n'
  printf '%s, %s cores, database of %s MB, %s rounds; seconds are median / least / most, ratios of each round median (least - most)\n' "$(date -u +%F)" "$(nproc)" \
    "$(sql postgres -c "SELECT pg_database_size('airflow') / 1000000")" "${rounds}"
  # shellcheck disable=SC2059 # the one format
  printf "${format}" '' plain ours 'ours: checks' 'ours: wait, swap' pgbackrest 'ours / plain' 'all of ours / plain' 'all of ours / pgbackrest'
  for step in dump restore base recovery; do
    # shellcheck disable=SC2059 # the one format
    printf "${format}" "${step}" "$(figures "${step} plain")" "$(figures "${step} ours")" "$(figures "${step} checks")" "$(figures "${step} beside")" "$(figures "${step} pgbackrest")" \
      "$(ratios "${step} ours" "${step} plain")" "$(ratios "${step} whole" "${step} plain")" "$(ratios "${step} whole" "${step} pgbackrest")"
    ratios "${step} ours" "${step} plain" | awk '{ exit !($1 <= 1.15) }' || { printf 'MISSED: %s at most 1.15 times plain\n' "${step}" && missed=1; }
  done
  printf 'load average %s at the end; %s restored databases had the rows and the content that were there\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)" "${compared}"
  ((missed == 0))
}
