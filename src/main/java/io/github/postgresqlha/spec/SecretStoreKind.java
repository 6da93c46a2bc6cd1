package io.github.postgresqlha.spec;

/** The kinds of stores that External Secrets knows. */
public enum SecretStoreKind {
    /** Of one namespace. */
    SECRET_STORE("SecretStore"),
    /** Of all namespaces. */
    CLUSTER_SECRET_STORE("ClusterSecretStore");

    private final String value;

    SecretStoreKind(String value) {
        this.value = value;
    }

    /** As Kubernetes spells it. */
    @Override
    public String toString() {
        return value;
    }
}
