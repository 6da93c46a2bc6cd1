package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wall clock that is set while the members change places: nothing takes longer, and nobody stays primary. */
@Tag("long")
class ClockStepIT {

    private static LocalPair pair;
    private static Map<LocalInstance, SteppedClock> clocks;
    private static LocalInstance former;
    private static LocalInstance next;
    private static int round;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        try {
            clocks = Map.of(
                    pair.primary(), SteppedClock.of(pair.local(), pair.primary()),
                    pair.standby(), SteppedClock.of(pair.local(), pair.standby()));
            pair.primary().start().awaitRole("primary");
            pair.standby().start().awaitRole("standby");
            pair.awaitStreaming(pair.primary(), pair.standby());
            former = pair.primary().createRows();
            next = pair.standby();
        } catch (Throwable failed) {
            pair.close();
            throw failed;
        }
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** Every clock is set back: one more step, at a quiet moment. */
    @AfterEach
    void ends_as_a_pair() {
        clocks.values().forEach(clock -> clock.stand(0));
        for (LocalInstance member : clocks.keySet()) {
            if (!member.isAlive()) {
                member.start();
            }
        }
        former = pair.awaitOnePrimary();
        next = pair.other(former);
    }

    @ParameterizedTest
    @CsvSource({
        "-600, former", "-600, next", "600, former", "600, next",
        "-3600, former", "-3600, next", "3600, former", "3600, next"
    })
    void a_primary_gives_way_to_its_promoted_standby(long seconds, String member) {
        String rows = insertRows();
        stepClock(seconds, member);
        trigger("force");
        next.await(Duration.ofSeconds(10), () -> next.role().equals("primary"), "a promotion within 10 s");
        former.await(
                Duration.ofSeconds(15),
                () -> !former.isAlive() || !former.role().equals("primary"),
                "its end as primary within 15 s");
        assertChangedPlaces(rows);
    }

    @ParameterizedTest
    @CsvSource({
        "-600, former", "-600, next", "600, former", "600, next",
        "-3600, former", "-3600, next", "3600, former", "3600, next"
    })
    void a_stopped_primary_comes_back_as_standby(long seconds, String member) {
        String rows = insertRows();
        assertThat(former.stop()).isZero();
        stepClock(seconds, member);
        trigger("");
        next.await(Duration.ofSeconds(10), () -> next.role().equals("primary"), "a promotion within 10 s");
        assertChangedPlaces(rows);
    }

    private static String insertRows() {
        former.insert(5, "round" + ++round);
        String rows = former.rows();
        next.awaitRows(rows);
        return rows;
    }

    private static void stepClock(long seconds, String member) {
        Objects.requireNonNull(clocks.get(member.equals("former") ? former : next))
                .stand(seconds);
        // A look at the peer under the new clock.
        Pause.milliseconds(3_000);
    }

    private static void trigger(String content) {
        next.run("sh", "-c", "printf %s '" + content + "' >" + next.runtime().resolve("promote_trigger"));
    }

    /** The container of the former primary is started again where it has ended, as Kubernetes does. */
    private static void assertChangedPlaces(String rows) {
        if (former.isAlive()) {
            former.await(
                    Duration.ofSeconds(10),
                    () -> !former.isAlive() || former.role().equals("standby"),
                    "its end, or its return");
        }
        if (!former.isAlive()) {
            former.start();
        }
        assertThat(pair.awaitOnePrimary()).isSameAs(next);
        assertThat(next.rows()).isEqualTo(rows);
        next.insert(1, "after" + round);
        former.awaitRows(next.rows());
    }
}
