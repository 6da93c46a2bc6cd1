package io.github.postgresqlha.kubernetes;

/** The ports that manifests name. */
public final class Ports {

    /** PostgreSQL's own. */
    public static final int POSTGRESQL = 5432;

    /** The name of that port in pods and Services. */
    public static final String POSTGRESQL_NAME = "postgresql";

    /** DNS, by UDP and by TCP. */
    public static final int DNS = 53;

    private Ports() {}
}
