package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both members are told to stop, as GitOps tools do with a change of both StatefulSets: the primary is the last. */
@Tag("long")
class RollIT {

    private static final String WAITS = "no other member streams from here";

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().with("ROLL_SECONDS", "60").start().awaitRole("primary");
        standby = pair.standby().with("ROLL_SECONDS", "60").start().awaitRole("standby");
        pair.awaitStreaming(primary, standby);
        primary.createRows();
        primary.await(
                java.time.Duration.ofSeconds(20),
                () -> java.nio.file.Files.exists(primary.state().resolve("standby-known")),
                "a standby that is known");
    }

    @AfterEach
    void end() {
        pair.close();
    }

    /** Milliseconds from the standby's signal to the primary's; below zero where the primary is told first. */
    @ParameterizedTest
    @ValueSource(ints = {-400, 0, 900})
    void the_primary_goes_on_until_the_standby_is_back(int milliseconds) {
        LocalInstance first = milliseconds < 0 ? primary : standby;
        tellToStop(first);
        Pause.milliseconds(Math.abs(milliseconds));
        tellToStop(pair.other(first));
        assertThat(standby.exitStatus()).isZero();
        primary.awaitLog(WAITS);
        assertThat(primary.role()).isEqualTo("primary");
        assertThat(primary.script(Map.of(), "instance/probe.sh", "readiness").status())
                .isZero();
        primary.insert(100, "meanwhile");
        standby.start();
        assertThat(primary.exitStatus()).isZero();
        assertThat(primary.news()).contains("another member streams again: stopping now", "stopped cleanly");
        assertThat(standby.role()).isEqualTo("standby");
        assertThat(standby.rows()).isEqualTo("meanwhile=100");
        primary.start().awaitRole("primary");
        pair.awaitStreaming(primary, standby);
    }

    @Test
    void a_standby_stops_at_once_and_so_does_a_primary_from_which_it_streams() {
        assertThat(secondsToStop(primary)).isLessThan(3);
        assertThat(primary.news()).doesNotContain(WAITS);
        primary.start().awaitRole("primary");
        pair.awaitStreaming(primary, standby);
        assertThat(secondsToStop(standby)).isLessThan(2);
    }

    @Test
    void a_second_signal_ends_the_wait() {
        standby.stop();
        tellToStop(primary);
        primary.awaitLog(WAITS);
        assertThat(secondsToStop(primary)).isLessThan(2);
        assertThat(primary.news()).contains("told again: stopping now");
    }

    @Test
    void a_stop_by_hand_ends_the_wait() {
        standby.stop();
        tellToStop(primary);
        primary.awaitLog(WAITS);
        primary.run("pg_ctl", "stop", "-D", primary.data().toString());
        assertThat(primary.exitStatus()).isZero();
    }

    @Test
    void the_wait_has_an_end() {
        primary.stop();
        primary.with("ROLL_SECONDS", "4").start().awaitRole("primary");
        pair.awaitStreaming(primary, standby);
        standby.stop();
        assertThat(secondsToStop(primary)).as("whole seconds").isBetween(3L, 8L);
        assertThat(primary.news()).contains("no other member streams within 4 s: stopping now");
    }

    private static long secondsToStop(LocalInstance member) {
        Instant asked = Instant.now();
        assertThat(member.stop()).isZero();
        return Duration.between(asked, Instant.now()).toSeconds();
    }

    /** Without waiting for its end. */
    private static void tellToStop(LocalInstance member) {
        new Thread(member::stop).start();
    }
}
