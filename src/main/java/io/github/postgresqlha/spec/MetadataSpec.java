package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/** What every object and every pod carries beside the product's own labels and annotations, as for cost centres, owners and tools. */
@Value.Immutable
@SpecStyle
public interface MetadataSpec {

    /**
     * Labels. Default: none. An error where one is the product's own: those select. A change restarts the pods.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels</a>
     */
    @Key("Labels of every object and every pod, none of the product's own; a change restarts the pods")
    @Value.NaturalOrder
    SortedMap<String, String> labels();

    /** Annotations. Default: none. A change restarts the pods. */
    @Key("Annotations of every object and every pod; a change restarts the pods")
    @Value.NaturalOrder
    SortedMap<String, String> annotations();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("MetadataSpec");
        labels().forEach((key, value) -> KubernetesNames.checkOwnLabel("labels", key, value, violations));
        annotations().keySet().forEach(key -> KubernetesNames.checkOwnKey("annotations", key, violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link MetadataSpec}. */
    class Builder extends ImmutableMetadataSpec.Builder {
        Builder() {}
    }
}
