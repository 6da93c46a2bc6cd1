package io.github.postgresqlha.script.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.script.protocol.DecisionTable.Row;
import io.github.postgresqlha.script.protocol.DecisionTable.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exploration reads the table as the shell does. */
class DecideScriptTest {

    private static final int SETS = 2_000;
    private static final String READER = "source \"$1\"; while read -ra facts; do decide \"${facts[@]}\"; done";

    private final DecisionTable table = ShippedTable.read();

    @Test
    void shell_and_exploration_decide_alike() {
        Random random = new Random(11);
        List<String> questions = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<Situation> situations = List.of(Situation.values());
        for (int set = 0; set < SETS; set++) {
            Situation situation = situations.get(set % situations.size());
            long facts = facts(random);
            Row row = table.decide(situation, facts);
            questions.add(situation.key() + Facts.arguments(facts) + "\n");
            expected.add(row.action() + ": " + row.reason());
        }

        String answers =
                ShippedTable.bash(String.join("", questions), "-c", READER, "bash", ShippedTable.SCRIPT.toString());

        assertThat(answers.lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void script_decides_what_is_told_where_two_members_see_no_difference() {
        String questions = Told.DECISIONS.stream()
                .map(told -> told.situation().key() + Facts.arguments(told.value()) + "\n")
                .collect(Collectors.joining());

        String answers = ShippedTable.bash(questions, "-c", READER, "bash", ShippedTable.SCRIPT.toString());

        assertThat(answers.lines())
                .containsExactlyElementsOf(Told.DECISIONS.stream()
                        .map(told -> told.action() + ": " + told.reason())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void situation_ends_with_a_row_that_always_holds(Situation situation) {
        List<Row> rows = table.rows().stream()
                .filter(row -> row.situation() == situation)
                .toList();

        assertThat(rows.get(rows.size() - 1).conditions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start pear=none -> wait: no such fact",
                "start peer=gone -> wait: no such value",
                "start peer -> wait: no value",
                "stop -> wait: no such situation",
                "start peer=none wait"
            })
    void row_with_an_unknown_word_is_no_row(String line) {
        assertThatThrownBy(() -> DecisionTable.parse(line)).isInstanceOf(IllegalArgumentException.class);
    }

    private static long facts(Random random) {
        long facts = 0;
        for (Facts fact : Facts.values()) {
            facts |= fact.of(random.nextInt(fact.known().size() + 1));
        }
        return facts;
    }
}
