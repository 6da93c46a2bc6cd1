#!/bin/sh
# Process 1 of the container metrics: runs postgres_exporter, and starts it again where it ended, or where the password or the queries
# changed, which it reads only when it starts. The container itself never ends by that: a pod is ready only while all its containers run.
# Written for any shell, because the exporter's image has busybox.
# The password goes by a passfile: with DATA_SOURCE_PASS_FILE the exporter takes no ' or \ in it, and writes it to the log then.
# The exporter's path /probe connects to whatever server its caller names, and tells it a password that a passfile has for it, in clear where it
# asks for that. So the passfile has one for the member alone.
#
# Environment:
#   DATA_SOURCE_NAME        as postgresql://ROLE@HOST:PORT/DATABASE?OPTIONS, without a password
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

# HOST:PORT:DATABASE:ROLE of DATA_SOURCE_NAME, nothing where it has another form.
server() { printf '%s\n' "${DATA_SOURCE_NAME}" | sed -n 's#^postgresql://\([a-z_]*\)@\([A-Za-z0-9.-]*\):\([0-9]*\)/\([a-z_]*\)?.*$#\2:\3:\4:\1#p'; }

# In a passfile \ and : are written with \ before them.
write_passfile() {
  (umask 077 && printf '%s:%s\n' "$(server)" "$(sed -n '1{s/[\\:]/\\&/g;p;}' <"${SECRET_FILE}")" >"${PGPASSFILE}")
}

# Collectors that look at each table see those of the database postgres only, and are slow where there are many. The default figures have a
# label application_name, which each client chooses: a new one at each connection would be a new time series.
start_exporter() {
  write_passfile
  postgres_exporter --web.listen-address="${METRICS_ADDRESS:-:9187}" --extend.query-path="${QUERIES}" \
    --disable-default-metrics --no-collector.stat_user_tables --no-collector.statio_user_tables --log.level=warn &
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
