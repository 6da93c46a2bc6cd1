package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import org.immutables.value.Value;

/** What the sessions of the application's owner may take. Where nothing is given, its settings are its own. */
@Value.Immutable
@SpecStyle
public interface OwnerLimitsSpec extends SessionLimits {

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("OwnerLimitsSpec");
        SessionLimits.check(this, violations);
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link OwnerLimitsSpec}. */
    class Builder extends ImmutableOwnerLimitsSpec.Builder {
        Builder() {}
    }
}
