package io.github.postgresqlha.script;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.github.postgresqlha.kubernetes.Component;
import io.github.postgresqlha.kubernetes.Installation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ConfigMaps that hold the scripts, byte for byte. */
public final class ScriptConfigMaps {

    private ScriptConfigMaps() {}

    /** The scripts themselves. */
    public static ConfigMap scripts(Installation installation) {
        return configMap(installation, installation.names().scripts(), false);
    }

    /** The programs that stand before those of the image: apart, because a ConfigMap's keys have no folders. */
    public static ConfigMap shims(Installation installation) {
        return configMap(installation, installation.names().shims(), true);
    }

    private static ConfigMap configMap(Installation installation, String name, boolean shims) {
        return new ConfigMapBuilder()
                .withMetadata(installation.metadata(name, Component.CONFIGURATION))
                .withData(data(Scripts.of(installation.failover()).stream()
                        .filter(script -> script.isShim() == shims)
                        .toList()))
                .build();
    }

    private static Map<String, String> data(List<Script> scripts) {
        Map<String, String> data = new TreeMap<>();
        scripts.forEach(script -> data.put(script.fileName(), script.content()));
        return data;
    }
}
