package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The trigger file in odd moments and shapes. A trigger on a primary is in {@link InstanceScriptIT}. */
@Tag("long")
class TriggerIT extends StreamingPair {

    @Test
    void from_before_the_start_counts_for_nothing() {
        assertThat(standby.stop()).isZero();
        standby.touchTrigger().start().awaitRole("standby");
        assertThat(standby.news()).contains("promote_trigger is from before this start: removed");
        assertNoTrigger(standby);
        pair.awaitStreaming(primary, standby);
        assertThat(standby.news()).doesNotContain("promotion requested");
        assertThat(primary.role()).isEqualTo("primary");
    }

    @Test
    void twice_promotes_once() {
        assertThat(primary.stop()).isZero();
        standby.touchTrigger();
        Pause.milliseconds(100);
        standby.touchTrigger().awaitRole("primary");
        String timeline = standby.timeline();
        standby.touchTrigger().awaitLog("primary already: ignored");
        assertNoTrigger(standby);
        assertThat(standby.timeline()).isEqualTo(timeline);
        standby.awaitLog("open for writes: timeline");
        assertThat(standby.news().split("open for writes: timeline", -1)).hasSize(2);
        primary.start();
    }

    @Test
    void as_a_directory_is_refused_by_name() {
        assertThat(standby.run("mkdir", standby.runtime() + "/promote_trigger").status())
                .isZero();
        standby.awaitLog("promote_trigger is not a file: ignored and removed");
        assertNoTrigger(standby);
        assertThat(standby.role()).isEqualTo("standby");
    }

    @Test
    void while_replay_is_paused_promotes_with_all_that_was_received() {
        primary.insert(1, "before-pause");
        standby.sql("SELECT pg_wal_replay_pause()");
        standby.await(
                Duration.ofSeconds(10),
                () -> standby.sql("SELECT pg_get_wal_replay_pause_state()").equals("paused"),
                "paused replay");
        primary.insert(50, "while-paused");
        String rows = primary.rows();
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        assertThat(standby.news()).contains("replay is paused");
        assertThat(standby.rows()).isEqualTo(rows);
        primary.start();
    }

    @Test
    void while_the_receiver_is_frozen_promotes_all_the_same() {
        String receiver = standby.sql("SELECT pid FROM pg_stat_wal_receiver");
        assertThat(standby.run("kill", "-STOP", receiver).status()).isZero();
        primary.kill();
        standby.touchTrigger().awaitRole("primary");
        primary.start();
    }

    private static void assertNoTrigger(LocalInstance instance) {
        instance.await(
                Duration.ofSeconds(5),
                () -> !Files.exists(instance.runtime().resolve("promote_trigger")),
                "the end of the trigger");
    }
}
