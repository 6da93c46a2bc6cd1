package io.github.postgresqlha.script.protocol;

import io.github.postgresqlha.script.protocol.DecisionTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table with one rule changed. */
record Mutant(String rule, String change, DecisionTable table) {

    static final String REMOVED = "removed";

    /** What else could be done, for harm or for nothing, by situation and action. */
    private static final Map<String, List<String>> NEIGHBOURS = Map.ofEntries(
            Map.entry("start rejoin", List.of("open-place", "wait")),
            Map.entry("start open-alone", List.of("wait")),
            Map.entry("start open-newer", List.of("wait", "open-alone")),
            Map.entry("start open-place", List.of("wait")),
            Map.entry("start follow", List.of("open-place", "wait")),
            Map.entry("start wait", List.of("open-place")),
            Map.entry("recovery stand", List.of("wait")),
            Map.entry("recovery rejoin", List.of("wait", "complain")),
            Map.entry("recovery copy", List.of("wait", "complain")),
            Map.entry("recovery complain", List.of("wait", "copy")),
            Map.entry("recovery promise", List.of("ask", "open", "wait")),
            Map.entry("recovery open", List.of("ask", "wait")),
            Map.entry("recovery ask", List.of("open", "wait")),
            Map.entry("recovery wait", List.of("open")),
            Map.entry("trigger pend", List.of("promote", "refuse")),
            Map.entry("trigger promote", List.of("pend", "refuse")),
            Map.entry("trigger refuse", List.of("promote")),
            Map.entry("trigger look", List.of("promote", "pend")),
            Map.entry("opening yield", List.of("serve", "oust")),
            Map.entry("opening yield-copy", List.of("serve", "yield", "oust")),
            Map.entry("opening oust", List.of("serve", "yield")),
            Map.entry("opening serve", List.of("look", "back")),
            Map.entry("opening back", List.of("serve")),
            Map.entry("opening look", List.of("serve", "back")),
            Map.entry("primary yield", List.of("serve")),
            Map.entry("primary yield-copy", List.of("serve", "yield")),
            Map.entry("primary oust", List.of("serve", "yield")),
            Map.entry("primary renew", List.of("serve")),
            Map.entry("primary serve", List.of("yield", "renew")));

    /** Of each rule: without it, and with what else could be done. */
    static List<Mutant> of(DecisionTable table) {
        List<Mutant> mutants = new ArrayList<>();
        for (int number = 0; number < table.rows().size(); number++) {
            Row row = table.rows().get(number);
            String kind = row.situation().key() + " " + row.action();
            if (!NEIGHBOURS.containsKey(kind)) {
                throw new IllegalArgumentException("nobody said what else could be done than " + kind);
            }
            mutants.add(new Mutant(row.toString(), REMOVED, table.without(number)));
            for (String action : NEIGHBOURS.get(kind)) {
                mutants.add(new Mutant(row.toString(), action, table.with(number, row.acting(action))));
            }
        }
        return mutants;
    }

    @Override
    public String toString() {
        return rule + ": " + change;
    }
}
