package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import org.immutables.value.Value;

/**
 * An issuer of cert-manager that is there.
 *
 * @see <a href="https://cert-manager.io/docs/concepts/issuer/">cert-manager: Issuer</a>
 */
@Value.Immutable
@SpecStyle
public interface IssuerRefSpec {

    /** Its name. Required. */
    @Key("Name of the issuer")
    String name();

    /** Its kind: {@code Issuer} of the same namespace, {@code ClusterIssuer}, or one of another group. Default: {@code Issuer}. */
    @Key("Kind of the issuer: Issuer, ClusterIssuer, or one of another group")
    default String kind() {
        return "Issuer";
    }

    /** Its API group. Default: {@code cert-manager.io}. */
    @Key("API group of the issuer")
    default String group() {
        return "cert-manager.io";
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("IssuerRefSpec");
        KubernetesNames.checkName("name", name(), "an issuer", violations);
        violations
                .require(
                        kind().matches("[A-Z][A-Za-z0-9]{0,62}"),
                        "kind",
                        "must be a kind of Kubernetes, got '" + kind() + "'; write Issuer or ClusterIssuer")
                .require(
                        group().matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
                        "group",
                        "must be an API group of Kubernetes, got '" + group() + "'; write cert-manager.io")
                .throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link IssuerRefSpec}. */
    class Builder extends ImmutableIssuerRefSpec.Builder {
        Builder() {}
    }
}
