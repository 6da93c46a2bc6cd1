package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Power cuts while a standby is promoted, at many moments after the trigger. Names change places. */
@Tag("long")
class PromotionKillIT {

    private static LocalPair pair;
    private static LocalInstance first;
    private static LocalInstance second;
    private static int round;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        first = pair.primary().with("RESTART_IN_PLACE_SECONDS", "-1").createRows();
        second = pair.standby().with("RESTART_IN_PLACE_SECONDS", "-1");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 150, 300, 450, 550, 650, 750, 850, 950, 1100, 1300})
    void ends_with_one_primary_when_both_start_again(int milliseconds) {
        String rows = cutPowerWhilePromoting(milliseconds);
        try (PrimaryWatch watch = new PrimaryWatch(pair)) {
            watch.awaitFirstLook();
            first.start();
            second.start();
            pair.awaitOnePrimary();
        }
        assertAllThere(rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 550, 650, 750, 850, 1000})
    void is_promoted_by_another_trigger_while_the_peer_stays_away(int milliseconds) {
        String rows = cutPowerWhilePromoting(milliseconds);
        second.start();
        second.await(
                Duration.ofSeconds(30),
                () -> second.role().equals("standby") || second.role().equals("undecided"),
                "recovery");
        second.touchTrigger().awaitRole("primary");
        assertThat(second.rows()).isEqualTo(rows);
        first.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(second);
        assertAllThere(rows);
    }

    /** Gives the rows that were acknowledged before. */
    private static String cutPowerWhilePromoting(int milliseconds) {
        first.insert(20, "round" + ++round);
        String rows = first.rows();
        second.awaitRows(rows);
        first.kill();
        second.touchTrigger();
        Pause.milliseconds(milliseconds);
        second.kill();
        return rows;
    }

    private static void assertAllThere(String rows) {
        first = pair.awaitOnePrimary();
        second = pair.other(first);
        assertThat(first.rows()).isEqualTo(rows);
        second.awaitRows(rows);
        first.insert(1, "still-open" + round);
    }
}
