package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the health check says of the archive and of the base backups, and the nightly backup that takes the first one. */
@Tag("long")
class ArchiveHealthIT {

    private static final int ANY = -1;

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalArchiver archiver;
    private static Path backups;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        archiver = new LocalArchiver(pair).awaitStreaming(primary);
        backups = pair.local().folder().resolve("backups");
    }

    @AfterAll
    static void stop() {
        archiver.close();
        pair.close();
    }

    @BeforeEach
    void archives() {
        if (!archiver.isAlive()) {
            archiver.start();
        }
        archiver.awaitStreaming(primary);
    }

    @Test
    void is_healthy_after_the_first_backup_and_names_what_goes_wrong() {
        awaitHealth(1, "warning +newest base backup +there is none yet");
        Tool.Result backup = primary.script(job(), "backup.sh");
        assertThat(backup.status()).as(backup.output()).isZero();
        assertThat(backup.output())
                .contains("backup complete: postgresql_backup_")
                .contains("base backup complete: postgresql_base_");
        awaitHealth(0, "ok +WAL archiver +last complete segment [0-9A-F]{24}");
        assertThat(health(Map.of()).output())
                .containsPattern("ok +newest base backup +0 h, warns from 336 h")
                .containsPattern("ok +WAL archive lag +[0-9]+ bytes");
        assertThat(health(Map.of("BASE_BACKUP_MAX_AGE_HOURS", "0")).output())
                .containsPattern("warning +newest base backup +0 h, warns from 0 h");
        assertThat(primary.script(job(), "backup.sh").output()).doesNotContain("base backup complete");

        Path mark = archiver.wal().resolve("chain-broken");
        pair.local().write(mark, "MISSING_FROM=0/1000000\nMISSING_TO=FF/0\nSINCE=2026-01-01T00:00:00Z\n");
        awaitHealth(2, "critical +WAL archive +WAL IS MISSING: MISSING_FROM 0/1000000");
        primary.run("rm", mark.toString());
        awaitHealth(0, "healthy");

        pair.local().write(archiver.wal().resolve("system-identifier"), "7000000000000000000\n");
        archiver.kill();
        archiver.start();
        awaitHealth(2, "critical +WAL archiver +stands still \\(refused\\)");
        pair.local().write(archiver.wal().resolve("system-identifier"), primary.systemIdentifier() + "\n");
        archiver.awaitStreaming(primary);
        awaitHealth(0, "ok +WAL archiver");

        archiver.stop();
        awaitHealth(1, "warning +WAL archive lag +unknown: the archiver is not connected");
        awaitHealth(1, "warning +WAL archiver +stopped");
    }

    /** What a monitoring system reads: how far the archive is behind, what is missing, and the last segment that is complete. */
    @Test
    void says_lag_gaps_and_last_segment_as_json() throws JsonProcessingException {
        String segment = archiver.switchSegment(primary);
        awaitHealth(ANY, "ok +WAL archiver +last complete segment " + segment);
        assertThat(check("WAL archiver")).isEqualTo("ok: last complete segment " + segment);
        assertThat(check("WAL archive lag")).matches("ok: [0-9]+ bytes, warns from 16777216 bytes");
        assertThat(check("WAL archive")).isEmpty();

        long receiver = archiver.receiver();
        signal("STOP", receiver);
        primary.sql("CREATE TABLE lag AS SELECT md5(i::text) FROM generate_series(1, 60000) AS i");
        Map<String, String> limit = Map.of("REPLICATION_LAG_MAX_BYTES", "2000000");
        primary.await(
                Duration.ofSeconds(15),
                () -> health(limit).output().matches("(?s).*warning +WAL archive lag +[0-9]{7,} bytes.*"),
                "an archive that lags");
        signal("CONT", receiver);
        archiver.awaitFlushed(primary);
        assertThat(check("WAL archive lag")).startsWith("ok: ");

        Path mark = archiver.wal().resolve("chain-broken");
        pair.local().write(mark, "MISSING_FROM=0/1000000\nMISSING_TO=FF/0\nSINCE=2026-01-01T00:00:00Z\n");
        awaitHealth(2, "critical +WAL archive +WAL IS MISSING");
        assertThat(check("WAL archive"))
                .startsWith(
                        "critical: WAL IS MISSING: MISSING_FROM 0/1000000 MISSING_TO FF/0 SINCE 2026-01-01T00:00:00Z");
        primary.run("rm", mark.toString());

        Path dump = backups.resolve("postgresql_backup_20991231_020000.sql.gz");
        pair.local().write(dump, "of a clock that was wrong\n");
        Tool.run(new ProcessBuilder("touch", "-d", "5 hours", dump.toString()));
        awaitHealth(1, "warning +newest backup +its time is 4 h in the future: the clock was or is wrong.*");
        Tool.run(new ProcessBuilder("rm", dump.toString()));
    }

    private static String check(String name) throws JsonProcessingException {
        JsonNode checks = new ObjectMapper()
                .readTree(health(Map.of(), "--format", "json").output())
                .path("checks");
        for (JsonNode check : checks) {
            if (check.path("check").asText().equals(name)) {
                return check.path("status").asText() + ": "
                        + check.path("detail").asText();
            }
        }
        return "";
    }

    private static void signal(String name, long process) {
        Tool.run(new ProcessBuilder("kill", "-" + name, String.valueOf(process)));
    }

    private static void awaitHealth(int status, String pattern) {
        Tool.Result[] last = new Tool.Result[1];
        try {
            primary.await(
                    Duration.ofSeconds(40),
                    () -> {
                        last[0] = health(Map.of());
                        return (status == ANY || last[0].status() == status)
                                && last[0].output().lines().anyMatch(line -> line.matches(".*" + pattern + ".*"));
                    },
                    pattern);
        } catch (AssertionError late) {
            throw new AssertionError(pattern + " in: " + last[0].output(), late);
        }
    }

    private static Tool.Result health(Map<String, String> changes, String... arguments) {
        return pair.checkHealth(primary, changes, arguments);
    }

    private static Map<String, String> job() {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of(
                "PGDATABASE", "airflow",
                "BACKUP_RETENTION_DAYS", "7",
                "BACKUP_RETENTION_MINIMUM", "3",
                "BASE_BACKUP_KEEP", "2",
                "BACKUP_DIRECTORY", backups.toString()));
        return job;
    }
}
