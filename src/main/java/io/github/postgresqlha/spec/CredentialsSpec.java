package io.github.postgresqlha.spec;

import java.util.Optional;
import org.immutables.value.Value;

/** Where the passwords come from. No specification can hold one. */
@Value.Immutable
@SpecStyle
public interface CredentialsSpec {

    /** A Secret of the namespace with a key {@code ROLE-password} a role. Default: absent, the product's own, which the deploy script fills. */
    @Key("Secret that holds a key ROLE-password a role; absent: NAME-secret, which the deploy script fills")
    Optional<String> existingSecret();

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link CredentialsSpec}. */
    class Builder extends ImmutableCredentialsSpec.Builder {
        Builder() {}
    }
}
