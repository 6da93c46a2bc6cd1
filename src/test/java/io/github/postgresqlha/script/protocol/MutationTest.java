package io.github.postgresqlha.script.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No rule of the shipped table can be removed, or do something else, without a test that fails. */
class MutationTest {

    /**
     * The mutants that two members cannot tell from the shipped table, and why. What the rule says is expected by {@link Told}, which
     * {@link DecideScriptTest} asks the script.
     */
    private static final Map<String, String> ONLY_TOLD = Map.ofEntries(
            Map.entry(
                    "start peer=primary twin=yes -> wait: removed",
                    "it is in recovery either way, but shown as standby, and its WAL may be written over"),
            Map.entry(
                    "start last=standby -> follow: removed", "it is in recovery either way, but not shown as standby"),
            Map.entry("start last=standby -> follow: wait", "as above"),
            Map.entry(
                    "start copied=no made=yes -> open-alone: removed", "a new database begins on its second timeline"),
            Map.entry("start copied=no made=yes -> open-alone: wait", "a new database waits for a person"),
            Map.entry("start peer=primary order=older -> rejoin: removed", "it rejoins after one start more"),
            Map.entry("start peer=primary order=older -> rejoin: wait", "as above"),
            Map.entry("recovery peer=foreign -> wait: removed", "the next row that holds waits, too, and says why"),
            Map.entry(
                    "recovery peer=primary stuck=yes -> complain: removed", "who complains waits, and says so loudly"),
            Map.entry("recovery peer=primary stuck=yes -> complain: wait", "as above"),
            Map.entry("recovery peer=primary stuck=yes -> complain: copy", "a copy for nothing"),
            Map.entry("recovery peer=primary -> wait: removed", "the next row that holds waits, too, and says why"),
            Map.entry("recovery peer=recovery intent=promoting -> wait: removed", "it asks, and is promised nothing"),
            Map.entry("recovery peer=recovery given=promise -> wait: removed", "it asks, and is promised nothing"),
            Map.entry("opening peer=primary order=same -> look: removed", "both histories are settled in recovery"),
            Map.entry("opening peer=primary order=same -> look: back", "both histories wait for a person either way"),
            Map.entry(
                    "opening peer=primary order=same first=no -> yield-copy: yield",
                    "in recovery it sees that the timeline is another one, and copies then"),
            Map.entry(
                    "opening peer=primary order=same first=no -> yield-copy: oust", "only three disturbances find it"),
            Map.entry("primary peer=primary order=same first=no -> yield-copy: yield", "as the first of these"),
            Map.entry("trigger peer=primary -> pend: refuse", "the person asks again"),
            Map.entry("trigger peer=unknown trigger=asked -> pend: refuse", "only three disturbances find it"));

    private static final List<String> FOUND_BY_THREE = List.of(
            "trigger peer=unknown trigger=asked -> pend: refuse",
            "opening peer=primary order=same first=no -> yield-copy: oust");

    private final DecisionTable shipped = ShippedTable.read();
    private final List<Mutant> mutants = Mutant.of(shipped);

    @Test
    void no_mutant_survives() {
        Map<String, Integer> killed = new TreeMap<>();
        List<String> survivors = new ArrayList<>();
        for (Mutant mutant : mutants) {
            String by = ONLY_TOLD.containsKey(mutant.toString())
                    ? Told.otherwise(mutant.table())
                    : Exploration.counterexample(mutant.table(), 2);
            if (by == null) {
                survivors.add(mutant.toString());
            } else {
                System.out.printf("%s%n    %s%n", mutant, by.lines().findFirst().orElseThrow());
                killed.merge(
                        ONLY_TOLD.containsKey(mutant.toString()) ? "what people are told" : "the exploration",
                        1,
                        Integer::sum);
            }
        }

        System.out.printf(
                "%d mutants of %d rules, killed by %s%n",
                mutants.size(), shipped.rows().size(), killed);
        assertThat(survivors).as("mutants that nothing finds out").isEmpty();
    }

    @Test
    void the_shipped_table_tells_what_is_expected() {
        assertThat(Told.otherwise(shipped)).isNull();
    }

    @Test
    void only_mutants_are_listed() {
        assertThat(mutants).extracting(Mutant::toString).containsAll(ONLY_TOLD.keySet());
    }

    /** Where the exploration finds another one out, it is no longer a matter of what people are told. */
    @Test
    @Tag("long")
    void three_disturbances_find_two_listed_mutants() {
        List<String> found = mutants.stream()
                .filter(mutant -> ONLY_TOLD.containsKey(mutant.toString()))
                .filter(mutant -> Exploration.counterexample(mutant.table(), 3) != null)
                .map(Mutant::toString)
                .toList();

        assertThat(found).isEqualTo(FOUND_BY_THREE);
    }
}
