package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.MemorySize;
import io.github.postgresqlha.postgresql.MemorySizing;

/** The amounts of memory of an installation: any member may be primary, so the smaller one counts. */
@Internal
public final class MemoryTuning {

    private MemoryTuning() {}

    /** What holds where {@code configuration} gives no amount. */
    public static MemorySizing of(PostgresqlHaSpec spec) {
        return spec.configuration().tuning() == Tuning.SEED
                ? MemorySizing.fixed()
                : MemorySizing.ofMemory(smallest(spec), spec.configuration().maxConnections());
    }

    static MemorySize sharedBuffers(PostgresqlHaSpec spec) {
        return spec.configuration()
                .sharedBuffers()
                .orElseGet(() -> MemorySize.of(of(spec).sharedBuffers().value()));
    }

    private static long smallest(PostgresqlHaSpec spec) {
        long primary = requested(spec.primary().resources());
        return spec.standby().enabled()
                ? Math.min(primary, requested(spec.standby().resources()))
                : primary;
    }

    private static long requested(ResourcesSpec resources) {
        return resources.requests().memory().getNumericalAmount().longValue();
    }
}
