package io.github.postgresqlha.spec;

/** Who decides that a standby becomes primary. */
public enum Failover {
    /** A person, or a script that a person starts; needs nothing but the stock image. */
    MANUAL("manual"),
    /** Patroni, by a lock in the Kubernetes API; needs an image with Patroni. */
    AUTOMATIC("automatic");

    private final String value;

    Failover(String value) {
        this.value = value;
    }

    /** As the specification and scripts spell it. */
    @Override
    public String toString() {
        return value;
    }
}
