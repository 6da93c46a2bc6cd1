package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A primary was put back to before it had a standby, acknowledged rows on a timeline of its own, and was stopped; the standby, which has
 * what it lacks, is promoted.
 */
@Tag("long")
class RestoredFormerPrimaryIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();
    private final PutBack snapshot = new PutBack(primary);

    @AfterEach
    void stop() {
        pair.close();
    }

    /** Both are on the timeline that the standby was made from. */
    @Test
    void its_rows_are_reported() {
        putBackAndPromote();
        primary.startAlone().awaitLog("ABANDONED: timeline 17");
        follows();
    }

    private void putBackAndPromote() {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        primary.kill();
        snapshot.keep();
        primary.start().awaitRole("primary");
        standby.start();
        pair.awaitStreaming(primary, standby);
        primary.sql("airflow", "airflow", "INSERT INTO rows (note) SELECT 'new' FROM generate_series(1, 60000)");
        standby.awaitRows("new=60000 old=5");
        assertThat(standby.stop()).isZero();
        assertThat(primary.stop()).isZero();
        snapshot.putBack();
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").startAlone().awaitRole("primary");
        primary.insert(300, "after");
        assertThat(primary.stop()).isZero();
        standby.startAlone().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(4, "newest");
    }

    private void follows() {
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("new=60000 newest=4 old=5");
    }
}
