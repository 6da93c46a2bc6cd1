package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Base backups that came from outside of the cluster: their checksums fit, and what they say of their place does not make the good ones old. */
class PlantedBasesIT {

    private static final String GOOD = "postgresql_base_2026010";

    private LocalPostgres local;
    private Path backups;

    /** Three base backups of system 7, in segments 2, 5 and 8 of an archive that has segments 1 to 9. */
    @BeforeEach
    void fill() {
        local = LocalPostgres.create();
        backups = local.makeFolder("backups");
        local.makeFolder("backups/wal");
        shell(
                "echo 7 >wal/system-identifier; for n in 1 2 3 4 5 6 7 8 9; do perl -e 'print pack(\"vvVQ<VVQ<VV\", 0xD116, 2, 1, $ARGV[0] << 24, 0, 0, 7, 1 << 24, 8192)' $n"
                        + " | gzip >wal/00000001000000000000000$n.gz; done; touch -d '-99 days' wal/0*");
        put(GOOD + "1_020000", "7", "1", "0/2000028", "0/2000100", "16777216");
        put(GOOD + "2_020000", "7", "1", "0/5000028", "0/6000100", "16777216");
        put(GOOD + "3_020000", "7", "1", "0/8000028", "0/8000100", "16777216");
    }

    @AfterEach
    void delete() {
        local.delete();
    }

    @Test
    void of_those_that_count_the_newest_stay_with_their_log() {
        assertThat(cleanup()).contains("removing " + GOOD + "1_020000").doesNotContain("does not count");
        assertThat(kept()).containsExactly(GOOD + "2_020000", GOOD + "3_020000");
        assertThat(segments()).isEqualTo("5 6 7 8 9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|999999999|7FFFFFFF/0|7FFFFFFF/100|16777216|the archive has no WAL of its place, timeline 999999999, 7FFFFFFF/0",
                "7|1|0/F0000028|0/F0000100|16777216|the archive has no WAL of its place, timeline 1, 0/F0000000",
                "7|1|0/9000028|0/A000100|16777216|the archive has no WAL of its place, timeline 1, 0/A000000",
                "7|2|0/9000028|0/9000100|16777216|the archive has no WAL of its place, timeline 2, 0/9000000",
                "8|1|0/9000028|0/9000100|16777216|it is of another database, system 8",
                "7|1|0/80000028|0/80000100|1073741824|with which it begins, is not of this database",
                "7|1|0/900028|0/900100|1048576|with which it begins, is not of this database",
                "7|one|0/9000028|0/9000100|16777216|base.env says no TIMELINE that can be",
            })
    void others_are_named_and_stay_and_do_not_count(
            String system, String timeline, String start, String stop, String size, String reason) {
        for (int i = 1; i <= 4; i++) {
            put("postgresql_base_20990101_00000" + i, system, timeline, start, stop, size);
        }
        String said = cleanup();
        assertThat(said).contains("removing " + GOOD + "1_020000", reason + "; it does not count, and is not removed");
        assertThat(kept()).contains(GOOD + "2_020000", GOOD + "3_020000").hasSize(6);
        assertThat(segments()).isEqualTo("5 6 7 8 9");
    }

    /** Its pages say whose it is. */
    @Test
    void a_segment_of_another_database_makes_none_count() {
        shell(
                "perl -e 'print pack(\"vvVQ<VVQ<VV\", 0xD116, 2, 255, 255 << 24, 0, 0, 8, 1 << 24, 8192)' >wal/000000FF00000000000000FF");
        put("postgresql_base_20990101_000001", "7", "255", "0/FF000028", "0/FF000100", "16777216");
        put("postgresql_base_20990101_000002", "7", "255", "0/FF000028", "0/FF000100", "16777216");
        assertThat(cleanup())
                .contains("segment 000000FF00000000000000FF, with which it begins, is not of this database");
        assertThat(kept()).contains(GOOD + "2_020000", GOOD + "3_020000");
    }

    /** Also where the log is older than the days that it would be kept without any base backup. */
    @Test
    void nothing_goes_where_none_counts() {
        shell("rm wal/system-identifier");
        assertThat(cleanup())
                .contains("wal/system-identifier does not say whose log is archived")
                .doesNotContain("removing");
        assertThat(kept()).hasSize(3);
        assertThat(segments()).isEqualTo("1 2 3 4 5 6 7 8 9");
    }

    private void put(String name, String system, String timeline, String start, String stop, String size) {
        shell(
                "mkdir -p base/" + name + " && cd base/" + name + " && printf '%s\\n' SYSTEM_IDENTIFIER=" + system
                        + " SERVER_VERSION=17.0 TIMELINE=" + timeline + " START_LSN=" + start + " STOP_LSN=" + stop
                        + " FINISHED=2026-01-01T02:00:00Z PLAIN_BYTES=1 SEGMENT_BYTES=" + size
                        + " TABLESPACES=0 >base.env; echo x >backup_manifest; echo x >base.tar.gz; sha256sum * >.sums && mv .sums SHA256SUMS");
    }

    private String cleanup() {
        Map<String, String> job = Map.of(
                "BACKUP_DIRECTORY",
                backups.toString(),
                "BACKUP_RETENTION_DAYS",
                "7",
                "BACKUP_RETENTION_MINIMUM",
                "1",
                "BASE_BACKUP_KEEP",
                "2");
        Tool.Result result = Tool.run(local.process(job, local.scripts() + "/cleanup-backups.sh"));
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private List<String> kept() {
        return shell("ls base").lines().toList();
    }

    private String segments() {
        return shell("ls wal | sed -n 's/^00000001.*\\(.\\)\\.gz$/\\1/p' | tr '\\n' ' '")
                .strip();
    }

    private String shell(String command) {
        Tool.Result result = Tool.run(local.process(Map.of(), "bash", "-euc", "cd " + backups + " && " + command));
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }
}
