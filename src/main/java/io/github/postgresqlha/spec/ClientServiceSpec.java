package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * The Service by which clients reach an instance.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/">Services</a>
 */
@Value.Immutable
@SpecStyle
public interface ClientServiceSpec {

    /**
     * From where it can be reached. Default: {@code ClusterIP}. The NetworkPolicies let in what {@code network} names and nothing else,
     * from outside of the cluster too.
     */
    @Key("From where the Service can be reached; who may connect is said by network, from outside too")
    default ServiceType type() {
        return ServiceType.CLUSTER_IP;
    }

    /** Its annotations, which say to a cloud what kind of load balancer it makes. Default: none. */
    @Key("Annotations of the Service, as service.beta.kubernetes.io/aws-load-balancer-internal")
    @Value.NaturalOrder
    SortedMap<String, String> annotations();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("ClientServiceSpec");
        annotations().keySet().forEach(key -> KubernetesNames.checkOwnKey("annotations", key, violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ClientServiceSpec}. */
    class Builder extends ImmutableClientServiceSpec.Builder {
        Builder() {}
    }
}
