package io.github.postgresqlha.postgresql;

/**
 * A parameter that some PostgreSQL majors know.
 *
 * @param first the first major of ours that has it
 * @param last the last one
 * @param needsRestart whether a running server keeps the old value, in one of the majors at least
 * @param type which values it takes, in one of the majors at least
 */
public record KnownParameter(int first, int last, boolean needsRestart, ParameterType type) {

    /** Whether a major has it. */
    public boolean isIn(PostgresVersion version) {
        return version.major() >= first && version.major() <= last;
    }

    /** The majors that have it, as a message names them. */
    public String majors() {
        return first == last ? String.valueOf(first) : first + " to " + last;
    }
}
