package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary that has no standby yet was put back in time; the rows since are in the archive alone. */
@Tag("long")
class RestoredArchiveIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void rows_that_only_the_archive_has_are_reported() {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        try (LocalArchiver archiver = new LocalArchiver(pair)) {
            archiver.awaitStreaming(primary);
            primary.kill();
            for (String volume : List.of("data", "wal")) {
                primary.run("cp", "-a", home(volume), home(volume) + ".snapshot");
            }
            primary.start().awaitRole("primary");
            archiver.awaitStreaming(primary);
            primary.insert(3_000, "new");
            archiver.switchSegment(primary);
            primary.insert(10, "newest");
            String last = archiver.switchSegment(primary);
            archiver.awaitFlushed(primary);
            primary.kill();
            for (String volume : List.of("data", "wal")) {
                primary.run("rm", "-rf", home(volume));
                primary.run("mv", home(volume) + ".snapshot", home(volume));
            }
            primary.run("sh", "-c", "rm -f " + primary.runtime() + "/*");
            primary.startAlone().awaitRole("primary");
            assertThat(primary.news())
                    .containsOnlyOnce("ABANDONED: the WAL archive has timeline 1 up to " + last)
                    .contains("restore-pitr.sh --latest --timeline 1 brings it back");
            // What the health check warns of until a person has looked.
            assertThat(primary.run("sh", "-c", "cat " + home("wal") + "/abandoned-1-*/README")
                            .output())
                    .contains("they were put back in time");
        }
    }

    private String home(String volume) {
        return primary.runtime().resolveSibling(volume).toString();
    }
}
