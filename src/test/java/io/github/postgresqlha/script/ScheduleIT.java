package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Twenty-four nights of the schedule, back to back by a moved clock: a dump each night, a base backup each Sunday, the archiver
 * and the copy elsewhere all the time. In the end there is what the specification states, all of it, and nothing else.
 */
@Tag("long")
class ScheduleIT {

    private static final int NIGHTS = 24;
    /** A Sunday. */
    private static final Instant FIRST = Instant.parse("2026-03-01T02:00:00Z");

    private LocalPair pair;
    private LocalInstance primary;
    private LocalArchiver archiver;
    private LocalRemote remote;
    private LocalClock clock;
    private Path backups;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        primary = pair.primary().createRows();
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
        remote = new LocalRemote(pair.local());
        clock = new LocalClock(pair.local(), FIRST);
        backups = pair.local().folder().resolve("backups");
    }

    @AfterEach
    void stop() {
        archiver.close();
        pair.close();
    }

    @Test
    void ends_with_the_retention_that_the_specification_states() {
        String rows = "";
        for (int night = 0; night < NIGHTS; night++) {
            clock.set(dumpTime(night));
            primary.insert(2, String.format(Locale.ROOT, "night%02d", night));
            if (night == 15) {
                primary.sql("SELECT pg_create_restore_point('night 15')");
                rows = primary.rows();
            }
            archiver.switchSegment(primary);
            leaveUnfinishedDump(night);
            succeed(run("backup.sh"));
            if (night % 7 == 0) {
                clock.advance(Duration.ofHours(1));
                checkpoint();
                succeed(run("base-backup.sh"));
            }
            clock.set(dumpTime(night).plus(Duration.ofMinutes(90)));
            succeed(copy());
        }
        String last = archiver.switchSegment(primary);
        succeed(copy());

        // Seven days, and at least three; the newest two, with the log since the older of them.
        assertKept(IntStream.range(NIGHTS - 8, NIGHTS), last);
        // Seventeen days elsewhere, whatever is here.
        assertCopied(IntStream.range(NIGHTS - 17, NIGHTS), last);

        // Ten days without a run, and one of the last dumps is spoilt: three good ones stay, whatever their age.
        clock.advance(Duration.ofDays(10));
        pair.local().write(backups.resolve(dump(22)), "spoilt\n");
        succeed(run("cleanup-backups.sh", "--many"));
        assertKept(IntStream.of(20, 21, 23), last);

        Tool.Result recovered = primary.script(Map.of(), "restore-pitr.sh", "--target-name", "night 15", "--yes");
        assertThat(recovered.status()).as(recovered.output()).isZero();
        assertThat(recovered.output()).contains("from " + base(14) + " ");
        assertThat(primary.rows()).isEqualTo(rows).contains("night15=2").doesNotContain("night16");
    }

    private void assertKept(IntStream nights, String last) {
        List<String> dumps = nights.mapToObj(ScheduleIT::dump).toList();
        assertThat(list(backups.toString()))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of(
                                        ".backup.lock",
                                        ".reading",
                                        "base",
                                        "copied-bases",
                                        "copied-tails",
                                        "offsite",
                                        "wal"),
                                dumps.stream().flatMap(name -> Stream.of(name, name + ".sha256")))
                        .toList());
        assertThat(list(backups + "/base")).containsExactlyInAnyOrder(".lock", base(14), base(21));
        assertThat(archiver.segments()).isEqualTo(segments(backups.resolve("base/" + base(14)), last));
        assertThat(list(archiver.wal().toString()))
                .filteredOn(name -> !name.matches("[0-9A-F]{24}\\.gz|archiver\\.state\\.partial"))
                .containsExactlyInAnyOrder(".lock", "archiver.state", "receiving", "system-identifier");
        Tool.Result verified = primary.script("verify-backup.sh", "--all");
        assertThat(verified.status()).as(verified.output()).isZero();
        dumps.forEach(name -> assertThat(verified.output()).contains(name + " is good\n"));
        for (int night : new int[] {14, 21}) {
            int length = segments(backups.resolve("base/" + base(night)), last).size();
            assertThat(verified.output())
                    .contains(base(night) + " is good, and so are the " + length + " WAL segments from its start to "
                            + last);
        }
    }

    private void assertCopied(IntStream nights, String last) {
        Path there = remote.folder().resolve("postgresql");
        List<String> bases = Stream.of(7, 14, 21).map(ScheduleIT::base).toList();
        List<String> expected = Stream.of(
                        nights.mapToObj(ScheduleIT::dump).flatMap(name -> Stream.of(name, name + ".sha256")),
                        bases.stream()
                                .flatMap(name -> Stream.of("base.tar.gz", "backup_manifest", "base.env", "SHA256SUMS")
                                        .map(file -> "base/" + name + "/" + file)),
                        segments(there.resolve("base/" + base(7)), last).stream()
                                .map(name -> "wal/" + name + ".gz"),
                        Stream.of("wal/system-identifier", "last-copy.env"))
                .flatMap(files -> files)
                .toList();
        // The segment in progress goes there as well.
        assertThat(Project.filesBelow(there).stream().map(Path::toString).filter(name -> !name.startsWith("wal-tail/")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Of a run that was killed two days ago; files keep the real time. */
    private void leaveUnfinishedDump(int night) {
        if (night % 6 == 5) {
            primary.run(
                    "touch",
                    "-d",
                    "2 days ago",
                    backups.resolve(dump(night - 2) + ".partial").toString());
        }
    }

    /** A standby's copy begins at the last checkpoint that it has replayed. */
    private void checkpoint() {
        primary.sql("CHECKPOINT");
        String lsn = primary.sql("SELECT pg_current_wal_lsn()");
        primary.await(
                Duration.ofSeconds(20),
                () -> pair.standby()
                        .sql("SELECT pg_last_wal_replay_lsn() >= '" + lsn + "'")
                        .equals("t"),
                "a standby that has replayed the checkpoint");
    }

    /** From where a base backup begins to the last one. */
    private static List<String> segments(Path base, String last) {
        String start = Project.read(base.resolve("base.env"))
                .lines()
                .filter(line -> line.startsWith("START_LSN="))
                .findFirst()
                .orElseThrow();
        String[] lsn = start.replace("START_LSN=", "").split("/", 2);
        long first = (Long.parseLong(lsn[0], 16) << 8) + (Long.parseLong(lsn[1], 16) >> 24);
        return LongStream.rangeClosed(first, LocalArchiver.number(last))
                .mapToObj(number -> String.format(Locale.ROOT, "%08X%08X%08X", 1, number >> 8, number & 255))
                .toList();
    }

    private Tool.Result run(String script, String... arguments) {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of(
                "PGDATABASE", "airflow",
                "BACKUP_RETENTION_DAYS", "7",
                "BACKUP_RETENTION_MINIMUM", "3",
                "BASE_BACKUP_KEEP", "2"));
        return primary.script(clock.on(job), script, arguments);
    }

    private Tool.Result copy() {
        return remote.run("offsite.sh", Map.of("PATH", clock.before(remote.path()), "OFFSITE_RETENTION_DAYS", "17"));
    }

    private static void succeed(Tool.Result result) {
        assertThat(result.status()).as(result.output()).isZero();
    }

    private List<String> list(String folder) {
        return primary.run("ls", "-A", folder).output().lines().toList();
    }

    private static Instant dumpTime(int night) {
        return FIRST.plus(Duration.ofDays(night));
    }

    private static String dump(int night) {
        return "postgresql_backup_" + stamp(dumpTime(night)) + ".sql.gz";
    }

    private static String base(int night) {
        return "postgresql_base_" + stamp(dumpTime(night).plus(Duration.ofHours(1)));
    }

    private static String stamp(Instant time) {
        return DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(time);
    }
}
