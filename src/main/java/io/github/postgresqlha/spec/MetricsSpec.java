package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.Map;
import org.immutables.value.Value;

/**
 * Figures for Prometheus: postgres_exporter beside each member, with this product's own queries, and Patroni's own where it runs.
 *
 * @see <a href="https://github.com/prometheus-community/postgres_exporter">postgres_exporter</a>
 */
@Value.Immutable
@SpecStyle
public interface MetricsSpec {

    /**
     * Whether each member has an exporter beside it. Default: false: a pod is ready only where all its containers run, so a cluster that cannot
     * fetch the exporter's image would lose its database. A change restarts the members, one after the other.
     */
    @Key(
            "Whether each member has a postgres_exporter beside it; off, because a cluster that cannot fetch its image would not get its members ready")
    default boolean enabled() {
        return false;
    }

    /** The exporter's image, with a shell in it. Default: {@code quay.io/prometheuscommunity/postgres-exporter:v0.19.1}. Name it with its digest. */
    @Key("Image of the exporter, which has a shell; best with its digest")
    default String image() {
        return "quay.io/prometheuscommunity/postgres-exporter:v0.19.1";
    }

    /** Processor and memory of an exporter. Default: 10m CPU and 32Mi requested, 250m and 96Mi at most. */
    @Key("Processor and memory of an exporter")
    default ResourcesSpec resources() {
        return ResourcesSpec.of(ResourceAmountsSpec.of("10m", "32Mi"), ResourceAmountsSpec.of("250m", "96Mi"));
    }

    /**
     * Pods that may fetch the figures. Default: those with the label {@code app.kubernetes.io/name: prometheus} in the namespace
     * {@code monitoring}. With an empty list nobody may.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network policies</a>
     */
    @Key("Pods that may fetch the figures; an empty list: nobody")
    default List<ClientSpec> scrapers() {
        return List.of(ClientSpec.builder()
                .putAllPodLabels(Map.of("app.kubernetes.io/name", "prometheus"))
                .putAllNamespaceLabels(Map.of("kubernetes.io/metadata.name", "monitoring"))
                .build());
    }

    /** Whether members' pods have the annotations {@code prometheus.io/scrape}, {@code port} and {@code path}. Default: false. */
    @Key(
            "Whether members' pods have the annotations prometheus.io/scrape, port and path, for a Prometheus without its operator")
    default boolean scrapeAnnotations() {
        return false;
    }

    /** A PodMonitor for the Prometheus Operator. Default: none. */
    @Key("A PodMonitor for the Prometheus Operator")
    default PodMonitorSpec podMonitor() {
        return PodMonitorSpec.builder().build();
    }

    /** Whether there is a dashboard for Grafana: a ConfigMap with the label {@code grafana_dashboard: "1"}. Default: true, where there are figures. */
    @Key("Whether there is a ConfigMap with a dashboard for Grafana, label grafana_dashboard: \"1\"")
    default boolean dashboard() {
        return true;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("MetricsSpec");
        violations.require(
                image().matches("[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?")
                        && (image().contains("@") || image().lastIndexOf(':') > image().lastIndexOf('/'))
                        && !image().endsWith(":latest"),
                "image",
                "must have a tag or digest that says what runs, got '" + image()
                        + "'; write it like quay.io/prometheuscommunity/postgres-exporter:v0.19.1");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link MetricsSpec}. */
    class Builder extends ImmutableMetricsSpec.Builder {
        Builder() {}
    }
}
