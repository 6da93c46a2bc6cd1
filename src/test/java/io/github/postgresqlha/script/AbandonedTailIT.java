package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archive ends with the unfinished segment of a timeline that was left before its end: nothing of the newer one came, as its archiver is down. */
@Tag("long")
class AbandonedTailIT {

    private LocalPair pair;
    private LocalInstance primary;
    private LocalInstance standby;
    private LocalRepository repository;
    private String during = "";

    @BeforeEach
    void failOverThereAndBack() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        standby = pair.standby().with("STUCK_SECONDS", "3").start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        repository = new LocalRepository(pair).receive(primary);
        primary.createRows().insert(2, "a");
        repository.backUp(primary);
        standby.awaitRows("a=2");
        standby.kill();
        primary.insert(3000, "x");
        during = primary.sql("SELECT clock_timestamp()");
        primary.insert(3000, "x");
        repository.awaitArchived(primary);
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        repository.close();
        standby.start().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(2000, "y");
        standby.sql("CHECKPOINT");
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(standby);
        assertThat(primary.rows()).isEqualTo("a=2 y=2000");
        assertThat(standby.stop()).isZero();
        primary.touchTrigger().awaitRole("primary");
        standby.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        primary.insert(20000, "d");
        standby.awaitRows("a=2 d=20000 y=2000");
    }

    @AfterEach
    void stop() {
        repository.close();
        pair.close();
    }

    @Test
    void what_was_abandoned_is_not_restored_as_the_newest_timeline() {
        assertRefused(restore("--target-time", during, "--dry-run"));
        assertRefused(restore("--latest", "--yes"));
        assertThat(primary.rows()).isEqualTo("a=2 d=20000 y=2000");
        Tool.Result named = restore("--target-time", during, "--timeline", "1", "--dry-run");
        assertThat(named.status()).as(named.output()).isZero();
    }

    private static void assertRefused(Tool.Result result) {
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "the archive has nothing of timeline",
                        "--timeline 1 what was abandoned",
                        "nothing was touched");
    }

    private Tool.Result restore(String... arguments) {
        return primary.script(Map.of(), "restore-pitr.sh", arguments);
    }
}
