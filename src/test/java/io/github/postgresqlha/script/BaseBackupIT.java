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
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Base backups, their proof and their retention, on a real pair with its archiver. */
@Tag("long")
class BaseBackupIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalArchiver archiver;
    private static BaseBackups backups;
    private static Path base;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
        backups = new BaseBackups(pair, primary);
        base = backups.folder();
        primary.createRows().insert(100, "first");
        archiver.switchSegment(primary);
    }

    @AfterAll
    static void stop() {
        archiver.close();
        pair.close();
    }

    @BeforeEach
    void without_base_backups() {
        primary.run("rm", "-rf", base.toString());
    }

    @Test
    void is_taken_from_the_standby_and_can_be_verified() {
        String name = backups.take();
        assertThat(fact(name, "SYSTEM_IDENTIFIER")).isEqualTo(primary.systemIdentifier());
        assertThat(fact(name, "TIMELINE")).isEqualTo("1");
        assertThat(fact(name, "SERVER_VERSION")).startsWith(LocalMajor.VERSION.toString());
        assertThat(fact(name, "FINISHED")).matches("20[0-9-]+T[0-9:]+Z");
        assertThat(Long.parseLong(fact(name, "PLAIN_BYTES")))
                .isGreaterThan(Long.parseLong(fact(name, "COMPRESSED_BYTES")));
        assertThat(primary.run("bash", "-c", "tar -xzOf " + base.resolve(name) + "/base.tar.gz backup_label")
                        .output())
                .contains("BACKUP FROM: standby")
                .contains("START WAL LOCATION: " + fact(name, "START_LSN") + " ");
        Tool.Result verified = primary.script("verify-backup.sh", "--base");
        assertThat(verified.output()).containsPattern(name + " is good, and so are the [1-9][0-9]* WAL segments");
        assertThat(verified.status()).isZero();
        assertThat(backups.names()).containsExactly(name);
    }

    @Test
    void is_taken_when_it_is_needed_only() {
        String name = backups.take("--if-needed");
        assertThat(backups.run(Map.of(), "--if-needed").output()).isEmpty();
        assertThat(backups.names()).containsExactly(name);
        pair.local().write(archiver.wal().resolve("chain-broken"), "MISSING_FROM=0/1\nMISSING_TO=0/2\nSINCE=x\n");
        backups.run(Map.of(), "--if-needed");
        assertThat(backups.names()).hasSize(2);
        assertThat(archiver.wal().resolve("chain-broken")).doesNotExist();
    }

    @Test
    void heals_a_chain_that_broke_before_it_by_the_primarys_copy_where_it_has_to() {
        Path mark = archiver.wal().resolve("chain-broken");
        pair.local().write(mark, "MISSING_FROM=0/1\nMISSING_TO=FF/0\nSINCE=x\n");
        assertThat(backups.run(Map.of()).output()).contains("the chain of WAL is still broken");
        primary.insert(1, "after the restart point");
        String to = primary.sql("SELECT pg_current_wal_flush_lsn()");
        pair.local().write(mark, "MISSING_FROM=0/1\nMISSING_TO=" + to + "\nSINCE=x\n");
        backups.take();
        assertThat(mark).doesNotExist();
    }

    @Test
    void names_what_is_damaged() throws IOException {
        String name = backups.take();
        for (String file : List.of("base.tar.gz", "backup_manifest", "base.env")) {
            damaged(
                    base.resolve(name).resolve(file),
                    "flip",
                    name + ": its content does not match its checksums: " + file);
        }
        damaged(base.resolve(name + "/backup_manifest"), "truncate", "its checksums: backup_manifest");
        damaged(base.resolve(name + "/base.tar.gz"), "empty", "its file base.tar.gz is missing or empty");
        damaged(base.resolve(name + "/SHA256SUMS"), "flip", name + ": ");
        archiver.switchSegment(primary);
        String last = archiver.switchSegment(primary);
        damaged(archiver.wal().resolve(last + ".gz"), "flip", "WAL segment " + last + " is damaged");
        damaged(archiver.wal().resolve(last + ".gz"), "truncate", "WAL segment " + last + " is damaged");
        String before = archiver.segments().get(archiver.segments().indexOf(last) - 1);
        damaged(archiver.wal().resolve(before + ".gz"), "remove", "WAL segment " + before + " is missing");
        damaged(
                archiver.wal().resolve(before + ".gz"),
                "swap",
                "WAL segment " + before + " is damaged: its content belongs");
        assertThat(primary.script("verify-backup.sh", "--base", name).status()).isZero();
    }

    @Test
    void leaves_nothing_of_a_final_name_when_it_is_killed() throws IOException {
        archiver.stop();
        Process killed = pair.local()
                .process(backups.job(), pair.local().scripts() + "/base-backup.sh")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.run("bash", "-c", "ls " + base + "/.postgresql_base_*.partial/backup_manifest")
                                .status()
                        == 0,
                "a copy that is under way");
        killed.descendants().forEach(ProcessHandle::destroyForcibly);
        killed.destroyForcibly();
        killed.onExit().join();
        assertThat(backups.names()).isEmpty();
        archiver.start();
        archiver.awaitStreaming(primary);
        String name = backups.take();
        assertThat(primary.run("ls", "-A", base.toString()).output().lines()).containsExactlyInAnyOrder(".lock", name);
    }

    @Test
    void keeps_nothing_whose_wal_does_not_come() {
        archiver.stop();
        primary.insert(1, "unarchived");
        primary.sql("CHECKPOINT");
        Tool.Result result = backups.run(Map.of("ARCHIVE_WAIT_SECONDS", "2"));
        archiver.start();
        archiver.awaitStreaming(primary);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).containsPattern("WAL segment [0-9A-F]{24} did not come into .* within 2 s");
        assertThat(backups.names()).isEmpty();
    }

    @Test
    void makes_way_for_another_run_and_says_when_nobody_answers() throws IOException {
        pair.local().makeFolder("backups/base");
        Process holder = pair.local()
                .process(Map.of(), "flock", base + "/.lock", "sleep", "20")
                .start();
        primary.await(
                Duration.ofSeconds(5),
                () -> primary.run("flock", "-n", base + "/.lock", "true").status() == 1,
                "the lock");
        assertThat(backups.run(Map.of()).status()).isEqualTo(75);
        holder.descendants().forEach(ProcessHandle::destroy);
        holder.destroy();
        Tool.Result silent = backups.run(Map.of("PGPORT", "1,1"));
        assertThat(silent.status()).isEqualTo(2);
        assertThat(silent.output()).contains("no member of 127.0.0.1,127.0.0.1 answers as replicator");
        assertThat(backups.names()).isEmpty();
    }

    @Test
    void removes_exactly_the_wal_that_nothing_kept_needs() {
        String oldest = backups.take();
        archiver.switchSegment(primary);
        archiver.switchSegment(primary);
        primary.sql("CHECKPOINT");
        primary.await(
                Duration.ofSeconds(20),
                () -> pair.standby()
                        .sql("SELECT pg_last_wal_replay_lsn() >= '" + primary.sql("SELECT pg_current_wal_lsn()") + "'")
                        .equals("t"),
                "a standby that has replayed the checkpoint");
        String middle = backups.take();
        archiver.switchSegment(primary);
        List<String> before = archiver.segments();
        Tool.Result trial = backups.cleanUp("--dry-run");
        assertThat(trial.output()).contains("would remove " + oldest);
        assertThat(backups.names()).containsExactly(oldest, middle);
        assertThat(archiver.segments()).isEqualTo(before);
        assertThat(backups.cleanUp().status()).isZero();
        assertThat(backups.names()).containsExactly(middle);
        long first = LocalArchiver.number(startSegment(middle));
        assertThat(archiver.segments())
                .isEqualTo(before.stream()
                        .filter(name -> LocalArchiver.number(name) >= first)
                        .toList())
                .hasSizeLessThan(before.size());
        assertThat(primary.script("verify-backup.sh", "--base").status()).isZero();
    }

    @Test
    void never_removes_the_last_good_one() throws IOException {
        String good = backups.take();
        Pause.milliseconds(1_000); // names are of a second
        String damaged = backups.take();
        Files.write(base.resolve(damaged + "/base.tar.gz"), new byte[] {1});
        assertThat(backups.cleanUp().output())
                .contains(damaged + ": its content does not match")
                .doesNotContain("removing");
        assertThat(backups.names()).containsExactly(good, damaged);
    }

    private static void damaged(Path file, String how, String problem) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        byte[] changed = whole.clone();
        for (int i = whole.length / 2; i < whole.length / 2 + 8; i++) {
            changed[i] ^= 4;
        }
        switch (how) {
            case "flip" -> Files.write(file, changed);
            case "truncate" -> Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            case "empty" -> Files.write(file, new byte[0]);
            case "swap" -> Files.write(file, Files.readAllBytes(newest()));
            default -> Files.delete(file);
        }
        Tool.Result result = primary.script("verify-backup.sh", "--base");
        Tool.Result all = primary.script("verify-backup.sh", "--all");
        Files.write(file, whole);
        assertThat(result.output()).as("%s %s", how, file).contains(problem);
        assertThat(result.status()).isEqualTo(1);
        assertThat(all.output()).contains(problem);
        assertThat(all.status()).isEqualTo(1);
    }

    private static Path newest() {
        return archiver.wal()
                .resolve(archiver.segments().get(archiver.segments().size() - 1) + ".gz");
    }

    private static String startSegment(String name) {
        String[] lsn = fact(name, "START_LSN").split("/", 2);
        return String.format(
                Locale.ROOT, "%08X%08X%08X", 1, Long.parseLong(lsn[0], 16), Long.parseLong(lsn[1], 16) / (16 << 20));
    }

    private static String fact(String name, String key) {
        return Project.read(base.resolve(name + "/base.env"))
                .lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("");
    }
}
