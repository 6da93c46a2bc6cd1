package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A former primary that was put back in time: its WAL ends before the place where its successor's timeline begins. */
@Tag("long")
class BehindForkIT extends FreshPair {

    @Test
    void put_back_and_started_in_recovery() {
        snapshotAndGoOn();
        putBack();
        primary.startAlone().awaitRole("undecided");
        assertThat(primary.stop()).isZero();
        takeOverAndComeBack();
    }

    /** Once its own crash recovery wrote records that the other one never had, and streaming went on behind them. */
    @Test
    void put_back_only() {
        snapshotAndGoOn();
        putBack();
        takeOverAndComeBack();
    }

    @Test
    void put_back_and_undecided_beside_the_promotion() {
        snapshotAndGoOn();
        putBack();
        primary.startAlone().awaitRole("undecided");
        standby.with("PEER_PORT", "1")
                .start()
                .awaitRole("standby")
                .touchTrigger()
                .awaitRole("primary");
        follow();
    }

    private void snapshotAndGoOn() {
        primary.insert(5, "both");
        standby.awaitRows("both=5");
        freeze(primary);
        for (String volume : List.of("data", "wal")) {
            primary.run("cp", "-a", home(volume), home(volume) + ".snapshot");
        }
        thaw();
        pair.awaitStreaming(primary, standby);
        primary.insert(100, "new");
        standby.awaitRows("both=5 new=100");
        assertThat(standby.stop()).isZero();
        primary.kill();
    }

    private void putBack() {
        for (String volume : List.of("data", "wal")) {
            primary.run("rm", "-rf", home(volume));
            primary.run("mv", home(volume) + ".snapshot", home(volume));
        }
        primary.run("sh", "-c", "rm -f " + primary.runtime() + "/* " + primary.data() + "/postmaster.pid");
    }

    private void takeOverAndComeBack() {
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        primary.startAlone();
        follow();
    }

    private void follow() {
        standby.insert(7, "after");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("after=7 both=5 new=100");
        assertThat(primary.news()).doesNotContain("taking a new copy", "invalid resource manager");
    }

    private String home(String volume) {
        return primary.runtime().resolveSibling(volume).toString();
    }
}
