package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The ConfigMaps that hold the scripts, byte for byte. One alone would be too large: {@code kubectl apply} keeps a copy in an
 * annotation, and the annotations of an object have 256 KiB.
 */
public final class ScriptConfigMaps {

    private ScriptConfigMaps() {}

    /** All of them. */
    public static List<ConfigMap> all(Installation installation) {
        return List.of(
                configMap(
                        installation,
                        installation.names().scripts(),
                        script -> !script.isLibrary() && !script.isShim()),
                configMap(installation, installation.names().libraries(), Script::isLibrary),
                // Programs that stand before those of the image: apart, because a ConfigMap's keys have no folders.
                configMap(installation, installation.names().shims(), Script::isShim));
    }

    private static ConfigMap configMap(Installation installation, String name, Predicate<Script> wanted) {
        return new ConfigMapBuilder()
                .withMetadata(installation.metadata(name, Component.CONFIGURATION))
                .withData(data(Scripts.of(installation.failover()).stream()
                        .filter(wanted)
                        .toList()))
                .build();
    }

    private static Map<String, String> data(List<Script> scripts) {
        Map<String, String> data = new TreeMap<>();
        scripts.forEach(script -> data.put(script.fileName(), script.content()));
        return data;
    }
}
