package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The script that Patroni makes copies with, from a real primary. */
class PatroniCopyIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static LocalInstance standby;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
        primary = pair.primary();
        standby = pair.standby();
        primary.createRows().insert(3, "kept");
        standby.awaitRows("kept=3");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** Who is copied is primary; the old data stay until whoever runs the new ones has seen that they are good. */
    @Test
    void replaces_data_and_leaves_the_old_ones_to_the_supervisor() {
        assertThat(standby.stop()).isZero();
        Tool.Result copy = copy(primary);
        assertThat(copy.status()).as(copy.output()).isZero();
        assertThat(copy.output()).contains("copy complete");
        assertThat(beside()).hasSize(3).anyMatch(name -> name.startsWith("pgdata.before-"));
        standby.start();
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("kept=3");
        assertThat(copy.output() + standby.news()).doesNotContain("ABANDONED", "counted");
        assertThat(beside()).containsExactly("pgdata", "state");
        assertThat(standby.run("ls", standby.environment("WAL_DIRECTORY"))
                        .output()
                        .lines())
                .hasSize(1);

        Tool.Result ofStandby = primary.run("true");
        assertThat(ofStandby.status()).isZero();
        assertThat(primary.stop()).isZero();
        Tool.Result refused = copyBetween(standby, primary);
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("no primary");
        primary.start();
        pair.awaitOnePrimary().awaitRows("kept=3");
        assertThat(primary.run("ls", primary.data() + "/..").output()).isEqualToIgnoringWhitespace("pgdata state");
    }

    private static Tool.Result copy(LocalInstance from) {
        return copyBetween(from, standby);
    }

    private static Tool.Result copyBetween(LocalInstance from, LocalInstance to) {
        return to.script(
                Map.of("PGPASSFILE", to.runtime() + "/passfile"),
                "patroni/clone.sh",
                "--connstring=host=127.0.0.1 port=" + from.port() + " user=replicator dbname=postgres");
    }

    private static List<String> beside() {
        return standby.run("ls", standby.data() + "/..").output().lines().toList();
    }
}
