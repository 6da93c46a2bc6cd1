package io.github.postgresqlha.spec;

/**
 * One thing that is wrong with a specification.
 *
 * @param path the key, as {@code backup.schedule}
 * @param message what is wrong, the value, what to do
 */
public record Violation(String path, String message) {

    /** The same below another key. */
    public Violation under(String parent) {
        return new Violation(path.isEmpty() ? parent : parent + "." + path, message);
    }

    @Override
    public String toString() {
        return path.isEmpty() ? message : path + ": " + message;
    }
}
