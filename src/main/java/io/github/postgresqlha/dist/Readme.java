package io.github.postgresqlha.dist;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code README-NAME.md}: the commands in it carry the real names. */
final class Readme {

    private static final String TEMPLATE = "README-postgresql.md";

    private Readme() {}

    static String of(Map<String, String> facts) {
        Map<String, String> values = new TreeMap<>(facts);
        if (facts.containsKey("STANDBY")) {
            values.put("MEMBER_OPTION", memberOption(facts));
            values.put(facts.getOrDefault("FAILOVER", "").toUpperCase(Locale.ROOT), "");
            if (!facts.containsKey("DATA_DURABILITY")) {
                values.put("ASYNCHRONOUS", "");
            }
        } else {
            values.put("SINGLE", "");
        }
        if (!facts.containsKey("OFFSITE_CRONJOB")) {
            values.put("INSIDE", "");
        }
        return new Template(TEMPLATE, Resource.read(TEMPLATE)).render(values);
    }

    /** Which standby is meant has to be said where there is more than one. */
    private static String memberOption(Map<String, String> facts) {
        boolean several = facts.getOrDefault("MEMBERS", "").split(":").length > 2;
        return several ? " --member=" + facts.get("STANDBY") : "";
    }
}
