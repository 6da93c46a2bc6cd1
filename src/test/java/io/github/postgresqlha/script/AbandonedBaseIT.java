package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The only base backup is the lost primary's, of a place that the promoted standby never had. */
@Tag("long")
class AbandonedBaseIT {

    private static final String NAMED = "no base backup leads to timeline 2, which is the newest";

    private LocalPair pair;
    private LocalInstance standby;
    private LocalArchiver archiver;

    @BeforeEach
    void start() {
        pair = LocalPair.streaming();
        standby = pair.standby();
        archiver = new LocalArchiver(pair).awaitStreaming(pair.primary());
        pair.primary().createRows().insert(2, "both");
        archiver.switchSegment(pair.primary());
        standby.awaitRows("both=2");
    }

    @AfterEach
    void stop() {
        archiver.close();
        pair.close();
    }

    @Test
    void is_not_taken_for_a_way_to_what_was_acknowledged_since() {
        losePrimary();
        assertThat(baseBackup().output()).contains("base backup complete");
        promoteTheOther();
        archiver.awaitStreaming(standby);
        standby.insert(3, "acknowledged");
        String segment = archiver.switchSegment(standby);
        assertThat(segment).startsWith("00000002");

        Tool.Result verified = standby.script("verify-backup.sh", "--base");
        assertThat(verified.output()).contains(NAMED);
        assertThat(verified.status()).isEqualTo(1);
        awaitHealth("critical +WAL archive +no base backup leads to the timeline that serves.*");
        Tool.Result begun = bootstrap("");
        assertThat(begun.output()).contains("timeline 2, to which no base backup leads", "BOOTSTRAP_TIMELINE");
        assertThat(begun.status()).isEqualTo(1);
        Tool.Result refused = standby.script(Map.of(), "restore-pitr.sh", "--latest", "--dry-run");
        assertThat(refused.output()).contains("timeline 2, to which no base backup leads", "--timeline 1");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(standby.script(Map.of(), "restore-pitr.sh", "--latest", "--timeline", "1", "--dry-run")
                        .output())
                .contains("all of this can be restored");
        assertThat(bootstrap("1").output()).contains("to the end of the archive");

        assertThat(baseBackup("--if-needed").output()).contains("base backup complete");
        assertThat(baseBackup("--if-needed").output()).isEmpty();
        assertThat(standby.script("verify-backup.sh", "--base").output())
                .contains("is good")
                .doesNotContain(NAMED);
        standby.await(
                Duration.ofSeconds(90),
                () -> !health().output().contains("no base backup leads"),
                "a health check that is content with the new base backup");
        standby.insert(1, "later");
        archiver.switchSegment(standby);
        Tool.Result restored = standby.script(Map.of(), "restore-pitr.sh", "--latest", "--yes");
        assertThat(restored.status()).as(restored.output()).isZero();
        assertThat(standby.rows()).isEqualTo("acknowledged=3 both=2 later=1");
    }

    /** The archive begins where the slot does, not behind what the server has. */
    @Test
    void is_not_where_an_empty_archive_begins() {
        losePrimary();
        assertThat(baseBackup().output()).contains("base backup complete");
        assertThat(archiver.stop()).isZero();
        standby.run("bash", "-c", "find " + archiver.wal() + " -type f ! -name system-identifier -delete");
        promoteTheOther();
        archiver.start();
        archiver.awaitStreaming(standby);
        standby.insert(3, "acknowledged");
        assertThat(archiver.switchSegment(standby)).startsWith("00000002");
        assertThat(archiver.log()).doesNotContain("its data were put back in time");
    }

    /** The standby is away while the primary goes on for some segments. */
    private void losePrimary() {
        standby.kill();
        for (int i = 0; i < 3; i++) {
            pair.primary().insert(1, "lost");
            archiver.switchSegment(pair.primary());
        }
    }

    private void promoteTheOther() {
        pair.primary().with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        assertThat(standby.rows()).isEqualTo("both=2");
    }

    private Tool.Result baseBackup(String... arguments) {
        return new BaseBackups(pair, standby).run(Map.of(), arguments);
    }

    private Tool.Result bootstrap(String timeline) {
        Path fresh = pair.local().makeFolder("new");
        standby.run("bash", "-c", "rm -rf " + fresh + "/* && mkdir -p " + fresh + "/data/state " + fresh + "/wal");
        return standby.script(
                Map.of(
                        "BOOTSTRAP_DIRECTORY",
                        standby.environment("BACKUP_DIRECTORY"),
                        "BOOTSTRAP_TARGET",
                        "latest",
                        "BOOTSTRAP_TIMELINE",
                        timeline,
                        "PGDATA",
                        fresh + "/data/pgdata",
                        "WAL_DIRECTORY",
                        fresh + "/wal"),
                "restore/bootstrap.sh");
    }

    private void awaitHealth(String line) {
        standby.await(
                Duration.ofSeconds(60), () -> health().output().lines().anyMatch(said -> said.matches(line)), line);
    }

    private Tool.Result health() {
        return pair.checkHealth(standby, Map.of());
    }
}
