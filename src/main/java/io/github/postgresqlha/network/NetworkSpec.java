package io.github.postgresqlha.network;

import io.github.postgresqlha.spec.Key;
import io.github.postgresqlha.spec.SpecStyle;
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

    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link NetworkSpec}. */
    class Builder extends ImmutableNetworkSpec.Builder {
        Builder() {}
    }
}
