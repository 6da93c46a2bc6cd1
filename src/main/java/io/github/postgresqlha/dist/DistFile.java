package io.github.postgresqlha.dist;

/**
 * One file of {@code dist/}.
 *
 * @param path below {@code dist/}, with slashes
 * @param content its text, which is written as UTF-8
 * @param executable whether its user may run it
 */
public record DistFile(String path, String content, boolean executable) {

    /** A file that is read. */
    static DistFile text(String path, String content) {
        return new DistFile(path, content, false);
    }

    /** A file that is run. */
    static DistFile program(String path, String content) {
        return new DistFile(path, content, true);
    }
}
