package io.github.postgresqlha.database;

/**
 * How long the parts of a member's stop may take. Kubernetes ends the container by force when the grace period is over, so
 * that has to hold all of them.
 */
final class StopDeadlines {

    /** A primary waits so long for another member that is being replaced; see {@code upkeep/roll.sh}. */
    static final int ROLL_SECONDS = 60;

    /** A fast shutdown with a last checkpoint must fit, or the next start begins with recovery. */
    static final int STOP_SECONDS = 90;

    /** The hand-over, and an immediate shutdown where the fast one did not end. */
    private static final int MARGIN_SECONDS = 30;

    private StopDeadlines() {}

    static long graceSeconds() {
        return ROLL_SECONDS + STOP_SECONDS + MARGIN_SECONDS;
    }
}
