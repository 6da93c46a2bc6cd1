package io.github.postgresqlha.dist;

import java.util.Map;

/** {@code README-NAME.md}: the commands in it carry the real names. */
final class Readme {

    private static final String TEMPLATE = "README-postgresql.md";

    private Readme() {}

    static String of(Map<String, String> facts) {
        return new Template(TEMPLATE, Resource.read(TEMPLATE)).render(facts);
    }
}
