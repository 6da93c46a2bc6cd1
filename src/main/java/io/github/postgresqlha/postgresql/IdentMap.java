package io.github.postgresqlha.postgresql;

import java.util.List;

/**
 * {@code pg_ident.conf}: which roles the operating system's user of the pod may be, without a password.
 *
 * <p>Whoever can run a program in the pod owns the data directory anyway; no other user exists there.
 *
 * @see <a href="https://www.postgresql.org/docs/17/auth-username-maps.html">User name maps</a>
 */
public record IdentMap(List<String> roles) {

    /** The map's name, as {@code pg_hba.conf} refers to it. */
    public static final String NAME = "postgresql";

    private static final String SYSTEM_USER = "postgres";
    private static final PostgresVersion FIRST_WITH_ALL = PostgresVersion.V16;

    public IdentMap {
        roles = List.copyOf(roles);
    }

    /** Every role from PostgreSQL 16 on, which knows the word {@code all} here; before it, the product's roles. */
    public static IdentMap of(PostgresVersion version, Identifier owner) {
        return version.compareTo(FIRST_WITH_ALL) >= 0
                ? new IdentMap(List.of("all"))
                : new IdentMap(DatabaseRole.names(owner));
    }

    /** The file. */
    public String render() {
        List<List<String>> lines =
                roles.stream().map(role -> List.of(NAME, SYSTEM_USER, role)).toList();
        return Columns.HEADER + "# MAP, SYSTEM USER, ROLE\n" + Columns.align(lines, List.of());
    }
}
