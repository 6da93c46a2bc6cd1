package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.postgresql.RecoveryDelay;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.immutables.value.Value;

/** The instance named standby: a streaming copy that serves reads and takes over. */
@Value.Immutable
@SpecStyle
public interface StandbyDatabaseSpec {

    /** Whether there is one. Default: true; without it there is nothing to fail over to. */
    @Key("Whether there is a standby at all; without one there is nothing to fail over to")
    default boolean enabled() {
        return true;
    }

    /** How many standbys. Default: 1; more need automatic failover. */
    @Key("How many standbys; more than one needs failover: automatic")
    default int count() {
        return 1;
    }

    /**
     * Which standby takes over where several have the same WAL: a number from 0 to 100 for each, in the order of their names; the highest is first, and 0 never
     * becomes primary and confirms no commit. Default: 1 for each, as the member named primary always has it. Only with failover: automatic.
     *
     * @see <a href="https://patroni.readthedocs.io/en/latest/yaml_configuration.html#tags">Tags failover_priority, nofailover and nosync</a>
     */
    @Key(
            "Who takes over where several have the same WAL: a number of 0 to 100 for each standby, in order; the highest first, 0 never")
    List<Integer> failoverPriority();

    /**
     * How late the last standby applies what it receives, so that a row deleted by mistake can still be read there: a number with a unit s, min, h or d, of 24d at
     * most. It never becomes primary, confirms no commit, and no Service leads to it. Default: none applies late. Needs two standbys, and failover: automatic.
     *
     * @see <a href="https://www.postgresql.org/docs/17/runtime-config-replication.html#GUC-RECOVERY-MIN-APPLY-DELAY">recovery_min_apply_delay</a>
     */
    @Key("How late the last standby applies what it receives, like 4h; it never becomes primary")
    Optional<RecoveryDelay> applyDelay();

    /**
     * What its container asks for. Default: 500m CPU and 1Gi requested, 1000m and 4Gi at most; it can be primary after a failover,
     * so give it enough for that. A memory limit below {@code shared_buffers} and 2.2Gi is a warning: the largest WAL record that a
     * client can write could not be replayed.
     */
    @Key(
            "Processor and memory of the container; a memory limit below shared_buffers and 2.2Gi cannot replay the largest WAL record")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("500m", "1Gi"), ResourceAmountsSpec.of("1000m", "4Gi"));
    }

    /** Its volumes. Default: 100Gi for data, 20Gi for the write-ahead log. */
    @Key("Volumes of the instance")
    default InstanceStorageSpec storage() {
        return InstanceStorageSpec.builder().build();
    }

    /** Labels that its node must have. Default: none. */
    @Key("Labels that the node must have")
    @Value.NaturalOrder
    SortedMap<String, String> nodeSelector();

    /** The Service that leads to it. Default: {@code ClusterIP}, without annotations. */
    @Key("The Service that leads to the instance")
    default ClientServiceSpec service() {
        return ClientServiceSpec.builder().build();
    }

    /** With which number a standby, counted from 1, takes over before others with the same WAL; 0: never. Patroni's own default is 1. */
    default int priority(int ordinal) {
        if (delay(ordinal).isPresent()) {
            return 0;
        }
        return ordinal > failoverPriority().size() ? 1 : failoverPriority().get(ordinal - 1);
    }

    /** How late a standby, counted from 1, applies what it receives; empty where at once. */
    default Optional<RecoveryDelay> delay(int ordinal) {
        return applyDelay().filter(late -> ordinal == count());
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("StandbyDatabaseSpec");
        nodeSelector().forEach((key, value) -> KubernetesNames.checkLabel("nodeSelector", key, value, violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link StandbyDatabaseSpec}. */
    class Builder extends ImmutableStandbyDatabaseSpec.Builder {
        Builder() {}
    }
}
