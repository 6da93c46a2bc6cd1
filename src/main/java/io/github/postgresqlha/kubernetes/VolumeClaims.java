package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.StorageSpec;
import java.util.Map;

/** Claims of their own, not a StatefulSet's templates, which cannot be changed: to grow one is a one-line diff. */
public final class VolumeClaims {

    private VolumeClaims() {}

    /** The claim of a volume. */
    public static PersistentVolumeClaim of(Installation installation, ObjectMeta metadata, StorageSpec storage) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(installation.kept(metadata))
                .withNewSpec()
                .withAccessModes(storage.accessMode().toString())
                .withStorageClassName(storage.storageClassName().orElse(null))
                .withNewResources()
                .withRequests(Map.of("storage", storage.size()))
                .endResources()
                .endSpec()
                .build();
    }
}
