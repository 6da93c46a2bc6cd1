package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import org.immutables.value.Value;

/** A key of a Secret in the same namespace. */
@Value.Immutable
@SpecStyle
public interface SecretKeySpec {

    /** The Secret. Required. */
    @Key("Secret in the same namespace")
    String secret();

    /** The key in it. Required. */
    @Key("Key of the Secret")
    String key();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("SecretKeySpec");
        KubernetesNames.checkName("secret", secret(), "a Secret", violations);
        violations.require(
                key().matches("[A-Za-z0-9._-]{1,253}"),
                "key",
                "must be a key of a Secret, of A-Z, a-z, 0-9, ., _ and -, got '" + key()
                        + "'; kubectl describe secret lists them");
        violations.throwIfAny();
    }

    /** A new builder; both have to be told. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link SecretKeySpec}. */
    class Builder extends ImmutableSecretKeySpec.Builder {
        Builder() {}
    }
}
