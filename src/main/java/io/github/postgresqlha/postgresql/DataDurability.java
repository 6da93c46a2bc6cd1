package io.github.postgresqlha.postgresql;

/**
 * What synchronous replication does while no standby is there to confirm a commit.
 *
 * @see <a href="https://www.postgresql.org/docs/17/warm-standby.html#SYNCHRONOUS-REPLICATION">Synchronous replication</a>
 */
public enum DataDurability {
    /** Commits wait until a standby confirms them: none is ever lost. */
    REQUIRED("required"),
    /** After a few seconds commits go on without, and the health check warns: those can be lost. */
    PREFERRED("preferred");

    private final String value;

    DataDurability(String value) {
        this.value = value;
    }

    /** As the specification and scripts spell it. */
    @Override
    public String toString() {
        return value;
    }
}
