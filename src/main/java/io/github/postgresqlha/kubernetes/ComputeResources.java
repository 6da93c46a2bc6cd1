package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;

/**
 * What a container asks of its node, and what it may use at most.
 *
 * @param ephemeralStorageLimit of the node's disk: logs and scratch volumes; half of it is requested
 */
public record ComputeResources(
        Quantity cpuRequest,
        Quantity cpuLimit,
        Quantity memoryRequest,
        Quantity memoryLimit,
        String ephemeralStorageRequest,
        String ephemeralStorageLimit) {

    /** For a container that only runs a small script. */
    public static final ComputeResources SMALL = new ComputeResources(
            new Quantity("50m"), new Quantity("250m"), new Quantity("64Mi"), new Quantity("128Mi"), "32Mi", "128Mi");

    /** As the container has it. */
    public ResourceRequirements requirements() {
        return new ResourceRequirementsBuilder()
                .withRequests(amounts(cpuRequest, memoryRequest, ephemeralStorageRequest))
                .withLimits(amounts(cpuLimit, memoryLimit, ephemeralStorageLimit))
                .build();
    }

    private static Map<String, Quantity> amounts(Quantity cpu, Quantity memory, String ephemeralStorage) {
        return Map.of("cpu", cpu, "memory", memory, "ephemeral-storage", new Quantity(ephemeralStorage));
    }
}
