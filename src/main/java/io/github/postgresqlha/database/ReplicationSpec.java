package io.github.postgresqlha.database;

import io.github.postgresqlha.postgresql.DataDurability;
import io.github.postgresqlha.spec.Key;
import io.github.postgresqlha.spec.SpecStyle;
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

    /** Whether a commit is acknowledged only when the standby has it too. Default: false; then the last commits before a primary is lost can be lost. */
    @Key("Whether a commit is acknowledged only when the standby has it too; costs a round trip for each")
    default boolean synchronous() {
        return false;
    }

    /** What synchronous replication does without a standby. Default: {@code required}, commits wait. */
    @Key("Without a standby: required waits, and loses nothing; preferred goes on after a few seconds, and warns")
    default DataDurability dataDurability() {
        return DataDurability.REQUIRED;
    }

    /** What synchronous replication does without a standby; empty where replication is asynchronous. */
    static Optional<DataDurability> durability(ReplicationSpec spec) {
        return spec.synchronous() ? Optional.of(spec.dataDurability()) : Optional.empty();
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ReplicationSpec}. */
    class Builder extends ImmutableReplicationSpec.Builder {
        Builder() {}
    }
}
