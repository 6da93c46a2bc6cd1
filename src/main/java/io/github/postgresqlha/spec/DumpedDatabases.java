package io.github.postgresqlha.spec;

import io.github.postgresqlha.postgresql.HbaRules;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of {@code backup.databases}: each name becomes part of a file's. */
final class DumpedDatabases {

    /** Every database of the server. */
    static final String ALL = HbaRules.ALL_DATABASES;

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,62}");
    private static final List<String> TEMPLATES = List.of("template0", "template1");

    private DumpedDatabases() {}

    static void check(List<String> databases, Violations violations) {
        for (int i = 0; i < databases.size(); i++) {
            String name = databases.get(i);
            String path = "databases[" + i + "]";
            violations
                    .require(
                            NAME.matcher(name).matches(),
                            path,
                            "must be 1 to 63 of a-z, 0-9, _ and - and not begin with a digit or -, got '" + name
                                    + "': it becomes part of a file's name; rename the database or leave it out")
                    .require(
                            !TEMPLATES.contains(name),
                            path,
                            "is a template of PostgreSQL's, got '" + name + "'; leave it out")
                    .require(
                            !name.equals(ALL) || databases.size() == 1,
                            path,
                            "stands for every database, got it among " + databases
                                    + "; write databases: all, or names only")
                    .require(databases.indexOf(name) == i, path, "is named twice, got '" + name + "'; name it once");
        }
    }
}
