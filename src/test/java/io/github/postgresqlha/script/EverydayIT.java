package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Everyday sequences that once lost rows without a word, or left nobody serving. */
class EverydayIT extends FreshPair {

    /** A former primary's log ends with its own shutdown, which says nothing of the peer that was promoted since. */
    @Test
    void the_own_shutdown_is_no_proof_about_the_peer() {
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        freeze(standby);
        primary.start().awaitRole("undecided").touchTrigger();
        Pause.milliseconds(15_000);
        assertThat(primary.role()).isEqualTo("undecided");
    }

    /** Rows that only the rebuilt member has are acknowledged, and gone without a word. */
    @Test
    void a_rebuild_reports_what_it_drops() {
        primary.insert(2, "both");
        pair.failOverWithLoss(primary, standby, 3, "lost");
        freeze(standby);
        primary.start().awaitRole("undecided");
        primary.run("touch", primary.runtime() + "/rebuild_request");
        primary.awaitLog("a rebuild was requested: waiting");
        thaw();
        primary.awaitLog("copy of postgresql-standby complete");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("both=2");
        assertThat(primary.news()).contains("ABANDONED");
    }

    /** Both whole, both see each other, nobody serves. */
    @Test
    void a_standby_whose_replay_is_paused_does_not_keep_the_primary_closed() {
        standby.sql("SELECT pg_wal_replay_pause()");
        assertThat(primary.stop()).isZero();
        primary.start().await(Duration.ofSeconds(90), () -> primary.role().equals("primary"), "a primary");
    }

    /** The server is primary already, and pg_promote says so for ever: the gate stays closed. */
    @Test
    void a_trigger_beside_a_promotion_by_sql_ends() {
        standby.touchTrigger().awaitLog("promotion pending: postgresql-primary is primary");
        standby.sql("SELECT pg_promote()");
        standby.await(Duration.ofSeconds(90), () -> standby.role().equals("primary"), "a primary");
    }

    /** What only tells the health check how full a volume is must not keep a member from opening. */
    @Test
    void a_volume_that_hangs_keeps_nobody_from_opening() {
        Path stubs = pair.local().makeFolder("stubs");
        pair.local().write(stubs.resolve("df"), "#!/bin/sh\nexec sleep 300\n");
        standby.run("chmod", "+x", stubs + "/df");
        assertThat(standby.stop()).isZero();
        standby.with(
                        "PATH",
                        stubs + ":"
                                + standby.run("sh", "-c", "echo $PATH").output().strip())
                .start();
        pair.awaitStreaming(primary, standby);
        standby.run("rm", "-f", standby.runtime() + "/figures");
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
    }

    @Test
    void a_copy_of_a_peer_that_froze_is_given_up_for_a_promotion() {
        standby.run("touch", standby.runtime() + "/rebuild_request");
        standby.await(
                Duration.ofSeconds(20),
                () -> standby.news().contains("rebuild requested")
                        && standby.news().endsWith("copying postgresql-primary\n"),
                "the copy");
        freeze(primary);
        standby.run("sh", "-c", "echo force >" + standby.runtime() + "/promote_trigger");
        standby.awaitRole("primary");
    }
}
