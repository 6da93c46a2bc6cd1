package io.github.postgresqlha.postgresql;

import java.util.regex.Pattern;

/**
 * The name of a role or a database, in the form that needs no quotes anywhere: SQL, HBA records, file names of a Secret.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS">Identifiers</a>
 */
public record Identifier(String value) {

    private static final Pattern VALID = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    public Identifier {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("must be 1 to 63 of a-z, 0-9 and _ and not start with a digit, got '"
                    + value + "'; choose such a name");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
