package io.github.postgresqlha.kubernetes;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.List;
import java.util.Map;

/** The kinds of volumes that the product's pods have. */
public final class Volumes {

    /** Secrets are readable by the pod's group, which fsGroup makes its owner. */
    private static final int READ_BY_GROUP = 0440;

    private static final String PASSFILES = "passfile";

    private Volumes() {}

    /** Scratch space on the node's disk. */
    public static Volume scratch(String name, String sizeLimit) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(sizeLimit))
                .endEmptyDir()
                .build();
    }

    /** Scratch space in memory: it counts as the container's. */
    public static Volume memory(String name, String sizeLimit) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity(sizeLimit))
                .endEmptyDir()
                .build();
    }

    /** For files that hold passwords: in memory, so that none of them is on a node's disk. */
    public static Volume passfiles() {
        return memory(PASSFILES, "1Mi");
    }

    /** Where {@link #passfiles()} is mounted. */
    public static VolumeMount passfiles(String path) {
        return mount(PASSFILES, path);
    }

    /** A claim of this name. */
    public static Volume claim(String name, String claim) {
        return new VolumeBuilder()
                .withName(name)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim)
                .endPersistentVolumeClaim()
                .build();
    }

    /** All keys of a ConfigMap. */
    public static Volume configMap(String name, String configMap) {
        return new VolumeBuilder()
                .withName(name)
                .withNewConfigMap()
                .withName(configMap)
                .endConfigMap()
                .build();
    }

    /** Some keys of a Secret as files, or all of them where none is named. */
    public static Volume secret(String name, String secret, List<String> keys) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READ_BY_GROUP)
                .withItems(
                        keys.stream().map(key -> new KeyToPath(key, null, key)).toList())
                .endSecret()
                .build();
    }

    /**
     * Keys of Secrets as files in one folder.
     *
     * @param optional whether the pod starts without those that are missing
     */
    public static Volume secrets(String name, Map<String, List<KeyToPath>> files, boolean optional) {
        if (files.size() == 1) {
            Map.Entry<String, List<KeyToPath>> only =
                    files.entrySet().iterator().next();
            return new VolumeBuilder()
                    .withName(name)
                    .withNewSecret()
                    .withSecretName(only.getKey())
                    .withDefaultMode(READ_BY_GROUP)
                    .withOptional(optional ? true : null)
                    .withItems(only.getValue())
                    .endSecret()
                    .build();
        }
        return new VolumeBuilder()
                .withName(name)
                .withNewProjected()
                .withDefaultMode(READ_BY_GROUP)
                .withSources(files.entrySet().stream()
                        .map(secret -> new VolumeProjectionBuilder()
                                .withNewSecret()
                                .withName(secret.getKey())
                                .withOptional(optional ? true : null)
                                .withItems(secret.getValue())
                                .endSecret()
                                .build())
                        .toList())
                .endProjected()
                .build();
    }

    /** A mount that the container may write. */
    public static VolumeMount mount(String name, String path) {
        return new VolumeMountBuilder().withName(name).withMountPath(path).build();
    }

    /** A mount that it may only read. */
    public static VolumeMount readOnlyMount(String name, String path) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }
}
