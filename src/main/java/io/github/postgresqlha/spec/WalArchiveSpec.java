package io.github.postgresqlha.spec;

import org.immutables.value.Value;

/**
 * The stream of the write-ahead log to the backup volume.
 *
 * @see <a href="https://www.postgresql.org/docs/17/app-pgreceivewal.html">pg_receivewal</a>
 */
@Value.Immutable
@SpecStyle
public interface WalArchiveSpec {

    /** Whether it runs. Default: true. */
    @Key("Whether the write-ahead log is streamed to the backup volume")
    default boolean enabled() {
        return true;
    }

    /**
     * What its container asks for. Default: 50m CPU and 64Mi requested, 1 and 128Mi at most: with a whole processor it packs more
     * than the 80 MB/s of WAL that a bulk load writes, with a quarter it loses the slot after minutes.
     */
    @Key("Processor and memory of the archiver")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("50m", "64Mi"), ResourceAmountsSpec.of("1", "128Mi"));
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link WalArchiveSpec}. */
    class Builder extends ImmutableWalArchiveSpec.Builder {
        Builder() {}
    }
}
