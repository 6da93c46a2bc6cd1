package io.github.postgresqlha.spec;

/** Which connections an HBA record is about. */
public enum HbaType {
    /** By the network, with TLS or without. */
    HOST("host"),
    /** By the network, with TLS. */
    HOSTSSL("hostssl"),
    /** By the network, without TLS. */
    HOSTNOSSL("hostnossl");

    private final String value;

    HbaType(String value) {
        this.value = value;
    }

    /** As PostgreSQL spells it. */
    @Override
    public String toString() {
        return value;
    }
}
