package io.github.postgresqlha.script.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every interleaving of two members over the shipped table, after so many disturbances. */
class ExplorationTest {

    private final DecisionTable shipped = ShippedTable.read();

    @Test
    void two_disturbances_break_nothing() {
        explore(2);
    }

    @Test
    @Tag("long")
    void three_disturbances_break_nothing() {
        explore(3);
    }

    @Test
    void finds_a_promotion_by_force_that_breaks_a_promise() {
        int promised = row("trigger given=promise -> pend");
        assertThat(shipped.rows().get(promised + 1)).hasToString("trigger trigger=force -> promote");

        assertThat(Exploration.counterexample(shipped.swapped(promised), 2))
                .contains("a member opens by promise on less than what the other has");
    }

    @Test
    void finds_an_opening_alone_beside_a_copy() {
        int alone = row("start copied=no -> open-newer");
        DecisionTable mutant = shipped.with(alone, shipped.rows().get(alone).without("copied=no"));

        assertThat(Exploration.counterexample(mutant, 2)).startsWith("both members acknowledge");
    }

    private void explore(int disturbances) {
        Exploration exploration = new Exploration(shipped);

        String counterexample = exploration.run(Starts.all(), disturbances);

        System.out.printf(
                "%d disturbances: %d states, %d transitions%n",
                disturbances, exploration.states(), exploration.transitions);
        assertThat(counterexample).isNull();
        assertThat(exploration.pruned)
                .as("states without room for their timeline")
                .isZero();
    }

    private int row(String text) {
        List<String> rows =
                shipped.rows().stream().map(DecisionTable.Row::toString).toList();
        assertThat(rows).contains(text);
        return rows.indexOf(text);
    }
}
