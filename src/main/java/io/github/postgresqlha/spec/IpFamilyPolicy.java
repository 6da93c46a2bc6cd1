package io.github.postgresqlha.spec;

/**
 * Which families of addresses a Service has.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dual-stack/">IPv4/IPv6 dual-stack</a>
 */
public enum IpFamilyPolicy {
    /** An address of one family. */
    SINGLE_STACK("SingleStack"),
    /** Addresses of both families where the cluster has both. */
    PREFER_DUAL_STACK("PreferDualStack"),
    /** Addresses of both families, or none. */
    REQUIRE_DUAL_STACK("RequireDualStack");

    private final String value;

    IpFamilyPolicy(String value) {
        this.value = value;
    }

    /** As manifests spell it. */
    @Override
    public String toString() {
        return value;
    }
}
