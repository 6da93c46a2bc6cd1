package io.github.postgresqlha.spec;

/**
 * A level of the Pod Security Standards.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security Standards</a>
 */
public enum PodSecurityLevel {
    /** Known privilege escalations are refused. */
    BASELINE("baseline"),
    /** Pods keep to what is known as good practice; those of this product do. */
    RESTRICTED("restricted");

    private final String value;

    PodSecurityLevel(String value) {
        this.value = value;
    }

    /** As the namespace's labels spell it. */
    @Override
    public String toString() {
        return value;
    }
}
