package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops, starts and restarts by hand, with the pg_ctl in the container's PATH and with PostgreSQL's own by its full path. */
@Tag("long")
class MaintenanceIT extends StreamingPair {

    @Test
    void watches_a_server_that_was_started_by_hand() {
        assertThat(standby.realPgCtl("stop").status()).isZero();
        standby.awaitRole("maintenance");
        assertThat(standby.realPgCtl("start").status()).isZero();
        standby.awaitLog("PostgreSQL was started by hand");
        standby.awaitRole("standby");
        standby.killServer(standby.postmaster());
        assertThat(standby.exitStatus()).isEqualTo(1);
        assertThat(standby.news()).contains("PostgreSQL ended unexpectedly");
        standby.start();
    }

    /** A deployment restarts the standby first, when the primary still has the old value. */
    @Test
    void starts_as_a_standby_although_its_configuration_has_less_than_its_primary() throws IOException {
        standby.stop();
        standby.with(
                "CONFIG_DIRECTORY",
                pair.local().configuration("max_connections", "90").toString());
        standby.start().awaitRole("standby");
        assertThat(standby.sql("SHOW max_connections")).isEqualTo("200");
        standby.stop();
        standby.with("CONFIG_DIRECTORY", pair.local().configuration().toString())
                .start();
    }

    @Test
    void ends_at_once_during_maintenance() {
        assertThat(standby.run("pg_ctl", "stop", "-D", standby.data().toString())
                        .status())
                .isZero();
        standby.awaitRole("maintenance");
        Instant asked = Instant.now();
        assertThat(standby.stop()).isZero();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(2));
        standby.start();
    }

    /** Between the start by hand and the look that sees it. */
    @Test
    void stops_a_server_that_was_started_by_hand_a_moment_ago() {
        assertThat(standby.stop()).isZero();
        standby.with("TICK_SECONDS", "4").start();
        pair.awaitStreaming(primary, standby);
        assertThat(standby.realPgCtl("stop").status()).isZero();
        standby.awaitRole("maintenance");
        assertThat(standby.realPgCtl("start").status()).isZero();
        assertThat(standby.stop()).isZero();
        assertThat(standby.postmaster()).isZero();
        assertThat(standby.news()).contains("stopped cleanly").doesNotContain("started by hand");
        standby.with("TICK_SECONDS", "0.5").start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"primary", "standby"})
    void lives_through_five_restarts_by_full_path(String role) {
        LocalInstance instance = role.equals("primary") ? primary : standby;
        for (int i = 0; i < 5; i++) {
            Tool.Result result = instance.realPgCtl("restart");
            assertThat(result.status()).as(result.output()).isZero();
            assertHealthyAgain(instance, role + i);
        }
    }

    /** Stopped by the pg_ctl in PATH or by full path, and started by the one in PATH: an adopted server has no exit status. */
    @ParameterizedTest
    @ValueSource(strings = {"in PATH, primary", "by full path, primary", "in PATH, standby", "by full path, standby"})
    void lives_through_five_immediate_stops(String how) {
        LocalInstance instance = how.endsWith("primary") ? primary : standby;
        for (int i = 0; i < 5; i++) {
            Tool.Result result = how.startsWith("in PATH")
                    ? instance.run(
                            "pg_ctl",
                            "stop",
                            "-m",
                            "immediate",
                            "-D",
                            instance.data().toString())
                    : instance.realPgCtl("stop", "-m", "immediate");
            assertThat(result.status()).as(result.output()).isZero();
            instance.awaitRole("maintenance");
            result = instance.run("pg_ctl", "start", "-D", instance.data().toString());
            assertThat(result.output()).contains("server started as");
            assertHealthyAgain(instance, how.replace(' ', '-').replace(",", "") + i);
        }
    }

    private void assertHealthyAgain(LocalInstance instance, String note) {
        assertThat(instance.isAlive()).as(instance.log()).isTrue();
        LocalInstance opened = pair.awaitOnePrimary();
        opened.insert(3, note);
        pair.other(opened).awaitRows(opened.rows());
        assertThat(instance.isAlive()).as(instance.log()).isTrue();
    }
}
