package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.github.postgresqlha.spec.ResourceAmountsSpec;
import io.github.postgresqlha.spec.ResourcesSpec;
import java.util.Map;

/**
 * A container's resources: what the specification gives it, and its share of the node's disk for logs and scratch
 * volumes, which no user needs to think about.
 */
public final class ComputeResources {

    private ComputeResources() {}

    /** As the container has them. */
    public static ResourceRequirements of(ResourcesSpec spec, String diskRequest, String diskLimit) {
        return new ResourceRequirementsBuilder()
                .withRequests(amounts(spec.requests(), diskRequest))
                .withLimits(amounts(spec.limits(), diskLimit))
                .build();
    }

    /** For a container that reads and writes a few small files. */
    public static ResourceRequirements small() {
        return new ResourceRequirementsBuilder()
                .withRequests(Map.of(
                        "cpu",
                        new Quantity("10m"),
                        "memory",
                        new Quantity("32Mi"),
                        "ephemeral-storage",
                        new Quantity("32Mi")))
                .withLimits(Map.of(
                        "cpu",
                        new Quantity("500m"),
                        "memory",
                        new Quantity("128Mi"),
                        "ephemeral-storage",
                        new Quantity("64Mi")))
                .build();
    }

    private static Map<String, Quantity> amounts(ResourceAmountsSpec amounts, String disk) {
        return Map.of("cpu", amounts.cpu(), "memory", amounts.memory(), "ephemeral-storage", new Quantity(disk));
    }
}
