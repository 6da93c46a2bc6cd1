package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to a dump while it is taken: no fault leaves a bad file under a final name, and none is silent. */
@Tag("long")
class DumpFaultIT {

    private static final Instant NIGHT = Instant.parse("2026-03-08T02:00:00Z");
    private static final String NAME = "postgresql_backup_20260308_020000.sql.gz";

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;
    private static Path gate;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        backups = pair.local().folder().resolve("backups");
        gate = pair.local().makeFolder("gate");
        // More than pipes and sockets hold, so that pg_dump waits for a compressor that does not read.
        primary.sql("airflow", "airflow", """
                CREATE TABLE runs AS SELECT i AS id, md5(i::text) AS state FROM generate_series(1, 400000) AS i;
                CREATE TABLE zz_last (id int)""");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void empty() {
        primary.run("sh", "-c", "rm -rf " + backups + "/* " + backups + "/.backup.lock");
        primary.run("sh", "-c", "rm -f " + gate + "/*");
    }

    @AfterEach
    void all_rows_are_there() {
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("400000");
    }

    @Test
    void keeps_nothing_when_the_compressor_is_killed() {
        Path gzip = pair.local().program("gzip", """
                #!/bin/sh
                [ $# = 0 ] || exec /usr/bin/gzip "$@"
                head -c 100000 | /usr/bin/gzip
                kill -9 $$
                """);
        Tool.Result result = backup(before(gzip, Map.of()));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("the dump is not complete and was not kept; earlier dumps are untouched");
        assertThat(names()).isEmpty();
    }

    @Test
    void a_second_run_makes_way_for_the_first_which_says_how_far_it_is() throws Exception {
        Process first = held(Map.of("PROGRESS_SECONDS", "1"));
        Tool.Result second = backup(Map.of());
        assertThat(second.status()).isEqualTo(75);
        assertThat(second.output()).contains("another backup is running on this volume");
        primary.await(
                Duration.ofSeconds(10),
                () -> said().matches("(?s).*INFO dumping airflow: [0-9]+ bytes written after [0-9]+ s\n.*"),
                "progress in " + said());
        Files.createFile(gate.resolve("go"));
        assertThat(first.waitFor()).as(said()).isZero();
        assertThat(said()).doesNotContain("Terminated");
        assertThat(names()).hasSize(2);
        assertThat(primary.script("verify-backup.sh", "--all").status()).isZero();
    }

    @Test
    void a_killed_run_leaves_no_final_name_and_nothing_that_stays() throws Exception {
        Process killed = held(Map.of());
        killed.descendants().forEach(ProcessHandle::destroyForcibly);
        killed.destroyForcibly().waitFor();
        assertThat(names()).singleElement().asString().endsWith(".sql.gz.partial");
        Path left = backups.resolve(names().get(0));
        Path orphan = backups.resolve("postgresql_backup_20200101_020000.sql.gz.sha256");
        pair.local().write(orphan, "of a run that was killed before the dump got its name\n");
        primary.run("touch", "-d", "2 days ago", left.toString());
        Tool.run(new ProcessBuilder("touch", "-d", "2 days ago", orphan.toString()));
        assertThat(backup(Map.of()).status()).isZero();
        assertThat(left).doesNotExist();
        assertThat(orphan).doesNotExist();
        assertThat(names()).hasSize(2);
    }

    @Test
    void a_clock_that_is_set_back_costs_no_dump() {
        LocalClock clock = new LocalClock(pair.local(), NIGHT);
        assertThat(backup(clock.on(Map.of())).status()).isZero();
        byte[] first = bytes(NAME);
        Tool.Result again = backup(clock.on(Map.of()));
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output())
                .contains(NAME + " is there already; nothing is overwritten. Was the clock set back?");
        assertThat(bytes(NAME)).isEqualTo(first);
        clock.advance(Duration.ofDays(-30));
        assertThat(backup(clock.on(Map.of())).status()).isZero();
        assertThat(names()).filteredOn(name -> name.endsWith(".gz")).hasSize(2).contains(NAME);
        assertThat(primary.script("verify-backup.sh", "--all").status()).isZero();
    }

    /** The run between whose two renames a power cut was. */
    @Test
    void a_checksum_without_its_dump_is_never_taken_for_that_of_another() {
        LocalClock clock = new LocalClock(pair.local(), NIGHT);
        pair.local().write(backups.resolve(NAME + ".sha256"), "0".repeat(64) + "  " + NAME + "\n");
        assertThat(backup(clock.on(Map.of())).status()).isZero();
        Tool.Result verified = primary.script("verify-backup.sh", NAME);
        assertThat(verified.status()).as(verified.output()).isZero();
    }

    @Test
    void a_conflict_on_a_standby_that_is_dumped_leaves_nothing() throws Exception {
        LocalInstance standby = pair.standby();
        standby.sql("ALTER SYSTEM SET max_standby_streaming_delay = 0");
        standby.sql("SELECT pg_reload_conf()");
        Process dump = held(Map.of("PGTARGETSESSIONATTRS", "standby"));
        primary.sql("airflow", "airflow", "TRUNCATE zz_last");
        standby.awaitLog("canceling statement due to conflict with recovery");
        Files.createFile(gate.resolve("go"));
        assertThat(dump.waitFor()).as(said()).isEqualTo(1);
        assertThat(said()).contains("conflict with recovery").contains("the dump is not complete and was not kept");
        assertThat(names()).isEmpty();
        standby.sql("ALTER SYSTEM RESET max_standby_streaming_delay");
        standby.sql("SELECT pg_reload_conf()");
    }

    /** The scheduled job dumps the primary: a standby's conflicts cannot end it. */
    @Test
    void the_nightly_dump_is_not_cancelled_by_a_standby() throws Exception {
        Process dump = held(Map.of());
        Process truncate = pair.local()
                .process(
                        Map.of(),
                        "psql",
                        "-Xqw",
                        "-h",
                        primary.environment("SOCKET_DIRECTORY"),
                        "-p",
                        String.valueOf(primary.port()),
                        "-U",
                        "airflow",
                        "-d",
                        "airflow",
                        "-c",
                        "TRUNCATE zz_last")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        primary.await(
                Duration.ofSeconds(20),
                () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                        .equals("1"),
                "a statement that waits for the dump");
        Files.createFile(gate.resolve("go"));
        assertThat(dump.waitFor()).as(said()).isZero();
        assertThat(truncate.waitFor()).isZero();
        assertThat(names()).hasSize(2);
    }

    @Test
    void a_standby_alone_takes_no_restore() {
        assertThat(backup(Map.of()).status()).isZero();
        Tool.Result refused = primary.script(
                Map.of(
                        "MEMBER_HOSTS",
                        "127.0.0.1",
                        "PGPORT",
                        String.valueOf(pair.standby().port())),
                "restore.sh",
                names().get(0));
        assertThat(refused.status()).as(refused.output()).isEqualTo(2);
        assertThat(refused.output()).contains("no member of 127.0.0.1 accepts writes");
    }

    @Test
    void removes_nothing_where_every_dump_is_old_and_bad() {
        for (int day = 1; day <= 4; day++) {
            pair.local().write(backups.resolve("postgresql_backup_2020010" + day + "_020000.sql.gz"), "bad\n");
        }
        Tool.Result result = primary.script(job(Map.of()), "cleanup-backups.sh");
        assertThat(result.status()).isZero();
        assertThat(result.output()).contains("is old and not good, but no newer dump is good: kept");
        assertThat(names()).hasSize(4);
    }

    private static Map<String, String> job(Map<String, String> changes) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "1");
        for (String name : List.of("SECRET_DIRECTORY", "BACKUP_DIRECTORY", "RUNTIME_DIRECTORY")) {
            job.put(name, primary.environment(name));
        }
        job.putAll(changes);
        return job;
    }

    private static Tool.Result backup(Map<String, String> changes) {
        return primary.script(job(changes), "backup.sh");
    }

    /** A backup whose compressor reads nothing before the gate is open; it has begun when this returns. */
    private static Process held(Map<String, String> changes) throws IOException {
        Path gzip = pair.local().program("gzip", """
                #!/bin/sh
                if [ $# = 0 ]; then
                  touch GATE/reached
                  while [ ! -e GATE/go ]; do sleep 0.1; done
                fi
                exec /usr/bin/gzip "$@"
                """.replace("GATE", gate.toString()));
        Process process = pair.local()
                .process(before(gzip, job(changes)), pair.local().scripts() + "/backup.sh")
                .redirectErrorStream(true)
                .redirectOutput(gate.resolve("said").toFile())
                .start();
        primary.await(Duration.ofSeconds(20), () -> Files.exists(gate.resolve("reached")), "a dump under way");
        String copying =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pg_dump%' AND wait_event = 'ClientWrite'";
        primary.await(
                Duration.ofSeconds(20),
                () -> List.of(primary, pair.standby()).stream()
                        .anyMatch(member -> member.sql(copying).equals("1")),
                "rows on their way");
        return process;
    }

    private static Map<String, String> before(Path program, Map<String, String> changes) {
        Map<String, String> environment = new TreeMap<>(changes);
        environment.put("PATH", program.getParent() + ":" + pair.local().path());
        return environment;
    }

    private static String said() {
        return Project.read(gate.resolve("said"));
    }

    private static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(backups.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names() {
        return Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> !name.startsWith("."))
                .toList();
    }
}
