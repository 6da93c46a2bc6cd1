package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.DumpedServer.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A lock of one owner stops no dump of another, and whoever holds it is named. */
@Tag("long")
class DumpLockIT {

    private static DumpedServer server;

    @BeforeAll
    static void start() {
        server = new DumpedServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        server.removeDumps();
    }

    /** Whoever holds it is named; what it runs may hold a secret. */
    @Test
    void a_lock_of_the_application_stops_no_dump_of_another_database() throws Exception {
        Process holder = locking("LOCK TABLE runs");
        try {
            Map<String, String> job = server.job("all");
            job.put("DUMP_LOCK_WAIT_SECONDS", "2");
            Tool.Result result = server.primary().script(job, "backup.sh");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("statement timeout", LOST)
                    .containsPattern(
                            "airflow waited 2 s for a lock: process [0-9]+ of role airflow \\(holder\\) holds public\\.runs since 20[0-9-]{8} [0-9:]{8} UTC")
                    .contains("backup complete: databases/")
                    .doesNotContain("LOCK TABLE runs");
            assertThat(server.dumps()).singleElement().asString().contains(".reports.sql.gz");
        } finally {
            end(holder);
        }
    }

    /** One that is prepared is held by no process. */
    @Test
    void a_lock_of_a_prepared_transaction_is_named() {
        Tool.Result prepared = server.primary()
                .run(
                        "psql",
                        "-XAtqw",
                        "-h",
                        server.primary().environment("SOCKET_DIRECTORY"),
                        "-U",
                        "airflow",
                        "-d",
                        "airflow",
                        "-c",
                        "BEGIN; LOCK TABLE runs; PREPARE TRANSACTION 'left'");
        assertThat(prepared.status()).as(prepared.output()).isZero();
        try {
            Map<String, String> job = server.job("");
            job.put("DUMP_LOCK_WAIT_SECONDS", "2");
            Tool.Result result = server.primary().script(job, "backup.sh");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("prepared transaction left of role airflow holds public.runs since 20");
        } finally {
            server.asOwner("ROLLBACK PREPARED 'left'");
        }
    }

    @Test
    void refuses_a_time_that_is_none() {
        for (String seconds : List.of("0", "-1", "2s", "1.5")) {
            Map<String, String> job = server.job("");
            job.put("DUMP_LOCK_WAIT_SECONDS", seconds);
            assertThat(server.primary().script(job, "backup.sh").status()).isEqualTo(64);
        }
    }

    /** Begun when this returns. */
    private static Process locking(String statement) throws IOException {
        Process process = server.local()
                .process(
                        Map.of("PGAPPNAME", "holder"),
                        "psql",
                        "-Xqw",
                        "-h",
                        server.primary().environment("SOCKET_DIRECTORY"),
                        "-p",
                        String.valueOf(server.primary().port()),
                        "-U",
                        "airflow",
                        "-d",
                        "airflow",
                        "-c",
                        "BEGIN; " + statement + "; SELECT pg_sleep(120)")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        server.primary()
                .await(
                        Duration.ofSeconds(20),
                        () -> server.primary()
                                .sql(
                                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' AND wait_event = 'PgSleep'")
                                .equals("1"),
                        "a lock");
        return process;
    }

    private static void end(Process holder) throws InterruptedException {
        server.primary()
                .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holder'");
        holder.waitFor();
    }
}
