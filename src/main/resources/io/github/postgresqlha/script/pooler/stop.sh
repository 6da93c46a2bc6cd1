#!/bin/sh
# Ends PgBouncer, process 1 of this container, without breaking a transaction: Kubernetes runs it before it ends the container. It asks
# pooler/follow.sh, which has PgBouncer's console, and waits.
# Usage: pooler/stop.sh
#
# Environment:
#   POOL_DIRECTORY      the pool's folder in memory
#   STOP_SECONDS        how long it waits; then Kubernetes ends the container
# Exit status: 0 the time is over; before that it ends with its container
set -eu

main() {
  : >"${POOL_DIRECTORY:?}/stopping"
  sleep "${STOP_SECONDS:?}"
}

main "$@"
