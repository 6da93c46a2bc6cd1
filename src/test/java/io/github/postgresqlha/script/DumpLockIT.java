package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.DumpedServer.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** pg_dump waits for these without a limit of its own: it locks what it reads, as for the definition of a view. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "REFRESH MATERIALIZED VIEW locked.totals",
                "CREATE OR REPLACE VIEW locked.total AS SELECT count(*) FROM runs",
                "DROP SEQUENCE locked.numbers"
            })
    void whatever_is_locked_stops_no_dump_of_another_database(String statement) throws Exception {
        server.asOwner("""
                CREATE SCHEMA locked; CREATE MATERIALIZED VIEW locked.totals AS SELECT count(*) FROM runs;
                CREATE VIEW locked.total AS SELECT count(*) FROM runs; CREATE SEQUENCE locked.numbers""");
        Process holder = locking(statement);
        try {
            String relation = statement.replaceAll(".*(locked\\.[a-z]+).*", "$1");
            assertThat(failsSoon())
                    .contains("canceling statement due to user request", LOST)
                    .containsPattern("airflow waited 2 s for a lock: process [0-9]+ of role airflow \\(holder\\) holds "
                            + relation + " since 20");
        } finally {
            end(holder);
            server.asOwner("DROP SCHEMA locked CASCADE");
        }
    }

    /** pg_dump leaves such a table out; whether it has rows is asked before. */
    @Test
    void a_locked_table_of_an_extension_stops_no_dump_of_another_database() throws Exception {
        Path folder =
                Path.of(server.primary().sql("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"), "extension");
        Path control = folder.resolve("pgha_locked.control");
        Path script = folder.resolve("pgha_locked--1.0.sql");
        try {
            Files.writeString(control, "default_version = '1.0'\nsuperuser = false\n");
            Files.writeString(script, "CREATE TABLE locked (n int);\n");
            server.asOwner("CREATE EXTENSION pgha_locked");
            Process holder = locking("LOCK TABLE locked");
            try {
                assertThat(failsSoon())
                        .contains("the members of extensions in airflow cannot be listed", "lock timeout", LOST)
                        .contains("role airflow (holder) holds public.locked since 20");
            } finally {
                end(holder);
            }
        } finally {
            server.asOwner("DROP EXTENSION IF EXISTS pgha_locked");
            Files.deleteIfExists(control);
            Files.deleteIfExists(script);
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

    /** The output of a run whose dump of airflow fails, and that of reports does not. */
    private static String failsSoon() {
        Map<String, String> job = server.job("all");
        job.put("DUMP_LOCK_WAIT_SECONDS", "2");
        long began = System.nanoTime();
        Tool.Result result = server.primary().script(job, "backup.sh");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as(result.output())
                .isLessThan(Duration.ofSeconds(40));
        assertThat(result.status()).as(result.output()).isNotZero();
        assertThat(result.output()).contains("backup complete: databases/");
        assertThat(server.dumps()).singleElement().asString().contains(".reports.sql.gz");
        return result.output();
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
