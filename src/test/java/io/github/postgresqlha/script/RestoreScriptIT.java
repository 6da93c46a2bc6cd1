package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps restored: what comes back, what is kept, what is refused, on a real server. */
class RestoreScriptIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        backups = pair.local().folder().resolve("backups");
        primary.sql("airflow", "airflow", """
                CREATE TABLE runs AS SELECT i AS id, 'state ' || i AS state FROM generate_series(1, 1000) AS i;
                CREATE TABLE "Mixed Case" AS SELECT 1 AS one;
                CREATE TABLE nothing (id int)""");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void empty() {
        primary.run("sh", "-c", "rm -rf " + backups + "/* " + backups + "/.backup.lock");
    }

    @AfterEach
    void all_rows_are_there() {
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("1000");
    }

    @Test
    void restores_what_was_lost_and_keeps_what_was_there() {
        backup(Map.of());
        String dump = newest();
        primary.sql("airflow", "airflow", "DELETE FROM runs WHERE id > 10");
        Tool.Result result = primary.script("restore.sh", dump);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("restored and compared: 3 tables");
        assertThat(primary.sql("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'airflow'"))
                .isEqualTo("airflow");
        String before = primary.sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'");
        assertThat(primary.sql("postgres", before, "SELECT count(*) FROM runs")).isEqualTo("10");
        primary.sql("DROP DATABASE " + before);
    }

    @Test
    void restores_beside_without_touching_anything() {
        backup(Map.of());
        Tool.Result result = primary.script("restore.sh", newest(), "--into", "airflow_beside");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(primary.sql("postgres", "airflow_beside", "SELECT count(*) FROM runs"))
                .isEqualTo("1000");
        assertThat(primary.script("restore.sh", newest(), "--into", "airflow_beside")
                        .output())
                .contains("database airflow_beside exists; choose another name or drop it");
        primary.sql("DROP DATABASE airflow_beside");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "a b",
                "$(touch x)",
                "a'b",
                "a\nb",
                "a\"b",
                "--",
                "postgresql_backup_20240101_020000.sql.gz/..",
                ""
            })
    void refuses_what_is_no_name_of_a_dump(String name) {
        Tool.Result result = primary.script("restore.sh", name);
        assertThat(result.status()).isEqualTo(64);
    }

    @Test
    void refuses_every_damaged_dump_before_it_touches_anything() throws IOException {
        backup(Map.of());
        String dump = newest();
        byte[] whole = Files.readAllBytes(backups.resolve(dump));
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        refuses(dump, flipped, "its content does not match its checksum");
        refuses(dump, Arrays.copyOf(whole, whole.length / 2), "its content does not match its checksum");
        primary.run("rm", backups.resolve(dump + ".sha256").toString());
        refuses(dump, whole, "its checksum file " + dump + ".sha256 is missing");
        refuses(dump, new byte[0], "its checksum file");
    }

    @Test
    void ends_the_sessions_that_are_open_when_it_swaps() throws Exception {
        backup(Map.of());
        Process session =
                asOwner("psql", "-XU", "airflow", "-c", "BEGIN", "-c", "SELECT count(*), pg_sleep(600) FROM runs");
        Process crowd = asOwner(
                "bash",
                "-c",
                "trap 'kill $(jobs -p)' TERM; for i in 1 2 3 4 5 6; do (while :; do psql -XU airflow -c 'SELECT 1' -c 'SELECT pg_sleep(9)' || sleep 0.05; done) & done; wait");
        primary.await(
                Duration.ofSeconds(10),
                () -> primary.sql("SELECT count(*) > 2 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals("t"),
                "open sessions");
        Tool.Result result = primary.script("restore.sh", newest());
        crowd.destroy();
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(session.waitFor()).isNotZero();
        primary.sql("DROP DATABASE "
                + primary.sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'"));
    }

    private static Process asOwner(String... command) throws IOException {
        Map<String, String> server =
                Map.of("PGHOST", primary.environment("SOCKET_DIRECTORY"), "PGPORT", "" + primary.port());
        return pair.local()
                .process(server, command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A session that is frozen cannot be ended, so the swap is held in the middle. */
    @Test
    void leaves_a_database_that_can_be_used_where_it_is_killed_within_the_swap() throws Exception {
        backup(Map.of());
        String dump = newest();
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%FROM runs'")
                        .equals("0"),
                "the end of others' sessions");
        Process session = asOwner("psql", "-XU", "airflow", "-c", "SELECT count(*), pg_sleep(600) FROM runs");
        String frozen = awaitSession("query LIKE '%pg_sleep(600)%'");
        assertThat(primary.run("kill", "-STOP", frozen).status()).isZero();
        CompletableFuture<Tool.Result> restore =
                CompletableFuture.supplyAsync(() -> primary.script("restore.sh", dump));
        String renaming = awaitSession("query LIKE 'ALTER DATABASE%RENAME%' AND state = 'active'");
        primary.run(
                "bash",
                "-c",
                "grep -lsa restore.sh.*" + dump + " /proc/[0-9]*/cmdline | cut -d / -f 3 | xargs kill -KILL");
        primary.sql("SELECT pg_terminate_backend(" + renaming + ", 2000)");
        assertThat(primary.run("kill", "-CONT", frozen).status()).isZero();
        assertThat(restore.get().status()).isNotZero();
        assertThat(session.waitFor()).isNotZero();
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("1000");
        String left = "SELECT datname FROM pg_database WHERE datname LIKE 'airflow\\_%'";
        primary.sql("DROP DATABASE " + primary.sql(left) + " WITH (FORCE)");
        assertThat(primary.sql(left)).isEmpty();
    }

    private static String awaitSession(String condition) {
        String question = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + condition;
        primary.await(Duration.ofSeconds(60), () -> !primary.sql(question).isEmpty(), condition);
        return primary.sql(question);
    }

    @Test
    void leaves_the_database_where_a_sound_dump_cannot_be_restored() {
        backup(Map.of());
        String dump = newest();
        primary.run(
                "bash",
                "-c",
                "cd " + backups + " && { echo 'CREATE TABLE x (id nonsense);'; zcat " + dump
                        + "; } | gzip > x && mv -f x " + dump + " && sha256sum " + dump + " > " + dump + ".sha256");
        Tool.Result result = primary.script("restore.sh", dump);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("restore failed; database airflow is as it was");
        assertThat(primary.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"))
                .isEqualTo("airflow postgres template0 template1");
        assertThat(primary.script(Map.of("PGPORT", "1,1"), "restore.sh", dump).status())
                .isEqualTo(2);
    }

    private static void refuses(String dump, byte[] content, String reason) throws IOException {
        Files.write(backups.resolve(dump), content);
        Tool.Result result = primary.script("restore.sh", dump);
        assertThat(result.status()).isEqualTo(64);
        assertThat(result.output()).contains(reason).contains("nothing was touched");
    }

    private static Tool.Result backup(Map<String, String> changes) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "3");
        job.putAll(changes);
        return primary.script(job, "backup.sh");
    }

    private static String newest() {
        List<String> dumps =
                names().stream().filter(name -> name.endsWith(".sql.gz")).toList();
        return dumps.get(dumps.size() - 1);
    }

    private static List<String> names() {
        return Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> !name.startsWith("."))
                .toList();
    }
}
