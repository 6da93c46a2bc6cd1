package io.github.postgresqlha.spec;

/**
 * When a node fetches an image.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy">Image pull policy</a>
 */
public enum ImagePullPolicy {
    /** At each start. */
    ALWAYS("Always"),
    /** Where the node does not have it. */
    IF_NOT_PRESENT("IfNotPresent"),
    /** The node has to have it. */
    NEVER("Never");

    private final String value;

    ImagePullPolicy(String value) {
        this.value = value;
    }

    /** As manifests spell it. */
    @Override
    public String toString() {
        return value;
    }
}
