package io.github.postgresqlha.postgresql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The roles of every server: the product's own, each with as few rights as its work needs. That of the application is named by the
 * specification.
 *
 * @see <a href="https://www.postgresql.org/docs/17/database-roles.html">Database roles</a>
 */
public enum DatabaseRole {
    /** The superuser, of restores and of people in the pod. */
    POSTGRES,
    /** Streams the write-ahead log, and copies a server. */
    REPLICATOR,
    /** Reads the files that {@code pg_rewind} needs. */
    REWINDER,
    /** Asks for the health check. */
    MONITOR,
    /** Reads what is dumped. */
    BACKUP;

    /** Its name in the server. */
    public String role() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The key of its password in the Secret. */
    public String secretKey() {
        return secretKey(role());
    }

    /** The key of a role's password in the Secret. */
    public static String secretKey(String role) {
        return role + "-password";
    }

    /** Their names, and that of the application's role, in the order in which files list them. */
    public static List<String> names(Identifier owner) {
        return Stream.concat(
                        Stream.of(POSTGRES.role(), owner.value()),
                        names().stream().skip(1))
                .toList();
    }

    /** Their names, which no other role may have. */
    public static List<String> names() {
        return Arrays.stream(values()).map(DatabaseRole::role).toList();
    }
}
