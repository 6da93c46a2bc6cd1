package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A standby has more of a timeline than the newer one that it has heard of. */
class PastForkIT extends FreshPair {

    /** The primary was put back in time, as by a recovery, and the standby is restarted before it could rejoin. */
    @Test
    void it_starts_and_rejoins() {
        primary.insert(2, "both");
        standby.awaitRows("both=2");
        assertThat(primary.stop()).isZero();
        for (String volume : List.of("data", "wal")) {
            primary.run("cp", "-a", home(volume), home(volume) + ".before");
        }
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        primary.insert(3, "later");
        standby.awaitRows("both=2 later=3");
        assertThat(primary.stop()).isZero();
        assertThat(standby.stop()).isZero();
        for (String volume : List.of("data", "wal")) {
            primary.run("rm", "-rf", home(volume));
            primary.run("mv", home(volume) + ".before", home(volume));
        }
        primary.start().awaitRole("undecided");
        primary.run("sh", "-c", "echo down >" + primary.runtime() + "/promote_trigger");
        primary.awaitRole("primary");
        standby.with("STUCK_SECONDS", "600").start();
        standby.await(
                Duration.ofSeconds(20),
                () -> Files.exists(standby.data().resolve("pg_wal/00000011.history")),
                "the history of the newer timeline");
        assertThat(standby.stop()).isZero();
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        standby.awaitRows("both=2");
        assertThat(standby.news()).contains("goes on beyond the beginning of a newer timeline");
    }

    private String home(String volume) {
        return primary.runtime().resolveSibling(volume).toString();
    }
}
