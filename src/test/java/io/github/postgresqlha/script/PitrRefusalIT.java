package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be recovered is refused with its reason, and the running database is not touched. */
class PitrRefusalIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalRepository repository;
    private static String base = "";
    private static String beforeBase = "";
    private static String inside = "";
    private static List<String> segments = List.of();
    private static long postmaster;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        beforeBase = now();
        base = repository.backUp(primary);
        for (String note : List.of("b", "c", "d")) {
            primary.insert(2, note);
            repository.switchSegment(primary);
        }
        inside = now();
        primary.insert(2, "e");
        repository.switchSegment(primary);
        primary.insert(2, "f");
        repository.awaitArchived(primary);
        repository.close(); // a later commit of autovacuum would move the end of the archive
        segments = repository.files("", ".gz").stream()
                .map(file -> file.getFileName().toString())
                .toList();
        postmaster = primary.postmaster();
        shell("cp -a " + repository.folder() + " " + repository.folder() + ".good");
    }

    @AfterAll
    static void stop() {
        repository.close();
        pair.close();
    }

    @BeforeEach
    void whole() {
        shell("rm -rf " + repository.folder() + "/base " + repository.folder() + "/wal/0* && cp -a "
                + repository.folder()
                + ".good/base " + repository.folder() + "/ && cp -a " + repository.folder() + ".good/wal/0* "
                + repository.wal() + "/");
    }

    @AfterEach
    void is_untouched_and_serves() {
        assertThat(primary.rows()).isEqualTo("a=2 b=2 c=2 d=2 e=2 f=2");
        assertThat(primary.postmaster()).isEqualTo(postmaster);
        assertThat(primary.timeline()).isEqualTo("00000001");
        assertThat(primary.run("ls", primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
        assertThat(primary.run("ls", primary.environment("WAL_DIRECTORY"))
                        .output()
                        .lines())
                .hasSize(1);
        assertThat(primary.run("sh", "-c", "ls -d " + primary.runtime() + "/pitr.* 2>/dev/null")
                        .output())
                .isEmpty();
    }

    @Test
    void tablespaces_are_refused_by_the_dry_run_as_well() {
        shell("cd " + repository.base(base) + " && sed -i 's/^TABLESPACES=0/TABLESPACES=1/' base.env"
                + " && sha256sum -- base.tar.gz backup_manifest base.env >SHA256SUMS");
        Tool.Result refused = primary.script(Map.of(), "restore-pitr.sh", "--latest", "--dry-run");
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output())
                .contains(base + " has tablespaces outside of the data directory: restore it by hand")
                .doesNotContain("can be restored");
    }

    @Test
    void restores_the_whole_repository_when_only_asked_whether_it_could() {
        Tool.Result result = restore("--target-time", inside, "--dry-run");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("all of this can be restored; nothing was touched");
    }

    /** Whoever makes a copy holds the lock, and notes its WAL as an attempt's; earlier versions did so in one note for all. */
    @Test
    void a_copy_that_is_being_made_is_left_alone() {
        String wal = primary.environment("WAL_DIRECTORY") + "/wal-20260101T000000Z-1";
        shell("mkdir " + wal + " " + primary.data() + ".cloning && ln -s " + wal + " " + primary.data()
                + ".cloning/pg_wal && touch " + wal + "/000000010000000000000001 && echo " + wal + " | tee " + wal
                + ".attempt >" + primary.state() + "/attempt-wal");
        shell("(exec 9>>" + primary.state()
                + "/install.lock; flock 9; exec sleep 30) </dev/null >/dev/null 2>&1 & echo $! >" + primary.runtime()
                + "/holder; sleep 0.5");
        try {
            Tool.Result dry = restore("--latest", "--dry-run");
            Tool.Result real = restore("--latest", "--yes");
            assertThat(primary.run("ls", wal).output()).isEqualToIgnoringWhitespace("000000010000000000000001");
            assertThat(dry.status()).as(dry.output()).isEqualTo(75);
            assertThat(real.output()).contains("another recovery or copy is being made on this volume");
        } finally {
            shell("kill $(cat " + primary.runtime() + "/holder); rm " + primary.runtime() + "/holder");
        }
        primary.await(
                Duration.ofSeconds(30), () -> !Files.exists(Path.of(wal)), "the end of what nobody makes any more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|exactly one target, got none",
                "--latest --target-lsn 0/3000000|exactly one target, got two",
                "--target-time yesterday|'yesterday' is no time; write it like",
                "--target-time 2026-13-01T00:00:00Z|'2026-13-01T00:00:00Z' is no time",
                "--target-lsn 12345|'12345' is no place in the log",
                "--target-xid 0|'0' is no transaction",
                "--target-name a'b|must be 1 to 63 of",
                "--latest --timeline one|'one' is no number",
                "--latest --base ../x|is no name of a base backup",
                "--now|unknown argument",
            })
    void refuses_what_is_malformed(String arguments, String reason) {
        assertRefused(64, reason, arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }

    @Test
    void refuses_a_time_outside_of_the_window_and_names_the_window() {
        assertRefused(1, "is in the future", "--target-time", "2099-01-01T00:00:00Z");
        assertRefused(1, "is after the end of the archive", "--target-time", now());
        assertRefused(1, "is before the end of the first base backup", "--target-time", beforeBase);
        assertRefused(1, "timeline 1 can be restored from 20", "--target-time", "2001-01-01 00:00:00+00");
        assertRefused(1, "is after the end of the archive", "--target-lsn", "7F/0");
        assertRefused(1, "is before the end of the first base backup", "--target-lsn", "0/10");
        assertRefused(1, "xid 4000000 is not in the archive", "--target-xid", "4000000");
        assertRefused(1, "name never is not in the archive", "--target-name", "never");
        assertRefused(1, "there is no timeline 9", "--latest", "--timeline", "9");
    }

    @Test
    void takes_a_time_without_a_zone_as_utc_and_says_so() {
        Tool.Result result = restore("--target-time", "2099-01-01 00:00:00");
        assertThat(result.output())
                .contains("names no time zone: taken as UTC", "2099-01-01 00:00:00.000000 UTC is in the future");
    }

    @Test
    void refuses_where_a_segment_before_the_target_is_missing() {
        String segment = segments.get(segments.size() - 3);
        shell("rm " + repository.wal().resolve(segment));
        String reason = "segment " + segment.replace(".gz", "") + " is missing";
        assertRefused(1, reason, "--target-time", inside);
        assertRefused(1, reason, "--latest");
        assertThat(restore("--list").output()).contains("GAP: " + reason);
    }

    @Test
    void refuses_where_a_segment_before_the_target_is_damaged() {
        String segment =
                repository.wal().resolve(segments.get(segments.size() - 2)).toString();
        flipByteIn(segment);
        assertRefused(1, segment + " is damaged", "--latest");
        // What is before it can still be had.
        String early = primary.sql("SELECT pg_lsn '" + repository.fact(base, "STOP_LSN") + "' + 8");
        assertThat(restore("--target-lsn", early, "--dry-run").status()).isZero();
    }

    @Test
    void refuses_a_base_backup_of_which_a_byte_differs() {
        flipByteIn(repository.base(base) + "/base.tar.gz");
        assertRefused(1, "base backup " + base + ": its content does not match its checksums: base.tar.gz", "--latest");
    }

    @Test
    void refuses_without_room_for_a_second_copy() {
        rewriteFact("PLAIN_BYTES", "900000000000000");
        assertRefused(1, "not enough room for a second copy: 90000", "--latest");
    }

    @Test
    void refuses_another_database_s_base_backup() {
        rewriteFact("SYSTEM_IDENTIFIER", "7000000000000000001");
        assertRefused(1, "no base backup of this database (system " + primary.systemIdentifier() + ")", "--latest");
    }

    /** The recovery itself fails where the content is not what the manifest says, though every checksum fits. */
    @Test
    void gives_up_where_the_unpacked_data_are_not_those_of_the_manifest() {
        shell("cd " + repository.base(base)
                + " && mkdir x && tar -xzf base.tar.gz -C x && echo 16 > x/PG_VERSION && tar -czf base.tar.gz -C x . && rm -r x"
                + " && sha256sum base.tar.gz backup_manifest base.env > SHA256SUMS");
        assertRefused(1, "the recovery did not succeed; the database is as it was", "--latest", "--yes");
    }

    private static void assertRefused(int status, String reason, String... arguments) {
        Tool.Result result = restore(arguments);
        assertThat(result.output()).contains(reason);
        assertThat(result.status()).as(result.output()).isEqualTo(status);
    }

    private static void rewriteFact(String key, String value) {
        shell("cd " + repository.base(base) + " && sed -i 's/^" + key + "=.*/" + key + "=" + value
                + "/' base.env && sha256sum base.tar.gz backup_manifest base.env > SHA256SUMS");
    }

    private static void flipByteIn(String file) {
        shell(
                "perl -e 'open F, \"+<\", $ARGV[0]; seek F, int((-s F) / 2), 0; read F, $b, 1; seek F, -1, 1; print F chr(ord($b) ^ 255)' "
                        + file);
    }

    private static Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }

    private static void shell(String command) {
        Tool.Result result = primary.run("sh", "-ec", command);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static String now() {
        return primary.sql("SELECT clock_timestamp()");
    }
}
