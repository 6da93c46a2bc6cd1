package io.github.postgresqlha.spec;

import io.github.postgresqlha.annotation.Internal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * A start with a copy of a database of another server, which is only read: the application's owner gets all of it. Where that cannot be
 * done the instance says why and tries again; it never makes an empty database instead. A running installation is not changed by it, but
 * {@code import-database.sh} takes the source from here.
 */
@Value.Immutable
@SpecStyle
public interface FromDatabaseSpec {

    /** A name or an address, without a port. */
    @Internal
    Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]{2,39}");

    /** Names that no line of libpq's files breaks. */
    @Internal
    Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s]([^\\p{Cntrl}]{0,61}[^\\p{Cntrl}\\s])?");

    /** The server: a name or an address; not a pooler. Required. */
    @Key("Server that the database is copied from: a name or an address, not that of a pooler")
    String host();

    /** Its port. Default: 5432. */
    @Key("Port of that server")
    default int port() {
        return 5432;
    }

    /** The database there. Required. */
    @Key("Database that is copied")
    String database();

    /** Who reads it: its owner or a superuser of that server. Required. */
    @Key("Role that reads it there: its owner, or a superuser of that server")
    String user();

    /** Where that role's password is. Required; while it is missing the instance waits. */
    @Key("Where that role's password is")
    SecretKeySpec passwordSecret();

    /** What the connection asks of TLS. Default: {@code require}. */
    @Key("What the connection asks of TLS")
    default SourceSslMode sslmode() {
        return SourceSslMode.REQUIRE;
    }

    /** The certificate of the authority that the server's is verified with. Default: absent. Required with {@code verify-ca} and {@code verify-full}. */
    @Key(
            "Certificate of the authority that the server's certificate is verified with; verify-ca and verify-full need it")
    Optional<SecretKeySpec> ca();

    /** Whether it is copied while others are connected to it. Default: false, the instance waits until they are gone. */
    @Key(
            "Whether it is copied while others are connected, whose later writes the copy does not have; false: the instance waits until they are gone")
    default boolean whileInUse() {
        return false;
    }

    /** Extensions there that are left out. Default: none. */
    @Key("Extensions of the source that are left out")
    List<String> withoutExtensions();

    /** Schemas there that are left out. Default: none. */
    @Key("Schemas of the source that are left out")
    List<String> withoutSchemas();

    @Internal
    @Value.Check
    default void check() {
        Violations violations = new Violations("FromDatabaseSpec");
        violations
                .require(
                        HOST.matcher(host()).matches(),
                        "host",
                        "must be the name or the address of a server, got '" + host()
                                + "'; the port is a key of its own")
                .require(
                        port() >= 1 && port() <= 65535,
                        "port",
                        "must be 1 to 65535, got " + port() + "; most servers have 5432");
        checkName(violations, "database", database());
        checkName(violations, "user", user());
        violations.require(
                ca().isPresent() || !sslmode().verifies(),
                "ca",
                "is needed with sslmode " + sslmode() + ", got none; name the Secret and the key of the certificate");
        checkAll(violations, "withoutExtensions", withoutExtensions(), "[a-z][a-z0-9_-]{0,62}", "an extension");
        checkAll(violations, "withoutSchemas", withoutSchemas(), "[A-Za-z_][A-Za-z0-9_-]{0,62}", "a schema");
        violations.throwIfAny();
    }

    private static void checkName(Violations violations, String path, String name) {
        violations.require(
                NAME.matcher(name).matches(),
                path,
                "must be 1 to 63 characters without a line break, and without a blank at an end, got '" + name
                        + "'; write it as it is there");
    }

    private static void checkAll(Violations violations, String path, List<String> names, String pattern, String what) {
        for (int i = 0; i < names.size(); i++) {
            violations.require(
                    names.get(i).matches(pattern),
                    path + "[" + i + "]",
                    "must be the name of " + what + ", got '" + names.get(i) + "'; psql's \\dx and \\dn list them");
        }
    }

    /** A new builder; what it is not told has its default. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link FromDatabaseSpec}. */
    class Builder extends ImmutableFromDatabaseSpec.Builder {
        Builder() {}
    }
}
