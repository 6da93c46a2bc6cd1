package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.github.postgresqlha.kubernetes.ObjectNames;
import java.util.List;

/** How a pod gets the scripts: all their ConfigMaps in one folder, which follows them (a subPath mount would not). */
public final class ScriptVolume {

    private static final String VOLUME = "scripts";
    private static final int READ_AND_EXECUTE = 0555;

    private ScriptVolume() {}

    /** The volume. */
    public static Volume of(ObjectNames names) {
        return new VolumeBuilder()
                .withName(VOLUME)
                .withNewProjected()
                .withDefaultMode(READ_AND_EXECUTE)
                .withSources(
                        projection(names.scripts(), List.of()),
                        projection(names.libraries(), List.of()),
                        projection(names.shims(), shimPaths()))
                .endProjected()
                .build();
    }

    /** Where it is mounted. */
    public static VolumeMount mount() {
        return new VolumeMountBuilder()
                .withName(VOLUME)
                .withMountPath(ScriptEnvironment.SCRIPT_DIRECTORY)
                .withReadOnly(true)
                .build();
    }

    private static VolumeProjection projection(String configMap, List<KeyToPath> items) {
        return new VolumeProjectionBuilder()
                .withNewConfigMap()
                .withName(configMap)
                .withItems(items)
                .endConfigMap()
                .build();
    }

    private static List<KeyToPath> shimPaths() {
        return Scripts.all().stream()
                .filter(Script::isShim)
                .map(shim -> new KeyToPath(shim.fileName(), null, shim.path()))
                .toList();
    }
}
