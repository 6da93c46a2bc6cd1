package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import org.immutables.value.Value;

/**
 * Passwords that External Secrets makes itself, once. Each role has a Secret of its own.
 *
 * @see <a href="https://external-secrets.io/latest/api/generator/password/">Password generator</a>
 */
@Value.Immutable
@SpecStyle
public interface PasswordGeneratorSpec {

    /** Characters of each password. Default: 32. An error below 16 or above 128. */
    @Key("Characters of each password")
    default int length() {
        return 32;
    }

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("PasswordGeneratorSpec");
        violations.require(
                length() >= 16 && length() <= 128,
                "length",
                "must be 16 to 128, got " + length() + "; 32 characters cannot be guessed");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PasswordGeneratorSpec}. */
    class Builder extends ImmutablePasswordGeneratorSpec.Builder {
        Builder() {}
    }
}
