package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dumps, their proof and their retention, on a real server. */
class BackupScriptIT {

    private static final List<String> LIMITS = List.of(
            "statement_timeout",
            "lock_timeout",
            "transaction_timeout",
            "idle_session_timeout",
            "idle_in_transaction_session_timeout");

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
    void keeps_a_dump_that_is_complete() {
        Tool.Result result = backup(Map.of());
        assertThat(result.status()).as(result.output()).isZero();
        String dump = newest();
        assertThat(names()).containsExactly(dump, dump + ".sha256");
        Tool.Result verified = primary.script("verify-backup.sh");
        assertThat(verified.output()).endsWith(dump + " is good\n");
        assertThat(verified.status()).isZero();
    }

    /** The owner's settings and functions are not the backup's: it may read what the owner may not. */
    @Test
    void runs_nothing_of_the_owner() {
        primary.sql("airflow", "airflow", """
                CREATE SCHEMA planted; GRANT USAGE ON SCHEMA planted TO PUBLIC;
                CREATE FUNCTION planted.pg_database_size(name) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN
                  EXECUTE $q$ALTER ROLE backup PASSWORD 'known'$q$; RETURN 'x[$(touch $BACKUP_DIRECTORY/owned)]'; END $f$""");
        primary.sql("ALTER DATABASE airflow SET search_path = planted, pg_catalog");
        primary.sql("ALTER DATABASE airflow SET default_transaction_read_only = on");
        try {
            Tool.Result result = backup(Map.of());
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(names()).hasSize(2).doesNotContain("owned");
            assertThat(backup(Map.of()).output()).as("its password").doesNotContain("authentication failed");
        } finally {
            primary.sql("ALTER DATABASE airflow RESET ALL");
            primary.sql("airflow", "airflow", "DROP SCHEMA planted CASCADE");
        }
    }

    /** The database is its owner's, who sets limits for whoever enters it. */
    @Test
    void limits_of_time_that_the_owner_set_end_no_dump() {
        for (String limit : LIMITS) {
            primary.sql("airflow", "airflow", "ALTER DATABASE airflow SET " + limit + " = '1ms'");
        }
        try {
            Tool.Result result = backup(Map.of());
            assertThat(result.status()).as(result.output()).isZero();
        } finally {
            primary.sql("ALTER DATABASE airflow RESET ALL");
        }
    }

    @Test
    void leaves_nothing_where_it_cannot_connect() {
        Tool.Result result = backup(Map.of("PGPORT", "1,1"));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.output()).contains("cannot connect to 127.0.0.1,127.0.0.1 as backup");
        assertThat(names()).isEmpty();
    }

    @Test
    void keeps_no_dump_that_was_cut_off() throws IOException {
        keepsNothingWith("pg_dump", "#!/bin/sh\necho '-- half a dump'\nkill -9 $$\n");
    }

    @Test
    void keeps_no_dump_that_the_volume_spoilt() throws IOException {
        keepsNothingWith(
                "tee",
                "#!/bin/sh\n/usr/bin/tee \"$@\" && printf wrong | dd of=\"$2\" bs=1 seek=99 conv=notrunc 2>/dev/null\n");
    }

    private static void keepsNothingWith(String program, String text) throws IOException {
        Path broken = Files.createDirectories(pair.local().folder().resolve("broken-" + program));
        Path file = broken.resolve(program);
        pair.local().write(file, text);
        assertThat(file.toFile().setExecutable(true, false)).isTrue();
        Tool.Result result = backup(Map.of(
                "PATH",
                broken + ":" + primary.run("sh", "-c", "echo $PATH").output().strip()));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("the dump is not complete and was not kept");
        assertThat(names()).isEmpty();
    }

    @Test
    void makes_way_for_another_run() throws IOException {
        Process holder = pair.local()
                .process(Map.of(), "flock", backups + "/.backup.lock", "sleep", "20")
                .start();
        primary.await(Duration.ofSeconds(5), () -> Files.exists(backups.resolve(".backup.lock")), "the lock");
        Tool.Result result = backup(Map.of());
        holder.descendants().forEach(ProcessHandle::destroy);
        holder.destroy();
        assertThat(result.status()).isEqualTo(75);
        assertThat(result.output()).contains("another backup is running");
    }

    @Test
    void finds_a_truncated_dump_although_its_checksum_fits() throws IOException {
        backup(Map.of());
        String dump = newest();
        primary.run(
                "bash",
                "-c",
                "cd " + backups + " && zcat " + dump + " | head -n 40 | gzip > x && mv -f x " + dump + " && sha256sum "
                        + dump + " > " + dump + ".sha256");
        Tool.Result result = primary.script("verify-backup.sh", dump);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("it is truncated: the end of the dump is missing");
    }

    @Test
    void finds_an_unsound_dump_although_its_checksum_fits() {
        backup(Map.of());
        String dump = newest();
        primary.run(
                "bash",
                "-c",
                "cd " + backups + " && truncate -s -1 " + dump + " && sha256sum " + dump + " > " + dump + ".sha256");
        Tool.Result result = primary.script("verify-backup.sh", dump);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("it is no sound gzip file");
    }

    @Test
    void removes_old_dumps_but_never_the_last_good_ones() {
        backup(Map.of());
        String dump = newest();
        for (int day = 1; day <= 5; day++) {
            String old = "postgresql_backup_2020010" + day + "_020000.sql.gz";
            primary.run(
                    "bash",
                    "-c",
                    "cd " + backups + " && cp " + dump + " " + old + " && sha256sum " + old + " > " + old + ".sha256");
        }
        assertThat(cleanup(Map.of("BACKUP_RETENTION_MINIMUM", "3")).status()).isZero();
        assertThat(names().stream().filter(name -> name.endsWith(".gz")))
                .containsExactly(
                        "postgresql_backup_20200104_020000.sql.gz", "postgresql_backup_20200105_020000.sql.gz", dump);
        primary.run(
                "sh",
                "-c",
                "rm " + backups + "/" + dump + "* && echo x > " + backups
                        + "/postgresql_backup_20200105_020000.sql.gz");
        cleanup(Map.of("BACKUP_RETENTION_MINIMUM", "1"));
        assertThat(names()).contains("postgresql_backup_20200104_020000.sql.gz");
    }

    /** To a clock that is a year ahead all dumps are old. */
    @Test
    void does_not_remove_most_of_the_dumps_at_once() {
        backup(Map.of());
        String dump = newest();
        for (int day = 10; day <= 30; day++) {
            String old = "postgresql_backup_202001" + day + "_020000.sql.gz";
            primary.run(
                    "bash",
                    "-c",
                    "cd " + backups + " && cp " + dump + " " + old + " && sha256sum " + old + " > " + old + ".sha256");
        }
        Tool.Result result = cleanup(Map.of("BACKUP_RETENTION_MINIMUM", "3"));
        assertThat(result.status()).isZero();
        assertThat(result.output())
                .contains("19 of 22 dumps are older than 7 days at this clock")
                .contains("Nothing was removed");
        assertThat(names().stream().filter(name -> name.endsWith(".gz"))).hasSize(22);
        Map<String, String> job = new TreeMap<>(Map.of("BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "3"));
        assertThat(primary.script(job, "cleanup-backups.sh", "--many").status()).isZero();
        assertThat(names().stream().filter(name -> name.endsWith(".gz"))).hasSize(3);
    }

    @Test
    void archives_wal_that_was_written() {
        try (LocalArchiver archiver = new LocalArchiver(pair).awaitStreaming(primary)) {
            String segment = archiver.switchSegment(primary);
            Tool.Result same = primary.run(
                    "bash",
                    "-c",
                    "cmp <(gzip -dc " + backups + "/wal/" + segment + ".gz) " + primary.data() + "/pg_wal/" + segment);
            assertThat(same.output()).isEmpty();
            assertThat(archiver.stop()).isZero();
        }
    }

    private static Tool.Result backup(Map<String, String> changes) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.put("PGDATABASE", "airflow");
        job.put("BACKUP_RETENTION_DAYS", "7");
        job.put("BACKUP_RETENTION_MINIMUM", "3");
        job.putAll(changes);
        return primary.script(job, "backup.sh");
    }

    private static Tool.Result cleanup(Map<String, String> changes) {
        Map<String, String> job = new TreeMap<>(Map.of("BACKUP_RETENTION_DAYS", "7"));
        job.putAll(changes);
        return primary.script(job, "cleanup-backups.sh");
    }

    private static String newest() {
        return names().stream()
                .filter(name -> name.endsWith(".sql.gz"))
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    private static List<String> names() {
        return Project.filesBelow(backups).stream()
                .map(Path::toString)
                .filter(name -> !name.startsWith("."))
                .toList();
    }
}
