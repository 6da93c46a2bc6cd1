package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import java.util.SortedMap;
import org.immutables.value.Value;

/** Servers that members may read a database from, to import it. */
@Value.Immutable
@SpecStyle
public interface SourceSpec {

    /** Their addresses. Default: absent, pods. An error where it is no range, and beside labels. */
    @Key("Addresses of the servers (CIDR), where they are no pods of this cluster")
    Optional<String> cidr();

    /** Labels of their pods. Default: none, which means every pod of the namespaces. */
    @Key("Labels of the servers' pods; none: every pod of the namespaces")
    @Value.NaturalOrder
    SortedMap<String, String> podLabels();

    /** Labels of their namespace. Default: none, which means the database's own namespace. */
    @Key("Labels of their namespace; none: the database's own namespace")
    @Value.NaturalOrder
    SortedMap<String, String> namespaceLabels();

    /** Their port, that of the pods. Default: 5432. */
    @Key("Port of the servers' pods, or at those addresses")
    default int port() {
        return 5432;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("SourceSpec");
        boolean labels = !podLabels().isEmpty() || !namespaceLabels().isEmpty();
        violations.require(
                cidr().isPresent() != labels,
                "",
                "must name either cidr or labels, got " + (labels ? "both" : "neither")
                        + "; write one of them, and another source for the other");
        cidr().ifPresent(range -> violations.require(
                Cidr.matches(range),
                "cidr",
                "is no range of addresses, got '" + range + "'; write it like 10.0.0.1/32"));
        podLabels().forEach((key, value) -> KubernetesNames.checkLabel("podLabels", key, value, violations));
        namespaceLabels()
                .forEach((key, value) -> KubernetesNames.checkLabel("namespaceLabels", key, value, violations));
        violations.require(
                port() >= 1 && port() <= 65535,
                "port",
                "must be 1 to 65535, got " + port() + "; most servers have 5432");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SourceSpec}. */
    class Builder extends ImmutableSourceSpec.Builder {
        Builder() {}
    }
}
