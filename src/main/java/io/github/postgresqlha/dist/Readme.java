package io.github.postgresqlha.dist;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** {@code README-NAME.md}: the commands in it carry the real names. */
final class Readme {

    private static final String TEMPLATE = "README-postgresql.md";

    private Readme() {}

    static String of(Map<String, String> facts) {
        Map<String, String> values = new TreeMap<>(facts);
        values.put(Objects.requireNonNull(facts.get("FAILOVER")).toUpperCase(Locale.ROOT), "");
        if (!facts.containsKey("STANDBY")) {
            values.put("SINGLE", "");
        } else if (!facts.containsKey("DATA_DURABILITY")) {
            values.put("ASYNCHRONOUS", "");
        }
        return new Template(TEMPLATE, Resource.read(TEMPLATE)).render(values);
    }
}
