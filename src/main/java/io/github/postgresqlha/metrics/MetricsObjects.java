package io.github.postgresqlha.metrics;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.github.postgresqlha.installation.Component;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Labels;
import io.github.postgresqlha.kubernetes.Ports;
import io.github.postgresqlha.spec.MetricsSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Prometheus' operator and Grafana read; nothing where there are no figures. */
public final class MetricsObjects {

    private static final String API = "monitoring.coreos.com/v1";

    private final Installation installation;

    private MetricsObjects(Installation installation) {
        this.installation = installation;
    }

    /** Those of an installation. */
    public static List<HasMetadata> of(Installation installation) {
        return installation.spec().metrics().enabled() ? new MetricsObjects(installation).all() : List.of();
    }

    private List<HasMetadata> all() {
        MetricsSpec spec = installation.spec().metrics();
        List<HasMetadata> objects = new ArrayList<>();
        if (spec.dashboard()) {
            objects.add(dashboard());
        }
        if (spec.podMonitor().enabled()) {
            objects.add(object(
                    "PodMonitor",
                    installation.names().metrics(),
                    spec.podMonitor().labels(),
                    podMonitor()));
        }
        if (installation.spec().alerts().prometheusRule()) {
            objects.add(object(
                    "PrometheusRule",
                    installation.names().alerts(),
                    installation.spec().alerts().labels(),
                    AlertRules.of(installation).content()));
        }
        return objects;
    }

    private HasMetadata dashboard() {
        String name = installation.names().dashboard();
        return new ConfigMapBuilder()
                .withMetadata(new ObjectMetaBuilder(installation.metadata(name, Component.METRICS))
                        .addToLabels("grafana_dashboard", "1")
                        .build())
                .withData(Map.of(name + ".json", Dashboard.of(installation)))
                .build();
    }

    private Map<String, Object> podMonitor() {
        List<Object> endpoints = new ArrayList<>(List.of(endpoint(Ports.METRICS_NAME)));
        if (installation.isAutomatic()) {
            Map<String, Object> patroni = endpoint(Ports.PATRONI_NAME);
            if (installation.requiresTls()) {
                patroni.put("scheme", "https");
                patroni.put("tlsConfig", authority());
            }
            endpoints.add(patroni);
        }
        return Map.of(
                "selector",
                Map.of("matchLabels", Map.of(Labels.MEMBER, installation.names().name())),
                "podMetricsEndpoints",
                endpoints);
    }

    private Map<String, Object> endpoint(String port) {
        Map<String, Object> endpoint = new LinkedHashMap<>();
        endpoint.put("port", port);
        endpoint.put("interval", installation.spec().metrics().podMonitor().intervalSeconds() + "s");
        endpoint.put(
                "relabelings",
                List.of(Map.of("sourceLabels", List.of("__meta_kubernetes_pod_node_name"), "targetLabel", "node")));
        return endpoint;
    }

    /** Any name of the certificate does: all members show the same. */
    private Map<String, Object> authority() {
        return Map.of(
                "serverName",
                installation.host(installation.primary()),
                "ca",
                Map.of("secret", Map.of("name", installation.tlsSecretName(), "key", "ca.crt")));
    }

    private HasMetadata object(String kind, String name, Map<String, String> labels, Map<String, Object> spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(API);
        object.setKind(kind);
        object.setMetadata(new ObjectMetaBuilder(installation.metadata(name, Component.METRICS))
                .addToLabels(labels)
                .build());
        object.setAdditionalProperty("spec", spec);
        return object;
    }
}
