package io.github.postgresqlha.kubernetes;

/** The ports that manifests name. */
public final class Ports {

    /** PostgreSQL's own. */
    public static final int POSTGRESQL = 5432;

    /** The name of that port in pods and Services. */
    public static final String POSTGRESQL_NAME = "postgresql";

    /** PgBouncer's own, for clients that write; and in its pods that of clients which only read. */
    public static final int POOLER = 6432;

    public static final int POOLER_READ = 6433;

    /** Patroni's REST API, by which members ask each other. */
    public static final int PATRONI = 8008;

    /** The name of that port in pods. */
    public static final String PATRONI_NAME = "patroni";

    /** postgres_exporter's, where a member has one. */
    public static final int METRICS = 9187;

    /** The name of that port in pods. */
    public static final String METRICS_NAME = "metrics";

    /** The Kubernetes API: its Service's port, and the one on which API servers listen. */
    public static final int KUBERNETES_SERVICE = 443;

    public static final int KUBERNETES = 6443;

    /** DNS, by UDP and by TCP. */
    public static final int DNS = 53;

    private Ports() {}
}
