package io.github.postgresqlha.spec;

/**
 * Releases of Airflow that the connection kit knows. What it gives differs between them; what one of them does not know it ignores.
 *
 * @see <a href="https://airflow.apache.org/docs/apache-airflow/stable/installation/supported-versions.html">Supported versions</a>
 */
public enum AirflowVersion {
    /** The last but one of Airflow 2. */
    V2_10("2.10", "2.10.5"),
    /** The last one of Airflow 2. */
    V2_11("2.11", "2.11.2"),
    /** Derives its asynchronous connection from the synchronous one, which therefore holds no option of the driver. */
    V3_0("3.0", "3.0.6"),
    /** The first with an asynchronous connection of its own. */
    V3_1("3.1", "3.1.8"),
    /** Its asynchronous engine follows the sizes of the pool. */
    V3_2("3.2", "3.2.2"),
    /** The newest. */
    V3_3("3.3", "3.3.2");

    private final String value;
    private final String release;

    AirflowVersion(String value, String release) {
        this.value = value;
        this.release = release;
    }

    /** As Airflow spells it. */
    @Override
    public String toString() {
        return value;
    }

    /** The newest release of it that is known. */
    String release() {
        return release;
    }

    /** Whether it has an API server and a DAG processor, and its tasks no connection to the database. */
    boolean hasApiServer() {
        return compareTo(V3_0) >= 0;
    }

    /** Whether its asynchronous connection can differ from the synchronous one. */
    boolean hasAsynchronousConnection() {
        return compareTo(V3_1) >= 0;
    }

    /** How many processes one of its API servers, or webservers, starts by default. */
    int apiServerWorkers() {
        return compareTo(V3_1) >= 0 ? 1 : 4;
    }
}
