package io.github.postgresqlha.spec;

import org.immutables.value.Value;

/** The volumes of one instance: the write-ahead log has its own, so that neither can fill the other. */
@Value.Immutable
@SpecStyle
public interface InstanceStorageSpec {

    /** The volume of the data directory. Default: 100Gi. */
    @Key("Volume of the data directory")
    default StorageSpec data() {
        return StorageSpec.of("100Gi");
    }

    /** The volume of the write-ahead log. Default: 20Gi; limits for slots and checkpoints are derived from its size. */
    @Key("Volume of the write-ahead log; limits for slots and checkpoints are derived from its size")
    default StorageSpec wal() {
        return StorageSpec.of("20Gi");
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link InstanceStorageSpec}. */
    class Builder extends ImmutableInstanceStorageSpec.Builder {
        Builder() {}
    }
}
