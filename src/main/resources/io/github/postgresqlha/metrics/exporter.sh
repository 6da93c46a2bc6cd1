#!/bin/sh
# Process 1 of the container metrics: runs postgres_exporter, and starts it again where it ended, or where the password or the queries
# changed, which it reads only when it starts. The container itself never ends by that: a pod is ready only while all its containers run.
# Written for any shell, because the exporter's image has busybox.
# The password goes by a passfile: with DATA_SOURCE_PASS_FILE the exporter takes no ' or \ in it, and writes it to the log then.
#
# Environment:
#   DATA_SOURCE_NAME        as postgres_exporter has it, without a password
#   SECRET_FILE             the password
#   PGPASSFILE              where it writes the passfile
#   QUERIES                 the file of the queries
#   LOOK_SECONDS (10)       how often it looks
#   METRICS_ADDRESS (:9187) where it listens
# Exit status: 0 it was told to end
# shellcheck disable=SC2154,SC2312 # the environment; date and sed do not fail
set -eu

exporter='' started=''

say() { printf '%s exporter.sh %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2; }

end_exporter() {
  if [ -n "${exporter}" ]; then
    kill "${exporter}" 2>/dev/null || true
    wait "${exporter}" 2>/dev/null || true
    exporter=''
  fi
}

# In a passfile \ and : are written with \ before them.
write_passfile() {
  (umask 077 && printf '*:*:*:*:%s\n' "$(sed -n '1{s/[\\:]/\\&/g;p;}' <"${SECRET_FILE}")" >"${PGPASSFILE}")
}

# Collectors that look at each table see those of the database postgres only, and are slow where there are many.
start_exporter() {
  write_passfile
  postgres_exporter --web.listen-address="${METRICS_ADDRESS:-:9187}" --extend.query-path="${QUERIES}" \
    --no-collector.stat_user_tables --no-collector.statio_user_tables --log.level=warn &
  exporter=$!
}

# Nothing where a file is not there yet.
what_it_reads() { cat -- "${SECRET_FILE}" "${QUERIES}" 2>/dev/null || true; }

trap 'end_exporter; exit 0' TERM INT
while :; do
  wanted=$(what_it_reads)
  if [ -n "${exporter}" ] && [ "${wanted}" != "${started}" ]; then
    say 'INFO the password or the queries changed: postgres_exporter starts again'
    end_exporter
  elif [ -n "${exporter}" ] && ! kill -0 "${exporter}" 2>/dev/null; then
    say 'WARN postgres_exporter ended: it starts again'
    exporter=''
  fi
  if [ -z "${exporter}" ] && [ -r "${SECRET_FILE}" ]; then
    started=${wanted}
    start_exporter
  elif [ -z "${exporter}" ]; then
    say "WARN ${SECRET_FILE} cannot be read: waiting for it"
  fi
  sleep "${LOOK_SECONDS:-10}" &
  wait $! || true
done
