package io.github.postgresqlha.spec;

/** What others see of it: figures for Prometheus, alerts, a dashboard. */
public interface Observability {

    /** Figures for Prometheus. Default: none. */
    @Key("Figures for Prometheus")
    default MetricsSpec metrics() {
        return MetricsSpec.builder().build();
    }

    /** Alerts on these figures. Default: as a plain file, where there are figures. */
    @Key("Alerts on the figures")
    default AlertsSpec alerts() {
        return AlertsSpec.builder().build();
    }
}
