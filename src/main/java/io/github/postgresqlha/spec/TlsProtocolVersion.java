package io.github.postgresqlha.spec;

/**
 * Versions of TLS that a server may be limited to.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-MIN-PROTOCOL-VERSION">ssl_min_protocol_version</a>
 */
public enum TlsProtocolVersion {
    /** For clients that know no newer one. */
    V1_2("TLSv1.2"),
    /** The newest. */
    V1_3("TLSv1.3");

    private final String value;

    TlsProtocolVersion(String value) {
        this.value = value;
    }

    /** As PostgreSQL spells it. */
    @Override
    public String toString() {
        return value;
    }
}
