package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What retention, the jobs and a recovery do to each other's files. */
class RetentionIT {

    private static final String OLD = "postgresql_backup_20200101_020000.sql.gz";

    private static LocalPair pair;
    private static LocalInstance primary;
    private static Path backups;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary").createRows();
        primary.insert(3, "a");
        backups = pair.local().folder().resolve("backups");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @BeforeEach
    void make_an_old_dump() {
        shell("rm -rf ./* .backup.lock .reading");
        backup();
        shell("cp postgresql_backup_*.sql.gz " + OLD + " && sha256sum " + OLD + " >" + OLD + ".sha256");
    }

    @Test
    void nothing_goes_while_a_recovery_reads() throws Exception {
        assertThat(cleanup().output()).contains("removing " + OLD);
        make_an_old_dump();
        shell("touch .reading");
        Process reader = pair.local()
                .process(
                        Map.of("BACKUP_DIRECTORY", backups.toString(), "script_dir", scripts()),
                        "bash",
                        "-c",
                        "source $script_dir/lib/facts.sh && source $script_dir/backup/repository.sh && hold_backups && touch $BACKUP_DIRECTORY/held && sleep 60")
                .start();
        primary.await(Duration.ofSeconds(20), () -> Files.exists(backups.resolve("held")), "the reader");
        assertThat(cleanup().output()).contains("a recovery reads the backups: nothing is removed now");
        assertThat(backups.resolve("retention-skipped")).content().matches("SINCE_EPOCH=[0-9]+\n");
        assertThat(backups.resolve(OLD)).exists();
        reader.descendants().forEach(ProcessHandle::destroyForcibly);
        reader.destroyForcibly().waitFor();
        assertThat(cleanup().output()).contains("removing " + OLD);
        assertThat(backups.resolve(OLD)).doesNotExist();
        assertThat(backups.resolve("retention-skipped")).doesNotExist();
    }

    /** A comment that is not committed keeps CREATE DATABASE waiting for the template. */
    @Test
    void a_restore_holds_the_backups() throws Exception {
        shell("touch .reading");
        Process comment = pair.local()
                .process(
                        Map.of("PGHOST", primary.environment("SOCKET_DIRECTORY"), "PGPORT", "" + primary.port()),
                        "psql",
                        "-XU",
                        "postgres",
                        "-c",
                        "BEGIN; COMMENT ON DATABASE template0 IS 'held'; SELECT pg_sleep(77)")
                .start();
        awaitSession("wait_event = 'PgSleep'");
        CompletableFuture<Tool.Result> restore =
                CompletableFuture.supplyAsync(() -> primary.script("restore.sh", OLD, "--into", "airflow_held"));
        awaitSession("query LIKE 'CREATE DATABASE%' AND wait_event_type = 'Lock'");
        assertThat(cleanup().output()).contains("a recovery reads the backups: nothing is removed now");
        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        assertThat(restore.get().status()).as(restore.get().output()).isZero();
        assertThat(comment.waitFor()).isNotZero();
        primary.sql("DROP DATABASE airflow_held");
    }

    private static void awaitSession(String condition) {
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE " + condition)
                        .equals("1"),
                condition);
    }

    /** No hole before the youngest ones, so the clock is right. */
    @Test
    void a_shorter_retention_removes_most_of_the_dumps() {
        shell("rm " + OLD
                + "*; for day in {1..12}; do new=postgresql_backup_$(date -u -d \"-$day days -1 hour\" +%Y%m%d_%H%M%S).sql.gz; "
                + "cp \"$(ls postgresql_backup_*.gz | tail -n 1)\" $new && sha256sum $new >$new.sha256; done");
        assertThat(cleanup("3").output()).doesNotContain("Nothing was removed");
        assertThat(shell("ls | grep -c 'gz$'").strip()).isEqualTo("3");
    }

    /** Their names tell what the clock was. */
    @Test
    void the_base_backup_that_begins_last_in_the_log_is_kept() {
        shell("mkdir -p wal && echo 7 >wal/system-identifier; for n in 2 3 4 5; do perl -e "
                + "'print pack(\"vvVQ<VVQ<VV\", 0xD116, 2, 1, $ARGV[0] << 24, 0, 0, 7, 1 << 24, 8192)' $n >wal/00000001000000000000000$n; done; "
                + "for b in 20991126_142747:0/2000000 20261126_142747:0/5000000; do d=base/postgresql_base_${b%%:*}; mkdir -p $d; "
                + "printf '%s\\n' SYSTEM_IDENTIFIER=7 SERVER_VERSION=17.0 TIMELINE=1 START_LSN=${b#*:} STOP_LSN=${b#*:} FINISHED=2026-11-26T14:27:47Z "
                + "PLAIN_BYTES=1 SEGMENT_BYTES=16777216 TABLESPACES=0 >$d/base.env; echo x >$d/backup_manifest; echo x >$d/base.tar.gz; "
                + "(cd $d && sha256sum * >.s && mv .s SHA256SUMS); done");
        Tool.Result result = primary.script(
                Map.of("BACKUP_RETENTION_DAYS", "7", "BACKUP_RETENTION_MINIMUM", "1", "BASE_BACKUP_KEEP", "1"),
                "cleanup-backups.sh");
        assertThat(result.output()).contains("removing postgresql_base_20991126_142747");
        assertThat(shell("ls base").strip()).isEqualTo("postgresql_base_20261126_142747");
    }

    /** Good dumps are old to it, and its hole lies among those that are kept, or among the old ones. */
    @ParameterizedTest
    @ValueSource(strings = {"-25 days", "365 days"})
    void a_clock_that_is_or_was_wrong_removes_nothing(String shift) {
        shell(
                "one=$(ls postgresql_backup_*.gz | tail -n 1); put() { new=postgresql_backup_$(date -u -d \"$1\" +%Y%m%d_%H%M%S).sql.gz; cp $one $new; sha256sum $new >$new.sha256; }; "
                        + "for day in {1..30}; do put \"-$day days " + shift.replace("365", "-365")
                        + " -1 hour\"; done");
        assertThat(cleanup("30").output())
                .contains("is it right, and were there no backups for so long? Nothing was removed");
        assertThat(shell("ls | grep -c 'gz$'").strip()).isEqualTo("32");
    }

    /** However they were ended: their scratch goes before the next one asks for room. */
    @Test
    void a_backup_sweeps_what_killed_ones_left() {
        List<String> left = List.of(
                "postgresql_backup_20260101_020000.sql.gz.partial",
                "postgresql_backup_20260101_020000.sql.gz.sha256.partial",
                "base/.scratch",
                "base/.postgresql_base_20260101_020000.partial");
        shell("mkdir -p base/.scratch base/.postgresql_base_20260101_020000.partial && touch " + left.get(0) + " "
                + left.get(1));
        backup();
        left.forEach(name -> assertThat(backups.resolve(name)).doesNotExist());
    }

    /** A base backup that is being taken keeps its scratch. */
    @Test
    void a_backup_leaves_the_scratch_of_a_base_backup_that_runs() throws Exception {
        shell("mkdir -p base/.scratch");
        Process base = pair.local()
                .process(Map.of(), "flock", backups + "/base/.lock", "sleep", "60")
                .start();
        primary.await(Duration.ofSeconds(20), () -> Files.exists(backups.resolve("base/.lock")), "the lock");
        backup();
        assertThat(backups.resolve("base/.scratch")).exists();
        base.descendants().forEach(ProcessHandle::destroy);
        base.destroy();
    }

    private static void backup() {
        Pause.milliseconds(1_100); // names are of a second
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "7000", "BACKUP_RETENTION_MINIMUM", "1"));
        Tool.Result result = primary.script(job, "backup.sh");
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static Tool.Result cleanup() {
        return cleanup("7");
    }

    private static Tool.Result cleanup(String days) {
        Tool.Result result = primary.script(
                Map.of("BACKUP_RETENTION_DAYS", days, "BACKUP_RETENTION_MINIMUM", "1"), "cleanup-backups.sh");
        assertThat(result.status()).as(result.output()).isZero();
        return result;
    }

    private static String scripts() {
        return pair.local().scripts().toString();
    }

    private static String shell(String command) {
        Tool.Result result = primary.run("bash", "-euc", "cd " + backups + " && " + command);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
