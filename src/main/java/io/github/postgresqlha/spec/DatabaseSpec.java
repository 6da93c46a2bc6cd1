package io.github.postgresqlha.spec;

import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A database beside the application's. It is made where it is missing, and never removed.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-createdatabase.html">CREATE DATABASE</a>
 */
@Value.Immutable
@SpecStyle
public interface DatabaseSpec {

    /** Its name: 1 to 47 of a-z, 0-9 and _. Required. An error where it is the application's, or one of PostgreSQL's. */
    @Key("Name of the database: 1 to 47 of a-z, 0-9 and _")
    String name();

    /** The role that owns it. Default: absent, {@code databaseOwner}. An error where it is no declared role. */
    @Key("Role that owns it, one of roles; absent: databaseOwner")
    Optional<String> owner();

    /** Extensions that it has. Default: none. One that the image lacks is named in the log. */
    @Key("Extensions that it has, as pg_trgm; those that an owner may make belong to the owner")
    List<String> extensions();

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link DatabaseSpec}. */
    class Builder extends ImmutableDatabaseSpec.Builder {
        Builder() {}
    }
}
