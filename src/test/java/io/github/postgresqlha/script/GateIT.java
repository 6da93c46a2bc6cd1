package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No commit is acknowledged before the last look at the peer, whatever keeps the own server from answering meanwhile. */
@Tag("long")
class GateIT extends FreshPair {

    /** Slow crash recovery, and a person fails over meanwhile; both members see each other all the time. */
    @Test
    void a_restart_in_place_looks_once_more_however_long_its_recovery_takes() throws IOException {
        Path before = writeBeside(primary);
        primary.await(Duration.ofSeconds(30), () -> !Project.read(before).isEmpty(), "a commit of the client");
        stopClient();
        primary.sql("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 60000)");
        assertThat(standby.stop()).isZero();
        standby.with("PROMOTE_PENDING_SECONDS", "5").start();
        pair.awaitStreaming(primary, standby);
        primary.kill();
        primary.start();
        String startup = stopStartupProcess(primary);
        Files.delete(before);
        Path acknowledged = writeBeside(primary);
        standby.touchTrigger().awaitRole("primary");
        standby.insert(5, "successor");
        primary.run("kill", "-CONT", startup);
        primary.awaitRole("standby");
        assertThat(Project.read(acknowledged))
                .as("acknowledged by the former primary")
                .isEmpty();
        assertThat(primary.news()).doesNotContain("is no timeline").doesNotContain("open for writes");
    }

    @Test
    void a_promise_is_kept_after_a_promotion_was_taken_back() {
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        String startup = standby.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup'");
        standby.run("kill", "-STOP", startup);
        standby.with("STOP_SECONDS", "3").touchTrigger();
        standby.await(
                Duration.ofSeconds(119),
                () -> standby.news().contains("promotion did not end in time"),
                "PostgreSQL's own deadline");
        standby.run("rm", "-f", standby.runtime() + "/promote_trigger");
        standby.awaitLog("the request for a promotion was taken back");
        primary.start();
        standby.run("kill", "-CONT", startup);
        LocalInstance open = pair.awaitOnePrimary();
        open.insert(6, "acknowledged");
        Pause.milliseconds(3_000);
        assertThat(pair.awaitOnePrimary()).isSameAs(open);
        assertThat(open.rows()).contains("acknowledged=6");
        assertThat(standby.news()).doesNotContain("FENCED");
        assertThat(primary.news()).doesNotContain("FENCED");
    }

    @Test
    void a_promotion_by_sql_acknowledges_nothing_before_the_peer_was_looked_at() {
        primary.insert(1, "before");
        standby.awaitRows("before=1");
        assertThat(standby.sql("SHOW synchronous_standby_names")).startsWith("nobody");
        standby.sql("SELECT pg_promote()");
        standby.awaitRole("primary");
        assertThat(standby.news()).contains("role: opening");
        primary.awaitRole("standby");
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
    }
}
