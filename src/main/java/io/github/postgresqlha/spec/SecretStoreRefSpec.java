package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import org.immutables.value.Value;

/**
 * A store that External Secrets reads.
 *
 * @see <a href="https://external-secrets.io/latest/api/secretstore/">SecretStore</a>
 */
@Value.Immutable
@SpecStyle
public interface SecretStoreRefSpec {

    /** Its name. Required. */
    @Key("Name of the store")
    String name();

    /** Whether it is of the namespace or of the cluster. Default: {@code SecretStore}. */
    @Key("Whether the store is of the namespace or of the cluster")
    default SecretStoreKind kind() {
        return SecretStoreKind.SECRET_STORE;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("SecretStoreRefSpec");
        KubernetesNames.checkName("name", name(), "a store", violations);
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SecretStoreRefSpec}. */
    class Builder extends ImmutableSecretStoreRefSpec.Builder {
        Builder() {}
    }
}
