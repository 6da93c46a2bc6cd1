package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import org.immutables.value.Value;

/** Where the password of one role is. */
@Value.Immutable
@SpecStyle
public interface CredentialKeySpec {

    /** The role. Required. */
    @Key("Role whose password it is; patroni: the key of its REST API, with automatic failover")
    String role();

    /** The Secret. Default: absent, that of the other roles. */
    @Key("Secret that holds it; absent: that of the other roles")
    Optional<String> secret();

    /** The key in it. Default: absent, {@code ROLE-password}. */
    @Key("Key that holds it; absent: ROLE-password")
    Optional<String> key();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("CredentialKeySpec");
        secret().ifPresent(name -> KubernetesNames.checkName("secret", name, "a Secret", violations));
        violations.require(
                key().stream().allMatch(name -> name.matches("[A-Za-z0-9._-]{1,253}")),
                "key",
                "must be a key of a Secret, of A-Z, a-z, 0-9, ., _ and -, got " + "'" + key().orElse("")
                        + "'; kubectl describe secret lists them");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CredentialKeySpec}. */
    class Builder extends ImmutableCredentialKeySpec.Builder {
        Builder() {}
    }
}
