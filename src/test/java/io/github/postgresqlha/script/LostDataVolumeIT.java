package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The data volume is new and empty, the WAL volume is the old one: its WAL is kept, and no empty database is made beside it. */
@Tag("long")
class LostDataVolumeIT {

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
    void of_the_only_member_that_is_there() {
        primary.start().awaitRole("primary").createRows().insert(3, "lost");
        primary.kill();
        loseData();
        primary.start().awaitRole("waiting");
        primary.awaitLog("ABANDONED: there are no data in");
        primary.awaitLog("no data here, but " + primary.environment("WAL_DIRECTORY") + " holds the log of a database");
        assertThat(kept().output()).contains("README").containsPattern("0000000100000000000000[0-9A-F]{2}");
        // A person who wants an empty one says so.
        primary.run("sh", "-c", "mv " + primary.environment("WAL_DIRECTORY") + "/abandoned-* " + primary.runtime());
        primary.awaitRole("primary");
    }

    @Test
    void of_a_member_that_copies_the_other_anew() {
        primary.start().awaitRole("primary").createRows().insert(3, "rows");
        LocalInstance standby = pair.standby().start().awaitRole("standby");
        pair.awaitStreaming(primary, standby);
        standby.kill();
        String old =
                standby.run("readlink", standby.data() + "/pg_wal").output().strip();
        standby.run("sh", "-c", "rm -rf " + standby.data() + " " + standby.state());
        standby.start().awaitRole("standby");
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("rows=3");
        assertThat(standby.run("sh", "-c", "ls " + standby.environment("WAL_DIRECTORY") + "/abandoned-*")
                        .output())
                .contains("README");
        assertThat(standby.run("ls", old).status()).isNotZero();
        Tool.Result health = primary.script(
                Map.of(
                        "PGPORT", primary.port() + "," + standby.port(),
                        "REPLICATION_LAG_MAX_BYTES", "16777216",
                        "REPLICATION_LAG_MAX_SECONDS", "60",
                        "CONNECTIONS_MAX_PERCENT", "80",
                        "DISK_MAX_PERCENT", "100"),
                "health-check.sh");
        assertThat(health.output()).containsPattern("warning +postgresql-standby abandoned rows +1 folders");
    }

    private void loseData() {
        primary.run("sh", "-c", "rm -rf " + primary.data() + " " + primary.state());
    }

    private Tool.Result kept() {
        return primary.run("sh", "-c", "ls " + primary.environment("WAL_DIRECTORY") + "/abandoned-*");
    }
}
