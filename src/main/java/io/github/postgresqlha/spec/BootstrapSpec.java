package io.github.postgresqlha.spec;

import java.util.Optional;
import org.immutables.value.Value;

/** Where the data of a new installation come from. Looked at only while the primary instance's volume has never had any. */
@Value.Immutable
@SpecStyle
public interface BootstrapSpec {

    /** The repository of base backups that they are restored from. Default: absent, a new and empty database. */
    @Key("Repository of base backups that the first data are restored from; absent: a new, empty database")
    Optional<FromBackupSpec> fromBackup();

    /** The database of another server that they are copied from. Default: absent. Needs {@link NetworkSpec#sources()}. */
    @Key("Database of another server that the first data are copied from, which is only read; absent: none")
    Optional<FromDatabaseSpec> fromDatabase();

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link BootstrapSpec}. */
    class Builder extends ImmutableBootstrapSpec.Builder {
        Builder() {}
    }
}
