package io.github.postgresqlha.spec;

import java.util.Optional;
import org.immutables.value.Value;

/** Where a store has the password of one role. */
@Value.Immutable
@SpecStyle
public interface RemoteKeySpec {

    /** The role. Required. */
    @Key("Role whose password it is")
    String role();

    /** The name of the secret in the store. Required. */
    @Key("Name of the secret in the store, as a path of Vault")
    String key();

    /** The property of that secret. Default: absent, the whole secret is the password. */
    @Key("Property of that secret; absent: all of it is the password")
    Optional<String> property();

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link RemoteKeySpec}. */
    class Builder extends ImmutableRemoteKeySpec.Builder {
        Builder() {}
    }
}
