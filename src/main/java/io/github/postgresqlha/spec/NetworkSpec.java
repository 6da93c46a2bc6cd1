package io.github.postgresqlha.spec;

import java.util.List;
import org.immutables.value.Value;

/** Who may connect. Pods with the label {@code NAME-client: "true"} in the same namespace always may. */
@Value.Immutable
@SpecStyle
public interface NetworkSpec {

    /** Whether the pods of Airflow's official chart, label {@code tier: airflow}, may connect from the same namespace. Default: true. */
    @Key("Whether pods of Airflow's official chart (label tier: airflow) in the same namespace may connect")
    default boolean airflowPods() {
        return true;
    }

    /** Further pods that may connect. Default: none. */
    @Key("Further pods that may connect")
    List<ClientSpec> clients();

    /** Addresses of the Kubernetes API as pods see them, which Patroni talks to. Default: 0.0.0.0/0; narrow it to your API servers. */
    @Key("Addresses of the Kubernetes API servers (CIDR), which Patroni talks to; narrow it")
    default String apiServerCidr() {
        return "0.0.0.0/0";
    }

    @Value.Check
    default void check() {
        new Violations("NetworkSpec")
                .require(
                        Cidr.matches(apiServerCidr()),
                        "apiServerCidr",
                        "is no range of addresses, got '" + apiServerCidr() + "'; write it like 10.0.0.1/32")
                .throwIfAny();
    }

    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link NetworkSpec}. */
    class Builder extends ImmutableNetworkSpec.Builder {
        Builder() {}
    }
}
