package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ConfigMaps that hold the scripts, byte for byte: one a folder. All in one would be too large: {@code kubectl apply} keeps a
 * copy in an annotation, and the annotations of an object have 256 KiB.
 */
public final class ScriptConfigMaps {

    private ScriptConfigMaps() {}

    /** All of them, sorted by folder. */
    public static List<ConfigMap> all(Installation installation) {
        return Scripts.of(installation.spec()).stream()
                .collect(Collectors.groupingBy(Script::folder, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(folder -> configMap(installation, folder.getKey(), folder.getValue()))
                .toList();
    }

    private static ConfigMap configMap(Installation installation, String folder, List<Script> scripts) {
        return new ConfigMapBuilder()
                .withMetadata(installation.metadata(installation.names().scripts(folder), Component.CONFIGURATION))
                .withData(data(scripts))
                .build();
    }

    private static Map<String, String> data(List<Script> scripts) {
        Map<String, String> data = new TreeMap<>();
        scripts.forEach(script -> data.put(script.fileName(), script.content()));
        return data;
    }
}
