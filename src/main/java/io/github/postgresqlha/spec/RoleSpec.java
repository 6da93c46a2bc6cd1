package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.Optional;
import java.util.SortedMap;
import org.immutables.value.Value;

/**
 * A role beside the product's own. It is made, and kept as it is declared, by whichever member is primary. Its password is in the key
 * {@code NAME-password} of the Secret.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-createrole.html">CREATE ROLE</a>
 */
@Value.Immutable
@SpecStyle
public interface RoleSpec extends SessionLimits {

    /** Its name: 1 to 47 of a-z, 0-9 and _. Required. An error where it is one of the product's or of PostgreSQL's. */
    @Key("Name of the role: 1 to 47 of a-z, 0-9 and _")
    String name();

    /** Whether it may log in. Default: true. Without, it needs no password, and can own databases. */
    @Key("Whether it may log in, with the password of key NAME-password of the Secret; false: a role that only owns")
    default boolean login() {
        return true;
    }

    /** How many sessions it may have at once. Default: absent, as many as the server has. An error below 0. */
    @Key("Most sessions that it may have at once; absent: no limit")
    Optional<Integer> connectionLimit();

    /**
     * What it may do, by database: the application's, a declared one, or {@code postgres} for {@link DatabaseAccess#MONITOR}. Default: none. An
     * error where there is no such database, or where the role owns it.
     */
    @Key("What it may do, by database, as {airflow: readOnly}: readOnly, readWrite, owner or monitor")
    @Value.NaturalOrder
    SortedMap<String, DatabaseAccess> databases();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("RoleSpec");
        SessionLimits.check(this, violations);
        violations.require(
                connectionLimit().stream().allMatch(number -> number >= 0),
                "connectionLimit",
                "must be 0 or more, got '"
                        + connectionLimit().map(String::valueOf).orElse("") + "'; leave it out for no limit");
        violations.throwIfAny();
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link RoleSpec}. */
    class Builder extends ImmutableRoleSpec.Builder {
        Builder() {}
    }
}
