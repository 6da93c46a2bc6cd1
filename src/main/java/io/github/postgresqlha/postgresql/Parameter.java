package io.github.postgresqlha.postgresql;

import java.util.regex.Pattern;

/** One parameter of {@code postgresql.conf}, its value, and why it has it. */
public record Parameter(String name, String value, String reason) {

    /** Numbers with or without a unit, and plain words: everything else needs quotes. */
    private static final Pattern BARE = Pattern.compile("-?[0-9]+(\\.[0-9]+)?[a-zA-Z]{0,3}|[a-zA-Z_]+");

    /** Name, equals sign and value as the file has them: between quotes a backslash begins an escape. */
    String assignment() {
        return name + " = " + (BARE.matcher(value).matches() ? value : "'" + quotable() + "'");
    }

    private String quotable() {
        return value.replace("\\", "\\\\").replace("'", "''");
    }

    /** Whether a running server ignores a new value until it is restarted. */
    boolean needsRestart() {
        return ParameterCatalogue.needsRestart(name);
    }

    /** Its own reason no longer holds for another value. */
    Parameter withValue(String newValue) {
        return newValue.equals(value) ? this : new Parameter(name, newValue, "from the specification");
    }
}
