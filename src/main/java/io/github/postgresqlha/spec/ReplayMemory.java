package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a member has the memory to replay any record of the write-ahead log. A client can write one of 1020 MiB, for example by
 * {@code pg_logical_emit_message}. The process that replays it holds it twice: as it was read, and decoded. A member with less is
 * killed there, and at each start again.
 *
 * @see <a href="https://www.postgresql.org/docs/17/functions-admin.html#PG-LOGICAL-EMIT-MESSAGE">pg_logical_emit_message</a>
 */
final class ReplayMemory {

    /** Twice the largest record, and what the other processes take: 2.2 GiB. */
    private static final long BESIDE_SHARED_BUFFERS = 2253L << 20;

    private ReplayMemory() {}

    /** A line for each member that has too little. */
    static List<String> warnings(PostgresqlHaSpec spec) {
        long needed = BESIDE_SHARED_BUFFERS + MemoryTuning.sharedBuffers(spec).bytes();
        Optional<ResourcesSpec> standby = Optional.of(spec.standby().resources())
                .filter(resources -> spec.standby().enabled());
        return Stream.concat(
                        warning("primary", spec.primary().resources(), needed).stream(),
                        standby.flatMap(resources -> warning("standby", resources, needed)).stream())
                .toList();
    }

    private static Optional<String> warning(String member, ResourcesSpec resources, long needed) {
        Quantity limit = resources.limits().memory();
        return limit.getNumericalAmount().compareTo(BigDecimal.valueOf(needed)) >= 0
                ? Optional.empty()
                : Optional.of(member + ".resources.limits.memory: replay of the largest record that a client can write"
                        + " takes 2.2Gi beside configuration.sharedBuffers, got " + limit
                        + "; a member that is killed there is killed at each start; set it to "
                        + (needed + (1L << 20) - 1) / (1L << 20) + "Mi or more");
    }
}
