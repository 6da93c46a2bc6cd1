package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first start of a member, interrupted: the next one completes it. */
@Tag("long")
class FirstStartIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;

    @BeforeEach
    void create() {
        pair = new LocalPair();
        primary = pair.primary();
        standby = pair.standby();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 300, 500, 700, 900, 1200, 1500, 1900})
    void initialises_after_a_power_cut_so_many_milliseconds_into_it(int milliseconds) {
        primary.start().awaitLog("role: initialising");
        Pause.milliseconds(milliseconds);
        cutPower();
        assertInitialised();
    }

    /** The last moment before the new cluster takes its place. */
    @Test
    void initialises_after_a_power_cut_in_the_last_moment() {
        primary.start().awaitLog("role: initialising");
        primary.await(
                Duration.ofSeconds(20),
                () -> Files.exists(primary.state().resolve("last-role")) || Files.exists(primary.data()),
                "the last moment");
        cutPower();
        assertInitialised();
    }

    /** The server that fills the new cluster is nobody's child: pg_ctl has started it. */
    private void cutPower() {
        primary.kill();
        primary.run(
                "sh",
                "-c",
                "server=$(head -n 1 " + primary.data()
                        + ".initialising/postmaster.pid 2>/dev/null) && kill -QUIT $server;"
                        + " while kill -0 $server 2>/dev/null; do sleep 0.1; done");
    }

    private void assertInitialised() {
        primary.start().awaitRole("primary").createRows().insert(3, "first");
        assertThat(primary.rows()).isEqualTo("first=3");
        assertThat(
                        primary.sql(
                                "SELECT count(*) FROM pg_roles WHERE rolname IN ('airflow', 'replicator', 'rewinder', 'monitor', 'backup')"))
                .isEqualTo("5");
        assertThat(primary.run("ls", primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
        assertThat(primary.state().resolve("had-data")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200, 300, 450, 600, 800, 1100})
    void copies_after_a_power_cut_so_many_milliseconds_into_it(int milliseconds) {
        primary.start().awaitRole("primary").createRows().insert(3, "first");
        standby.start().awaitLog("role: cloning");
        Pause.milliseconds(milliseconds);
        standby.kill();
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("first=3");
    }

    @Test
    void streams_once_its_port_is_free() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(3, "first");
        assertWaitsForItsPort();
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("first=3");
        // And after a clean stop, which leaves other signs.
        assertThat(standby.stop()).isZero();
        assertWaitsForItsPort();
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
    }

    private void assertWaitsForItsPort() throws IOException {
        try (ServerSocket busy = new ServerSocket(standby.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(busy.isBound()).isTrue();
            standby.start();
            assertThat(standby.exitStatus()).isEqualTo(1);
            assertThat(standby.news()).contains("Address already in use", "PostgreSQL ended unexpectedly, status 1");
        }
    }
}
