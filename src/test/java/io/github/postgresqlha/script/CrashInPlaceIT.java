package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One process of PostgreSQL crashes, as by the OOM killer: the supervisor starts the server again, and nobody else does. */
@Tag("long")
class CrashInPlaceIT extends FreshPair {

    private static final String IN_PLACE = "The role is decided again, and PostgreSQL started in place";

    @Test
    void a_primary_serves_again_in_the_same_container() {
        String timeline = primary.timeline();
        primary.insert(20, "before");
        crash(primary, "walwriter");
        awaitServing(primary, "primary");
        assertThat(primary.isAlive()).isTrue();
        assertThat(primary.news())
                .contains("terminated by signal 9", "decision: open-place: restart in place of a primary");
        assertThat(primary.timeline()).isEqualTo(timeline);
        primary.insert(5, "after");
        assertThat(primary.rows()).isEqualTo("after=5 before=20");
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("after=5 before=20");
        assertThat(primary.state().resolve("primary-heartbeat")).isNotEmptyFile();
        assertThat(primary.data().resolve("standby.signal")).doesNotExist();
    }

    /** The standby is away: after a container's back-off the primary could not open without it any more. */
    @Test
    void a_primary_that_crashes_again_and_again_goes_on_alone() {
        assertThat(standby.stop()).isZero();
        crash(primary, "checkpointer");
        awaitServing(primary, "primary");
        primary.insert(3, "between");
        crash(primary, "checkpointer");
        primary.awaitLog("crashes again: started once more in 10 s");
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.news().lastIndexOf("open for writes")
                        > primary.news().indexOf("started once more"),
                "writes again");
        assertThat(primary.isAlive()).isTrue();
        primary.insert(2, "after");
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("after=2 between=3");
    }

    /** Kubernetes counts the restarts of a container, and waits longer each time. */
    @Test
    void a_second_crash_of_a_standby_at_once_ends_the_container() {
        crash(standby, "checkpointer");
        awaitServing(standby, "standby");
        crash(standby, "checkpointer");
        assertThat(standby.exitStatus()).isEqualTo(1);
        assertThat(standby.news()).contains("it was started in place less than 60 s ago: the container ends");
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
    }

    /** Another process is slow to end, so that the server outlives its crash for five seconds. */
    @Test
    void a_crash_in_the_middle_of_a_promotion_does_not_hold_it_up() throws IOException {
        primary.insert(5, "kept");
        standby.awaitRows("kept=5");
        startClient(
                standby,
                ProcessBuilder.Redirect.DISCARD,
                "psql",
                "-XAtqw",
                "-U",
                "postgres",
                "-d",
                "postgres",
                "-c",
                "SELECT pg_sleep(600)");
        String sleeper = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        standby.await(Duration.ofSeconds(10), () -> !standby.sql(sleeper).isEmpty(), "a session");
        standby.run("kill", "-STOP", standby.sql(sleeper));
        String pid = standby.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
        primary.kill();
        standby.touchTrigger().awaitLog("promoting");
        standby.run("kill", "-KILL", pid);
        standby.await(Duration.ofSeconds(50), () -> standby.role().equals("primary"), "role primary");
        assertThat(standby.isAlive()).isTrue();
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("kept=5");
    }

    @Test
    void a_standby_streams_again_in_the_same_container() {
        crash(standby, "checkpointer");
        awaitServing(standby, "standby");
        primary.insert(4, "meanwhile");
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("meanwhile=4");
        assertThat(standby.isAlive()).isTrue();
        assertThat(standby.news()).doesNotContain("role: opening");
    }

    /** Its crash recovery is slow, and a person fails over meanwhile. */
    @Test
    void acknowledges_nothing_once_the_peer_was_promoted_during_its_recovery() throws IOException {
        assertThat(standby.stop()).isZero();
        standby.with("PROMOTE_PENDING_SECONDS", "5").start();
        pair.awaitStreaming(primary, standby);
        primary.insert(7, "before");
        standby.awaitRows("before=7");
        primary.sql("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 60000)");
        crash(primary, "checkpointer");
        String startup = stopStartupProcess(primary);
        Path acknowledged = writeBeside(primary);
        standby.touchTrigger().awaitRole("primary");
        standby.insert(5, "successor");
        primary.run("kill", "-CONT", startup);
        primary.awaitRole("standby");
        assertThat(Project.read(acknowledged))
                .as("acknowledged by the former primary")
                .isEmpty();
        assertThat(primary.isAlive()).isTrue();
        assertThat(primary.news()).containsOnlyOnce("open for writes").contains(IN_PLACE);
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        primary.awaitRows("before=7 successor=5");
    }

    /** Again, after it was started in place. */
    private static void awaitServing(LocalInstance member, String role) {
        member.awaitLog(IN_PLACE);
        member.await(
                Duration.ofSeconds(40),
                () -> member.news().lastIndexOf("role: " + role) > member.news().indexOf(IN_PLACE),
                "role " + role);
    }

    /** A process by its name in pg_stat_activity. */
    private static void crash(LocalInstance member, String process) {
        String pid = member.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = '" + process + "'");
        assertThat(member.run("kill", "-KILL", pid).status()).isZero();
        member.await(
                Duration.ofSeconds(10),
                () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty(),
                "the crash");
    }
}
