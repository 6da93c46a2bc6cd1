package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;

/**
 * A claim of its own, not one of a StatefulSet's templates, which cannot be changed: to grow it is a one-line diff.
 *
 * @param accessMode {@code ReadWriteOnce}, {@code ReadWriteOncePod} or {@code ReadWriteMany}
 * @param storageClass absent where the cluster's default class is used
 */
public record VolumeClaim(Quantity size, String accessMode, Optional<String> storageClass) {

    /** The object. */
    public PersistentVolumeClaim of(Installation installation, String name, Component component) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(installation.keptMetadata(name, component))
                .withNewSpec()
                .withAccessModes(accessMode)
                .withStorageClassName(storageClass.orElse(null))
                .withNewResources()
                .withRequests(Map.of("storage", size))
                .endResources()
                .endSpec()
                .build();
    }
}
