package io.github.postgresqlha.spec;

/**
 * Who can mount a volume at a time.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes">Access modes</a>
 */
public enum AccessMode {
    /** Pods of one node. */
    READ_WRITE_ONCE("ReadWriteOnce"),
    /** One pod. */
    READ_WRITE_ONCE_POD("ReadWriteOncePod"),
    /** Pods of any node. */
    READ_WRITE_MANY("ReadWriteMany");

    private final String value;

    AccessMode(String value) {
        this.value = value;
    }

    /** As manifests spell it. */
    @Override
    public String toString() {
        return value;
    }
}
