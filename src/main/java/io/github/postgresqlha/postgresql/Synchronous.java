package io.github.postgresqlha.postgresql;

/**
 * Whose confirmation a commit waits for.
 *
 * @see <a href="https://www.postgresql.org/docs/17/warm-standby.html#SYNCHRONOUS-REPLICATION-MULTIPLE-STANDBYS">Multiple synchronous standbys</a>
 */
public enum Synchronous {
    /** Nobody's: what is acknowledged last can be lost with the primary. */
    FALSE("false"),
    /** One certain standby's. */
    TRUE("true"),
    /** Any standby's, whichever is first ({@code ANY 1}); Patroni then lets only one take over that has every commit. */
    QUORUM("quorum");

    private final String value;

    Synchronous(String value) {
        this.value = value;
    }

    /** As the specification spells it. */
    @Override
    public String toString() {
        return value;
    }
}
