package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.postgresql.Synchronous;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * How the standby follows.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES">synchronous_standby_names</a>
 */
@Value.Immutable
@SpecStyle
public interface ReplicationSpec {

    /**
     * Whether a commit is acknowledged only when a standby has it too: {@code true} waits for one certain standby, {@code quorum} for whichever of two or more is
     * first. Default: false; then the last commits before a primary is lost can be lost.
     *
     * @see <a href="https://patroni.readthedocs.io/en/latest/replication_modes.html#quorum-commit-mode">Quorum commit mode</a>
     */
    @Key(
            "Whether a commit is acknowledged only when a standby has it too, which costs a round trip for each; quorum: whichever of two or more is first")
    default Synchronous synchronous() {
        return Synchronous.FALSE;
    }

    /** What synchronous replication does without a standby. Default: {@code required}, commits wait. */
    @Key("Without a standby: required waits, and loses nothing; preferred goes on after a few seconds, and warns")
    default DataDurability dataDurability() {
        return DataDurability.REQUIRED;
    }

    /** What synchronous replication does without a standby; empty where replication is asynchronous. */
    @Value.NonAttribute
    default Optional<DataDurability> durability() {
        return synchronous() == Synchronous.FALSE ? Optional.empty() : Optional.of(dataDurability());
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ReplicationSpec}. */
    class Builder extends ImmutableReplicationSpec.Builder {
        Builder() {}
    }
}
