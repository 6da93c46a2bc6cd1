package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/** Who may connect, and to whom the pods themselves may. */
@Value.Immutable
@SpecStyle
public interface NetworkSpec {

    /** Whether the pods of Airflow's official chart, label {@code tier: airflow}, may connect from the same namespace. Default: true. */
    @Key("Whether pods of Airflow's official chart (label tier: airflow) in the same namespace may connect")
    default boolean airflowPods() {
        return true;
    }

    /**
     * Whether pods with the label {@code NAME-client: "true"} may connect from the same namespace. Default: true. Whoever may make pods there
     * may give them the label: switch it off where that is not whom you mean.
     */
    @Key(
            "Whether pods with the label NAME-client: \"true\" in the same namespace may connect; whoever makes a pod there can give it the label")
    default boolean labelClients() {
        return true;
    }

    /** Who resolves names. Default: kube-dns in kube-system. */
    @Key("Who resolves names for the pods")
    default DnsSpec dns() {
        return DnsSpec.builder().build();
    }

    /** Further pods that may connect. Default: none. */
    @Key("Further pods that may connect")
    List<ClientSpec> clients();

    /** Addresses outside of the cluster that may connect, where a Service leads out of it. Default: none. An error where one is no range. */
    @Key("Addresses outside of the cluster (CIDR) that may connect, where a Service leads there")
    List<String> clientCidrs();

    /** Servers that members may read a database from, to import it. Default: none. */
    @Key("Servers that members may read a database from, to import it")
    List<SourceSpec> sources();

    /**
     * Which families of addresses the Services have. Default: absent, the cluster's own choice.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dual-stack/">IPv4/IPv6 dual-stack</a>
     */
    @Key("Which families of addresses the Services have; absent: the cluster chooses")
    Optional<IpFamilyPolicy> ipFamilyPolicy();

    /** Addresses of the Kubernetes API as pods see them, which Patroni talks to. Default: 0.0.0.0/0; narrow it to your API servers. */
    @Key("Addresses of the Kubernetes API servers (CIDR), which Patroni talks to; narrow it")
    default String apiServerCidr() {
        return "0.0.0.0/0";
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("NetworkSpec");
        requireRange(violations, "apiServerCidr", apiServerCidr());
        for (int i = 0; i < clientCidrs().size(); i++) {
            requireRange(violations, "clientCidrs[" + i + "]", clientCidrs().get(i));
        }
        violations.throwIfAny();
    }

    private static void requireRange(Violations violations, String path, String range) {
        violations.require(
                Cidr.matches(range), path, "is no range of addresses, got '" + range + "'; write it like 10.0.0.1/32");
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link NetworkSpec}. */
    class Builder extends ImmutableNetworkSpec.Builder {
        Builder() {}
    }
}
