package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MemorySize;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.immutables.value.Value;

/**
 * PostgreSQL's parameters, the same for every instance, because either may be primary.
 *
 * @see <a href="https://www.postgresql.org/docs/17/runtime-config.html">Server configuration</a>
 */
@Value.Immutable
@SpecStyle
public interface ConfigurationSpec {

    /** {@code max_connections}. Default: 200. Changing it restarts the instances. */
    @Key("max_connections: sessions at a time; changing it restarts the instances")
    default int maxConnections() {
        return 200;
    }

    /** {@code max_wal_senders}. Default: 3, for the standby, the WAL archiver and a base backup. */
    @Key(
            "max_wal_senders: the standby, the WAL archiver and a base backup need one each; changing it restarts the instances")
    default int maxWalSenders() {
        return 3;
    }

    /** Where amounts of memory come from that are not given here. Default: {@code seed}, fixed amounts. */
    @Key(
            "Where sharedBuffers, effectiveCacheSize and workMem come from: seed, fixed amounts; fromMemory, shares of what the smaller member requests")
    default Tuning tuning() {
        return Tuning.SEED;
    }

    /** {@code shared_buffers}, with its unit. Default: absent, by {@link #tuning()}: 256MB, or a quarter of the memory. */
    @Key(
            "shared_buffers: PostgreSQL's own cache, as 256MB; changing it restarts the instances; absent: by tuning, 256MB or a quarter")
    Optional<MemorySize> sharedBuffers();

    /** {@code effective_cache_size}, with its unit. Default: absent, by {@link #tuning()}: 1GB, or three quarters of the memory. */
    @Key(
            "effective_cache_size: what the planner may expect to be cached, as 1GB; absent: by tuning, 1GB or three quarters")
    Optional<MemorySize> effectiveCacheSize();

    /**
     * {@code work_mem}, with its unit, for each sort or hash in each session. Default: absent, by {@link #tuning()}: 4MB, or what fits
     * three times into each session.
     */
    @Key(
            "work_mem: memory of one sort or hash in one session, as 4MB; absent: by tuning, 4MB or what fits three times into each session")
    Optional<MemorySize> workMem();

    /** {@code wal_buffers}, with its unit. Default: 16MB. */
    @Key("wal_buffers: WAL that is not yet written, as 16MB; changing it restarts the instances")
    default MemorySize walBuffers() {
        return MemorySize.of("16MB");
    }

    /** {@code checkpoint_completion_target}, a share of the time between checkpoints. Default: 0.9. */
    @Key("checkpoint_completion_target: the share of the time between checkpoints over which one is spread")
    default double checkpointCompletionTarget() {
        return 0.9;
    }

    /** Any other parameter by its name; an error where the product sets it itself. Default: none. */
    @Key("Other parameters by their names, as log_min_duration_statement: 2s")
    @Value.NaturalOrder
    SortedMap<String, String> parameters();

    /** All of it that is given, or has a default here, as PostgreSQL's parameters. */
    @Internal
    @Value.NonAttribute
    default SortedMap<String, String> values() {
        SortedMap<String, String> values = new TreeMap<>(parameters());
        values.put("max_connections", String.valueOf(maxConnections()));
        values.put("max_wal_senders", String.valueOf(maxWalSenders()));
        sharedBuffers().ifPresent(size -> values.put("shared_buffers", size.text()));
        effectiveCacheSize().ifPresent(size -> values.put("effective_cache_size", size.text()));
        workMem().ifPresent(size -> values.put("work_mem", size.text()));
        values.put("wal_buffers", walBuffers().text());
        values.put("checkpoint_completion_target", String.valueOf(checkpointCompletionTarget()));
        return values;
    }

    @Internal
    @Value.Check
    default void check() {
        ConfigurationRules.check(this);
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ConfigurationSpec}. */
    class Builder extends ImmutableConfigurationSpec.Builder {
        Builder() {}
    }
}
