#!/bin/sh
# Ends PgBouncer, process 1 of this container, without breaking a transaction: Kubernetes runs it before it ends the container. While Services still
# send new clients it serves them; then it takes no more and waits for those that it has; then it ends between two transactions.
# Usage: pooler/stop.sh
#
# Environment:
#   STOP_WAIT_SECONDS   how long it waits for its clients to leave
#   STOP_PID (1)        the process that is ended
# Exit status: 0; it ends with its container
set -eu

main() {
  sleep 5
  # SHUTDOWN WAIT_FOR_CLIENTS, since PgBouncer 1.23
  kill -TERM "${STOP_PID:-1}"
  sleep "${STOP_WAIT_SECONDS:?}"
  # SHUTDOWN WAIT_FOR_SERVERS
  kill -INT "${STOP_PID:-1}"
  sleep 15
}

main "$@"
