package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/** The instance named primary: it opens first when nothing else tells the members apart. */
@Value.Immutable
@SpecStyle
public interface PrimaryDatabaseSpec {

    /**
     * What its container asks for. Default: 1000m CPU and 2Gi requested, 2000m and 4Gi at most. A memory limit below
     * {@code shared_buffers} and 2.2Gi is a warning: the largest WAL record that a client can write could not be replayed.
     */
    @Key(
            "Processor and memory of the container; a memory limit below shared_buffers and 2.2Gi cannot replay the largest WAL record")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("1000m", "2Gi"), ResourceAmountsSpec.of("2000m", "4Gi"));
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

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("PrimaryDatabaseSpec");
        nodeSelector().forEach((key, value) -> KubernetesNames.checkLabel("nodeSelector", key, value, violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PrimaryDatabaseSpec}. */
    class Builder extends ImmutablePrimaryDatabaseSpec.Builder {
        Builder() {}
    }
}
