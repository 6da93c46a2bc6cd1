package io.github.postgresqlha.postgresql;

import java.util.List;

/** Lines of a PostgreSQL configuration file, in aligned columns so that a reviewer reads them as a table. */
final class Columns {

    static final String HEADER = "# Generated from postgresql-ha.yaml: change it there.\n";

    private Columns() {}

    /** Each line's fields padded to their column, then its comment, where there are comments. */
    static String align(List<List<String>> lines, List<String> comments) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines.size(); line++) {
            String comment = comments.isEmpty() ? "" : "# " + comments.get(line);
            text.append((padded(lines, line) + comment).stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String padded(List<List<String>> lines, int line) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < lines.get(line).size(); column++) {
            String field = lines.get(line).get(column);
            text.append(field).append(" ".repeat(width(lines, column) - field.length() + 2));
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
}
