package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * Pods that may connect to the database.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/network-policies/">Network policies</a>
 */
@Value.Immutable
@SpecStyle
public interface ClientSpec {

    /** Labels of the pods. Default: none, which means every pod of the namespaces. */
    @Key("Labels of the pods; none: every pod of the namespaces")
    @Value.NaturalOrder
    SortedMap<String, String> podLabels();

    /** Labels of their namespace. Default: none, which means the database's own namespace. */
    @Key("Labels of their namespace; none: the database's own namespace")
    @Value.NaturalOrder
    SortedMap<String, String> namespaceLabels();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("ClientSpec");
        violations.require(
                !podLabels().isEmpty() || !namespaceLabels().isEmpty(),
                "",
                "must name podLabels or namespaceLabels, got neither; an empty client would let every pod in");
        podLabels().forEach((key, value) -> KubernetesNames.checkLabel("podLabels", key, value, violations));
        namespaceLabels()
                .forEach((key, value) -> KubernetesNames.checkLabel("namespaceLabels", key, value, violations));
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ClientSpec}. */
    class Builder extends ImmutableClientSpec.Builder {
        Builder() {}
    }
}
