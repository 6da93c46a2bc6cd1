package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A primary was put back to before it had a standby, and goes on within the segment in which that standby ends: PostgreSQL streams
 * from the beginning of a segment, so it would write over what is there.
 */
@Tag("long")
class RestoredSegmentIT {

    private static final String OTHER = "timeline 1 here is another one than timeline 1 of postgresql-primary: ";

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();
    private final PutBack snapshot = new PutBack(primary);

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void a_standby_that_was_stopped() throws IOException {
        makePair();
        assertThat(standby.stop()).isZero();
        goOnWithin("2000");
        standby.startAlone();
        keepsAndCopies("it ends at", "60000");
    }

    /** Its control file does not know yet all that it has received. */
    @Test
    void a_standby_that_was_killed() throws IOException {
        makePair();
        standby.kill();
        goOnWithin("2000");
        standby.startAlone();
        keepsAndCopies("it ends at", "60000");
    }

    /** It looks when it is too late to know by the place alone. */
    @Test
    void a_standby_that_looks_when_the_primary_has_passed_its_end() throws IOException {
        makePair();
        assertThat(standby.stop()).isZero();
        goOnWithin("70000");
        standby.startAlone();
        keepsAndCopies("what was written before", "60000");
    }

    /** Both are in recovery, and the standby opens, because it has more: then it is the put-back one whose rows nobody else has. */
    @Test
    void a_primary_that_follows_the_standby() throws IOException {
        makePair();
        assertThat(standby.stop()).isZero();
        goOnWithin("2000");
        String after = primary.sql("airflow", "airflow", "SELECT count(*) FROM rows WHERE note = 'after'");
        assertThat(primary.stop()).isZero();
        standby.startAlone().awaitRole("standby");
        primary.startAlone()
                .awaitLog(
                        "timeline 1 here is another one than timeline 1 of postgresql-standby: what was written before");
        primary.awaitLog("ABANDONED: the data that were here are kept");
        pair.awaitStreaming(standby, primary);
        primary.awaitRows("new=60000 old=5");
        assertThat(new PutBack(primary).countKept("after")).isEqualTo(after);
    }

    /** It was frozen meanwhile, so that its walreceiver is back before anybody looked. */
    @Test
    void a_standby_that_streams_again_before_it_looks() throws IOException {
        makePair();
        signal("STOP");
        goOnWithin("2000");
        signal("CONT");
        standby.awaitLog(OTHER);
        pair.awaitStreaming(primary, standby);
        standby.awaitRows(primary.rows());
    }

    private void makePair() {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        assertThat(primary.stop()).isZero();
        snapshot.keep();
        primary.start().awaitRole("primary");
        standby.start();
        pair.awaitStreaming(primary, standby);
        write("60000", "new");
        standby.awaitRows("new=60000 old=5");
    }

    /** Each segment that was begun is left for the next one, up to the one in which the standby ends. */
    private void goOnWithin(String rows) {
        String segment = "substr(pg_walfile_name(pg_current_wal_flush_lsn()), 9)";
        String end = primary.sql("SELECT " + segment);
        assertThat(primary.stop()).isZero();
        snapshot.putBack();
        primary.startAlone().awaitRole("primary");
        for (int i = 0; i < 9 && !primary.sql("SELECT " + segment).equals(end); i++) {
            primary.sql("SELECT pg_switch_wal()");
            primary.insert(1, "after");
        }
        assertThat(primary.sql("SELECT " + segment)).isEqualTo(end);
        write(rows, "after");
    }

    private void signal(String name) {
        long server = standby.postmaster();
        standby.run("sh", "-c", "kill -" + name + " " + server + " $(ps -o pid= --ppid " + server + ")");
    }

    private void write(String rows, String note) {
        primary.sql(
                "airflow",
                "airflow",
                "INSERT INTO rows (note) SELECT '" + note + "' FROM generate_series(1," + rows + ")");
    }

    private void keepsAndCopies(String difference, String kept) throws IOException {
        standby.awaitLog(OTHER + difference);
        standby.awaitLog("ABANDONED: the data that were here are kept");
        pair.awaitStreaming(primary, standby);
        standby.awaitRows(primary.rows());
        assertThat(new PutBack(standby).countKept("new")).isEqualTo(kept);
    }
}
