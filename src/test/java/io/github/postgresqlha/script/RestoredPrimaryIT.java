package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary that was put back to a snapshot from before it had a standby opens by itself: the standby has what it lacks. */
@Tag("long")
class RestoredPrimaryIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();

    @AfterEach
    void stop() {
        pair.close();
    }

    /** Once the rows were gone for good as soon as the primary no longer had the WAL after that place. */
    @Test
    void a_standby_that_is_ahead_keeps_what_it_has() throws IOException {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        assertThat(primary.stop()).isZero();
        for (String volume : List.of("data", "wal")) {
            primary.run("cp", "-a", home(volume), home(volume) + ".snapshot");
        }
        primary.start().awaitRole("primary");
        standby.start();
        pair.awaitStreaming(primary, standby);
        primary.insert(100, "new");
        standby.awaitRows("new=100 old=5");
        assertThat(standby.stop()).isZero();
        assertThat(primary.stop()).isZero();
        for (String volume : List.of("data", "wal")) {
            primary.run("rm", "-rf", home(volume));
            primary.run("mv", home(volume) + ".snapshot", home(volume));
        }
        primary.startAlone().awaitRole("primary").insert(3, "after");
        standby.start().awaitLog("timeline 1 here is another one than timeline 1 of postgresql-primary: it ends at");
        standby.awaitLog("ABANDONED: the data that were here are kept");
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("after=3 old=5");
        try (Stream<Path> folders = Files.list(standby.data().getParent())) {
            assertThat(folders)
                    .anyMatch(folder -> folder.getFileName().toString().startsWith("pgdata.abandoned-"));
        }
    }

    private String home(String volume) {
        return primary.runtime().resolveSibling(volume).toString();
    }
}
