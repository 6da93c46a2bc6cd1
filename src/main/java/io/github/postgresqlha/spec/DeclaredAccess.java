package io.github.postgresqlha.spec;

import java.util.List;
import java.util.Optional;

/** What a specification declares inside of the server: databases, roles, and who may log in. */
public interface DeclaredAccess {

    /**
     * How passwords are stored and checked. Default: {@code scram-sha-256}. {@code md5} is for clients that know nothing else, and gives a warning; the
     * product's own roles keep SCRAM.
     */
    @Key(
            "How passwords are stored and checked; md5, for clients that know nothing else, is deprecated since PostgreSQL 18")
    default PasswordAuthentication authentication() {
        return PasswordAuthentication.SCRAM_SHA_256;
    }

    /** Extensions of the application's database. Default: none. One that the image lacks is named in the log. */
    @Key("Extensions of the application's database, as pg_trgm")
    List<String> extensions();

    /** What the sessions of {@code databaseOwner} may take. Default: absent, its settings are its own. */
    @Key("What sessions of databaseOwner may take; absent: its settings are its own")
    Optional<OwnerLimitsSpec> ownerLimits();

    /** Databases beside the application's. Default: none. One that is no longer declared stays. */
    @Key("Databases beside the application's; one that is no longer declared stays")
    List<DatabaseSpec> databases();

    /** Roles beside the product's own. Default: none. One that is no longer declared stays and cannot log in. */
    @Key("Roles beside the product's own; one that is no longer declared stays and cannot log in")
    List<RoleSpec> roles();

    /** Further records of {@code pg_hba.conf}, in their order. Default: none; those of declared roles follow by themselves. */
    @Key("Further records of pg_hba.conf, in their order; those of declared roles follow by themselves")
    List<HbaRecordSpec> hbaRecords();
}
