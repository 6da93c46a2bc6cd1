package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A to B to A to B and back, with rows in each period. */
@Tag("long")
class AlternationIT {

    /** Each member takes its own, in turns. */
    private static final int[] TIMELINES = {0, 1, 2, 17, 18, 33};

    @ParameterizedTest
    @ValueSource(strings = {"clean", "cut"})
    void fails_over_four_times_and_keeps_every_period(String end) {
        try (LocalPair pair = LocalPair.streaming()) {
            LocalInstance now = pair.primary().createRows();
            List<String> periods = new ArrayList<>();
            for (int period = 1; period <= 5; period++) {
                assertThat(now.timeline()).isEqualTo(Timelines.name(TIMELINES[period]));
                now.insert(10 * period, "period" + period);
                periods.add("period" + period + "=" + 10 * period);
                LocalInstance next = pair.other(now);
                next.awaitRows(String.join(" ", periods));
                assertThat(now.rows()).isEqualTo(String.join(" ", periods));
                if (period < 5) {
                    now = failOver(pair, now, next, end);
                }
            }
            assertThat(now).isSameAs(pair.primary());
        }
    }

    private static LocalInstance failOver(LocalPair pair, LocalInstance from, LocalInstance to, String end) {
        if (end.equals("clean")) {
            assertThat(from.stop()).isZero();
        } else {
            from.kill();
        }
        to.touchTrigger().awaitRole("primary");
        from.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(to);
        return to;
    }
}
