package io.github.postgresqlha.spec;

/** What an HBA record asks of whoever connects. */
public enum HbaMethod {
    /** The password, by SCRAM. */
    SCRAM_SHA_256("scram-sha-256"),
    /** A client's certificate whose common name is that of the role. */
    CERT("cert"),
    /** Nothing: the connection is refused. */
    REJECT("reject");

    private final String value;

    HbaMethod(String value) {
        this.value = value;
    }

    /** As PostgreSQL spells it. */
    @Override
    public String toString() {
        return value;
    }
}
