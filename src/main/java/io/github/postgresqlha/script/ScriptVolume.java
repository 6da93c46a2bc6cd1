package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.github.postgresqlha.installation.ObjectNames;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a pod gets the scripts that it needs, and no others: one volume that maps keys to paths. It follows its ConfigMaps all at
 * once, as a subPath mount would not.
 */
public final class ScriptVolume {

    private static final String VOLUME = "scripts";
    private static final int READ_AND_EXECUTE = 0555;

    private ScriptVolume() {}

    /** The volume. */
    public static Volume of(ObjectNames names, List<Script> scripts) {
        return new VolumeBuilder()
                .withName(VOLUME)
                .withNewProjected()
                .withDefaultMode(READ_AND_EXECUTE)
                .withSources(scripts.stream()
                        .collect(Collectors.groupingBy(Script::folder, TreeMap::new, Collectors.toList()))
                        .entrySet()
                        .stream()
                        .map(folder -> projection(names.scripts(folder.getKey()), folder.getValue()))
                        .toList())
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

    private static VolumeProjection projection(String configMap, List<Script> scripts) {
        return new VolumeProjectionBuilder()
                .withNewConfigMap()
                .withName(configMap)
                .withItems(scripts.stream()
                        .map(script -> new KeyToPath(script.fileName(), null, script.path()))
                        .toList())
                .endConfigMap()
                .build();
    }
}
