package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The alarm about a volume outlives the volume: full, or one that can no longer be written. */
@Tag("long")
class FullNotesIT {

    private LocalPair pair;
    private LocalInstance primary;

    @BeforeEach
    void create() {
        pair = new LocalPair();
        primary = pair.primary();
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void says_that_the_data_volume_is_full() {
        Path data = pair.local().folder().resolve("postgresql-primary/data");
        try (SmallVolume volume = SmallVolume.mount(data, 150)) {
            primary.start().awaitRole("primary").createRows().insert(2, "a");
            awaitHealth("warning: [0-9]+ checks|healthy: [0-9]+ checks");
            volume.fill(0);
            Pause.milliseconds(12_000); // a round of notes
            awaitHealth("critical +postgresql-primary data volume +100 %");
            primary.awaitLog("the data volume of " + primary.data() + " is full (100 %)");
            Pause.milliseconds(12_000);
            assertThat(health().output())
                    .containsPattern("critical +postgresql-primary data volume +100 %")
                    .doesNotContain("postgresql-primary supervisor");
            assertThat(primary.role()).isEqualTo("primary");
            volume.drain();
            awaitHealth("ok +postgresql-primary data volume");
            assertThat(primary.rows()).isEqualTo("a=2");
            primary.stop();
        }
    }

    /** No room for a new file, and none for the old one's place: what is missing is named, and is critical. */
    @Test
    void says_that_there_are_no_figures() {
        primary.start().awaitRole("primary");
        awaitHealth("ok +postgresql-primary data volume");
        primary.run("sh", "-c", "chmod 500 " + primary.state() + " && : >" + primary.state() + "/instance.state");
        try {
            primary.run("sh", "-c", "chmod 400 " + primary.state() + "/instance.state");
            awaitHealth(
                    "critical +127.0.0.1 supervisor +its notes lack: updated data_used_percent wal_used_percent abandoned");
            primary.awaitLog("instance.state cannot be written: is the data volume full or read-only?");
            primary.awaitLog("is read-only: enlarge");
            assertThat(primary.role()).isEqualTo("primary");
        } finally {
            primary.run(
                    "sh", "-c", "chmod 700 " + primary.state() + "; chmod 600 " + primary.state() + "/instance.state");
        }
        awaitHealth("ok +postgresql-primary data volume");
        primary.run("sh", "-c", "rm " + primary.state() + "/instance.state");
        assertThat(health().output()).containsPattern("(ok +127.0.0.1|ok +postgresql-primary) answers");
    }

    private void awaitHealth(String pattern) {
        primary.await(
                Duration.ofSeconds(90),
                () -> Pattern.compile(pattern).matcher(health().output()).find(),
                pattern + " in " + health().output());
    }

    private Tool.Result health() {
        Map<String, String> job = new TreeMap<>(Map.of(
                "PGPORT", String.valueOf(primary.port()),
                "MEMBER_HOSTS", "127.0.0.1",
                "REPLICATION_LAG_MAX_BYTES", "16777216",
                "REPLICATION_LAG_MAX_SECONDS", "60",
                "CONNECTIONS_MAX_PERCENT", "80",
                "DISK_MAX_PERCENT", "95"));
        return primary.script(job, "health-check.sh");
    }
}
