package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Only one of two members sees the other. */
@Tag("long")
class OneWayIT extends FreshPair {

    /** It restarts in place beside silence while the other one is promoted: whoever sees both ends it. */
    @Test
    void the_newer_primary_asks_an_older_one_that_cannot_see_it_to_give_way() throws IOException {
        try (LocalWire wire = LocalWire.to(standby.port())) {
            primary.with("RESTART_IN_PLACE_SECONDS", "300").with("PEER_PORT", String.valueOf(wire.port()));
            primary.kill();
            standby.touchTrigger().awaitRole("primary");
            primary.start().awaitRole("primary");
            standby.awaitLog("is primary on timeline 1, older than the one here: it is asked to give way");
            primary.awaitRole("undecided");
            standby.insert(2, "newer");
            wire.heal();
            assertThat(pair.awaitOnePrimary()).isSameAs(standby);
            primary.awaitRows("newer=2");
        }
    }

    /** Its crash recovery takes long; it saw nobody when that began, and sees a newer primary since. */
    @Test
    void a_newer_primary_that_was_seen_while_recovery_took_long_counts_though_it_is_gone_since() throws IOException {
        primary.with("RESTART_IN_PLACE_SECONDS", "300")
                .with("STOP_SECONDS", "3")
                .insert(1, "before");
        standby.awaitRows("before=1");
        primary.sql("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 60000)");
        try (LocalWire wire = LocalWire.to(standby.port())) {
            primary.with("PEER_PORT", String.valueOf(wire.port())).kill();
            primary.start();
            String startup = stopStartupProcess(primary);
            primary.awaitLog("decision: open-place");
            standby.run("sh", "-c", "echo down >" + standby.runtime() + "/promote_trigger");
            standby.awaitRole("primary");
            standby.insert(5, "newer");
            wire.heal();
            primary.awaitLog("FENCED: postgresql-standby is primary on a newer timeline");
            primary.run("kill", "-CONT", startup);
            assertThat(standby.stop()).isZero();
            Pause.milliseconds(3_000);
            assertThat(primary.news()).doesNotContain("open for writes");
            standby.start();
            assertThat(pair.awaitOnePrimary()).isSameAs(standby);
            assertThat(standby.rows()).contains("newer=5");
            primary.awaitRows(standby.rows());
        }
    }
}
