package io.github.postgresqlha.spec;

/**
 * Where something stands in a file.
 *
 * @param line counts from 1
 * @param column counts from 1
 */
public record Location(int line, int column) {

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
