package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The standby that is copied follows the promotion of another one meanwhile, so the copy begins on one timeline and ends on the next:
 * no recovery opens it. The second range of WAL is written into its manifest here, as PostgreSQL writes it there.
 */
@Tag("long")
class CrossingBaseIT {

    /** Gives a manifest, by its file, a second range behind its own, and its checksum anew. */
    private static final String CROSS = """
            use Digest::SHA 'sha256_hex';
            local $/; my $f = shift; open my $in, '<', $f or die; my $m = <$in>; close $in;
            $m =~ s/(\\{ "Timeline": )1(, "Start-LSN": "[^"]*", "End-LSN": ")([^"]*)(" \\})/$1 . "1$2$3$4,\\n" . $1 . "2, \\"Start-LSN\\": \\"$3\\", \\"End-LSN\\": \\"$3$4"/e or die;
            $m =~ s/"Manifest-Checksum": ".*//s or die;
            open my $out, '>', $f or die; print $out $m, '"Manifest-Checksum": "', sha256_hex($m), "\\"}\\n";
            """;

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
        pair.local().write(pair.local().folder().resolve("cross.pl"), CROSS);
        primary.createRows().insert(2, "a");
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
    void is_not_kept_and_the_primarys_copy_is_taken() {
        String real = pair.local().programs() + "/bin/pg_basebackup";
        Path slow = pair.local().program("pg_basebackup", """
                #!/bin/bash
                REAL "$@" || exit
                [[ "$*" != *port=STANDBY* ]] || { while [[ "$1" != -D ]]; do shift; done; perl FOLDER/cross.pl "$2/backup_manifest"; }
                """.replace("REAL", real)
                .replace("STANDBY", String.valueOf(pair.standby().port()))
                .replace("FOLDER", pair.local().folder().toString()));
        pair.local().write(archiver.wal().resolve("00000002.history"), "1\tF/0\tno recovery target specified\n");
        Tool.Result result =
                backups.run(Map.of("PATH", slow.getParent() + ":" + pair.local().path(), "ARCHIVE_WAIT_SECONDS", "5"));
        primary.run("rm", "-f", archiver.wal().resolve("00000002.history").toString());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("went from timeline 1 to 2 meanwhile");
        assertThat(backups.names()).hasSize(1);
        assertThat(Project.read(base.resolve(backups.names().get(0) + "/backup_manifest")))
                .doesNotContain("\"Timeline\": 2");
    }

    @Test
    void is_named_where_it_is_there_already_and_never_counts() {
        String good = backups.take();
        primary.insert(1, "b");
        Pause.milliseconds(1_000); // names are of a second
        String crossing = backups.take();
        archiver.switchSegment(primary);
        Tool.Result made = primary.run(
                "bash",
                "-euc",
                "cd " + base.resolve(crossing) + " && perl " + pair.local().folder()
                        + "/cross.pl backup_manifest && sha256sum -- base.env backup_manifest base.tar.gz > sums && mv sums SHA256SUMS");
        assertThat(made.status()).as(made.output()).isZero();
        String named = crossing + ": it begins on timeline 1 and ends on timeline 2";
        Tool.Result verified = primary.script("verify-backup.sh", "--base", crossing);
        assertThat(verified.output()).contains(named);
        assertThat(verified.status()).isEqualTo(1);
        assertThat(primary.script(Map.of(), "restore-pitr.sh", "--list").output())
                .containsPattern(crossing + " +not usable: it begins on timeline 1 and ends on timeline 2");
        assertThat(primary.script(Map.of(), "restore-pitr.sh", "--latest", "--dry-run")
                        .output())
                .contains(named, "from " + good);
        assertThat(backups.cleanUp().output()).contains(named);
        assertThat(backups.names()).containsExactly(good, crossing);
    }

    /** The timeline was left between its start and its end: that its start is on the next one's way is not enough. */
    @Test
    void is_not_good_along_a_timeline_that_left_its_own_before_its_end() {
        String taken = backups.take();
        archiver.switchSegment(primary);
        String start = primary.run(
                        "sed",
                        "-n",
                        "s/^START_LSN=//p",
                        base.resolve(taken + "/base.env").toString())
                .output()
                .strip();
        String segment =
                String.format(Locale.ROOT, "0000000100000000%08X", Long.parseLong(start.substring(2), 16) >> 24);
        String there = archiver.wal().resolve(segment + ".gz").toString();
        String moved = there.replace("/00000001", "/00000002");
        Path history = archiver.wal().resolve("00000002.history");
        String left = String.format(Locale.ROOT, "0/%X", Long.parseLong(start.substring(2), 16) + 8);
        pair.local().write(history, "1\t" + left + "\tno recovery target specified\n");
        assertThat(primary.run("mv", there, moved).status()).isZero();
        try {
            Tool.Result verified = primary.script("verify-backup.sh", "--base", taken);
            assertThat(verified.status()).as(verified.output()).isEqualTo(1);
            assertThat(verified.output()).contains(taken + ": WAL segment " + segment + " is missing");
        } finally {
            primary.run("mv", moved, there);
            primary.run("rm", history.toString());
        }
    }
}
