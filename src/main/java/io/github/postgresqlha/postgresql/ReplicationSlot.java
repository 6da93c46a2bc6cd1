package io.github.postgresqlha.postgresql;

import java.util.regex.Pattern;

/**
 * A physical replication slot, by name: it keeps WAL on the primary until its one reader has it.
 *
 * @see <a href="https://www.postgresql.org/docs/17/warm-standby.html#STREAMING-REPLICATION-SLOTS">Replication slots</a>
 */
public record ReplicationSlot(String name) {

    private static final Pattern VALID = Pattern.compile("[a-z0-9_]{1,63}");

    /** The slot of the WAL archiver, which follows whichever instance is primary. */
    public static final ReplicationSlot WAL_ARCHIVER = new ReplicationSlot("wal_archiver");

    public ReplicationSlot {
        if (!VALID.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "must be 1 to 63 of a-z, 0-9 and _, got '" + name + "'; choose a shorter instance name");
        }
    }

    /** The slot that the instance of this name reads from its peer: a slot's name cannot hold a hyphen. */
    public static ReplicationSlot ofInstance(String instanceName) {
        return new ReplicationSlot(instanceName.replace('-', '_'));
    }

    @Override
    public String toString() {
        return name;
    }
}
