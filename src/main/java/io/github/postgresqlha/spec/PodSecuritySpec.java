package io.github.postgresqlha.spec;

import org.immutables.value.Value;

/**
 * What the namespace demands of pods, and what the product's pods give up beyond that.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-admission/">Pod Security Admission</a>
 */
@Value.Immutable
@SpecStyle
public interface PodSecuritySpec {

    /**
     * The level that the namespace enforces, where it is one of the objects. Default: {@code baseline}, because Airflow's pods live in it, too.
     * {@code restricted} is for a namespace of the database's own.
     */
    @Key("Pod Security level that the namespace enforces: baseline, or restricted where no pods of others live in it")
    default PodSecurityLevel enforce() {
        return PodSecurityLevel.BASELINE;
    }

    /**
     * Whether pods use the user namespace of their node. Default: true. With false user 999 of a container is nobody on the node: Kubernetes 1.33 and
     * newer, with a container runtime and file systems of all volumes that can do it, which NFS cannot.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/">User namespaces</a>
     */
    @Key("Whether pods use the user namespace of their node; false needs Kubernetes 1.33, and volumes that can do it")
    default boolean hostUsers() {
        return true;
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PodSecuritySpec}. */
    class Builder extends ImmutablePodSecuritySpec.Builder {
        Builder() {}
    }
}
