package io.github.postgresqlha.plan;

import java.util.Locale;

/** The parts of an installation, in the order in which they are applied. */
public enum PartName {
    NAMESPACE,
    STORAGE,
    CONFIGMAP,
    SECRET,
    RBAC,
    NETWORK,
    PRIMARY,
    STANDBY,
    BACKUP,
    MONITORING,
    AIRFLOW,
    POOLER,
    /** What Prometheus and Grafana read. */
    METRICS,
    /** Of the cluster, and last: what was applied before needs no permission of it. */
    ADMISSION,
    /** What the specification adds. */
    EXTRA;

    /** What its file is called after the installation's name. */
    String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }
}
