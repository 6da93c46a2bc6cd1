package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A primary was put back to before it had a standby, acknowledged rows, and was stopped; the standby, which has more, is promoted. What
 * the put-back one wrote is of before the place where the standby left its timeline, so by their numbers it only lags behind.
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

    /** The new primary no longer has the WAL of that place: its own began later. */
    @Test
    void its_rows_are_kept_where_nothing_can_be_compared() throws IOException {
        putBackAndPromote(0);
        primary.startAlone().awaitLog("ABANDONED: the data that were here are kept");
        follows();
    }

    /** It went on into a segment that the new primary has. */
    @Test
    void its_rows_are_kept_where_they_can_be_compared() throws IOException {
        putBackAndPromote(9);
        primary.startAlone().awaitLog("timeline 1 here is another one than timeline 1 of postgresql-standby");
        primary.awaitLog("ABANDONED: the data that were here are kept");
        follows();
    }

    private void putBackAndPromote(int switches) {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        assertThat(primary.stop()).isZero();
        snapshot.keep();
        primary.start().awaitRole("primary");
        standby.start();
        pair.awaitStreaming(primary, standby);
        primary.sql("airflow", "airflow", "INSERT INTO rows (note) SELECT 'new' FROM generate_series(1, 60000)");
        standby.awaitRows("new=60000 old=5");
        assertThat(standby.stop()).isZero();
        String segment = "substr(pg_walfile_name(pg_current_wal_flush_lsn()), 9)";
        String end = primary.sql("SELECT " + segment);
        assertThat(primary.stop()).isZero();
        snapshot.putBack();
        primary.startAlone().awaitRole("primary");
        for (int i = 0; i < switches && !primary.sql("SELECT " + segment).equals(end); i++) {
            primary.insert(1, "switched");
            primary.sql("SELECT pg_switch_wal()");
        }
        primary.insert(300, "after");
        assertThat(primary.stop()).isZero();
        standby.startAlone().awaitRole("standby").touchTrigger().awaitRole("primary");
        standby.insert(4, "newest");
    }

    private void follows() throws IOException {
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("new=60000 newest=4 old=5");
        assertThat(new PutBack(primary).countKept("after")).isEqualTo("300");
    }
}
