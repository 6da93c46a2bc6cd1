package io.github.postgresqlha.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import org.immutables.value.Value;

/**
 * An amount of processor time and memory.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/">Resource management</a>
 */
@Value.Immutable
@SpecStyle
public interface ResourceAmountsSpec {

    /** Processors, as {@code 500m} or {@code 2}. Required; an error above 1024. */
    @Key("Processors, as 500m or 2")
    Quantity cpu();

    /** Memory in bytes, as {@code 512Mi} or {@code 4Gi}. Required; an error below 1Mi, as {@code 512m}, half a byte. */
    @Key("Memory, as 512Mi or 4Gi")
    Quantity memory();

    /**
     * Both at once.
     *
     * @throws IllegalArgumentException if one is no quantity of Kubernetes
     */
    static ResourceAmountsSpec of(String cpu, String memory) {
        return builder().cpu(Quantities.of(cpu)).memory(Quantities.of(memory)).build();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ResourceAmountsSpec}. */
    class Builder extends ImmutableResourceAmountsSpec.Builder {
        Builder() {}
    }
}
