package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pg_ctl in the container's PATH speaks of the container's server only, and what it noted is not believed for ever. */
class PgCtlIT {

    private static LocalPair pair;
    private static LocalInstance instance;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        instance = pair.primary().start().awaitRole("primary");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** Another data directory is none of the supervisor's business, and a crash after that is a crash. */
    @Test
    void a_stop_of_another_server_leaves_no_note() {
        Path other = pair.local().makeFolder("other-data");
        Path note = instance.runtime().resolve("stop_request");
        for (String[] command : new String[][] {
            {"pg_ctl", "stop", "-D", other.toString()},
            {"pg_ctl", "stop", "-D" + other},
            {"pg_ctl", "stop", "--pgdata=" + other, "-m", "fast"},
            {"pg_ctl", "restart", "-D", other.toString()}
        }) {
            Tool.Result result = instance.run(command);
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output()).contains(other.toString());
            assertThat(Files.exists(note)).isFalse();
            assertThat(Files.exists(instance.runtime().resolve("start_request")))
                    .isFalse();
        }
        assertThat(instance.role()).isEqualTo("primary");
        assertThat(instance.run("pg_ctl", "status", "-D", instance.data().toString())
                        .output())
                .contains("server is running");
        assertThat(instance.run("pg_ctl", "reload", "-D", instance.data().toString())
                        .output())
                .contains("server signaled");
    }

    /** As a pg_ctl leaves it that is killed while it waits. */
    @Test
    void a_note_that_was_forgotten_makes_no_maintenance_of_a_crash() {
        instance.run("sh", "-c", ": >" + instance.runtime() + "/stop_request");
        instance.killServer(instance.postmaster());
        assertThat(instance.exitStatus()).as(instance.news()).isEqualTo(137);
        assertThat(instance.news()).contains("PostgreSQL ended unexpectedly");
        instance.start().awaitRole("primary");
    }

    @Test
    void a_stop_by_hand_is_maintenance() {
        Tool.Result odd = instance.run("pg_ctl", "stop", "-t", "x[0]");
        assertThat(odd.output()).contains("-t x[0]: not a number of seconds");
        assertThat(instance.run("pg_ctl", "stop", "-m", "immediate").status()).isZero();
        instance.awaitRole("maintenance");
        Tool.Result started =
                instance.run("pg_ctl", "start", "-D", instance.data().toString());
        assertThat(started.output()).contains("server started as primary");
    }
}
