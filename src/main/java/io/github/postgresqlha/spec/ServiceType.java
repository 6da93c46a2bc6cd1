package io.github.postgresqlha.spec;

/**
 * From where a Service can be reached.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types">Service types</a>
 */
public enum ServiceType {
    /** From within the cluster. */
    CLUSTER_IP("ClusterIP"),
    /** By a port of every node. */
    NODE_PORT("NodePort"),
    /** By an address of the cloud's load balancer. */
    LOAD_BALANCER("LoadBalancer");

    private final String value;

    ServiceType(String value) {
        this.value = value;
    }

    /** As manifests spell it. */
    @Override
    public String toString() {
        return value;
    }
}
