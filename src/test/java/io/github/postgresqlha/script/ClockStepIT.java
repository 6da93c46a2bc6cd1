package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wall clock that is set while the members change places: nothing takes longer, and nobody stays primary. */
@Tag("long")
class ClockStepIT {

    private LocalPair pair;
    private LocalInstance former;
    private LocalInstance next;
    private Map<String, SteppedClock> clocks;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        try {
            former = pair.primary();
            next = pair.standby();
            clocks = Map.of(
                    "former", SteppedClock.of(pair.local(), former),
                    "next", SteppedClock.of(pair.local(), next));
            former.start().awaitRole("primary");
            next.start().awaitRole("standby");
            pair.awaitStreaming(former, next);
            former.createRows();
        } catch (Throwable failed) {
            pair.close();
            throw failed;
        }
    }

    @AfterEach
    void stop() {
        pair.close();
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

    private String insertRows() {
        former.insert(5, "before");
        String rows = former.rows();
        next.awaitRows(rows);
        return rows;
    }

    private void stepClock(long seconds, String member) {
        Objects.requireNonNull(clocks.get(member)).stand(seconds);
        // A look at the peer under the new clock.
        Pause.milliseconds(3_000);
    }

    private void trigger(String content) {
        next.run("sh", "-c", "printf %s '" + content + "' >" + next.runtime().resolve("promote_trigger"));
    }

    /** The container of the former primary is started again where it has ended, as Kubernetes does. */
    private void assertChangedPlaces(String rows) {
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
        next.insert(1, "after");
        former.awaitRows(next.rows());
        // The machine's clock again: one more step, after which both still hear of each other.
        clocks.values().forEach(clock -> clock.stand(0));
        Pause.milliseconds(5_000);
        next.insert(1, "later");
        former.awaitRows(next.rows());
        assertThat(pair.awaitOnePrimary()).isSameAs(next);
    }
}
