package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.DatabaseRole;
import java.util.Set;
import java.util.regex.Pattern;

/** The names that roles and databases of a specification may have: they need no quotes, and nothing else has them. */
final class RoleNames {

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,46}");

    /** Beside the product's roles: Patroni's key stands among theirs in the Secret, and templates are of the server. */
    private static final Set<String> TAKEN = Set.of("patroni", "template0", "template1");

    /** All of pg_hba.conf's words, which would let other roles in or into other databases, and what CREATE ROLE refuses. */
    private static final Set<String> WORDS =
            Set.of("all", "replication", "sameuser", "samerole", "samegroup", "public", "none");

    private RoleNames() {}

    static void check(String path, String value, Violations violations) {
        violations.require(
                IDENTIFIER.matcher(value).matches(),
                path,
                "must be 1 to 47 of a-z, 0-9 and _ and not begin with a digit, got '" + value
                        + "'; choose such a name");
        violations.require(
                !DatabaseRole.names().contains(value)
                        && !TAKEN.contains(value)
                        && !WORDS.contains(value)
                        && !value.startsWith("pg_")
                        && !value.startsWith("pgha_"),
                path,
                "is a name of the product or of PostgreSQL itself, got '" + value + "'; choose another");
    }
}
