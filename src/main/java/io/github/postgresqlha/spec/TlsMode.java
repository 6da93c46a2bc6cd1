package io.github.postgresqlha.spec;

/** Where the certificate of the members comes from. */
public enum TlsMode {
    /** {@code deploy-postgresql.sh} makes it, with an authority of its own. */
    GENERATED("generated"),
    /** cert-manager makes and renews it. */
    CERT_MANAGER("certManager"),
    /** A Secret that somebody else fills. */
    EXISTING_SECRET("existingSecret"),
    /** There is none: nothing is encrypted, and nobody knows a member from an impostor. */
    OFF("off");

    private final String value;

    TlsMode(String value) {
        this.value = value;
    }

    /** As the specification and scripts spell it. */
    @Override
    public String toString() {
        return value;
    }
}
