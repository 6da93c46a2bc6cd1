package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A primary was put back to before it had a standby, and goes on within the segment in which that standby ends: PostgreSQL streams
 * from the beginning of a segment, so on the same timeline it would write over what is there.
 */
@Tag("long")
class RestoredSegmentIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();
    private final LocalInstance standby = pair.standby();
    private final PutBack snapshot = new PutBack(primary);

    @AfterEach
    void stop() {
        pair.close();
    }

    /** Where the number of its timeline was taken before the standby came, the put-back one takes it again. */
    @ParameterizedTest(name = "the number is taken twice: {0}")
    @ValueSource(booleans = {false, true})
    void a_standby_that_was_stopped(boolean twice) {
        makePair(twice);
        assertThat(standby.stop()).isZero();
        goOnWithin("2000");
        standby.startAlone();
        reportsAndFollows();
    }

    /** Its control file does not know yet all that it has received. */
    @ParameterizedTest(name = "the number is taken twice: {0}")
    @ValueSource(booleans = {false, true})
    void a_standby_that_was_killed(boolean twice) {
        makePair(twice);
        standby.kill();
        goOnWithin("2000");
        standby.startAlone();
        reportsAndFollows();
    }

    /** It looks when it is too late to know by the place alone. */
    @ParameterizedTest(name = "the number is taken twice: {0}")
    @ValueSource(booleans = {false, true})
    void a_standby_that_looks_when_the_primary_has_passed_its_end(boolean twice) {
        makePair(twice);
        assertThat(standby.stop()).isZero();
        goOnWithin("70000");
        standby.startAlone();
        reportsAndFollows();
    }

    /** Both are in recovery, and the put-back one has the newer timeline: what the other has is reported. */
    @Test
    void a_primary_that_is_stopped_again() {
        makePair(false);
        assertThat(standby.stop()).isZero();
        goOnWithin("2000");
        assertThat(primary.stop()).isZero();
        standby.startAlone().awaitRole("standby");
        primary.startAlone().awaitRole("primary");
        reportsAndFollows();
    }

    /** It was frozen meanwhile, so that its walreceiver is back before anybody looked. */
    @Test
    void a_standby_that_streams_again_before_it_looks() {
        makePair(false);
        signal("STOP");
        goOnWithin("2000");
        signal("CONT");
        reportsAndFollows();
    }

    /** After a crash it opens in place, on its timeline; after a clean stop on one of its own. */
    private void makePair(boolean twice) {
        primary.start().awaitRole("primary").createRows().insert(5, "old");
        if (twice) {
            assertThat(primary.stop()).isZero();
        } else {
            primary.kill();
        }
        snapshot.keep();
        primary.start().awaitRole("primary");
        assertThat(primary.sql("SELECT timeline_id FROM pg_control_checkpoint()"))
                .isEqualTo(twice ? "17" : "1");
        standby.start();
        pair.awaitStreaming(primary, standby);
        write("60000", "new");
        standby.awaitRows("new=60000 old=5");
    }

    /** Each segment that was begun is left for the next one, up to the one in which the standby ends. */
    private void goOnWithin(String rows) {
        String segment = "substr(pg_walfile_name(pg_current_wal_flush_lsn()), 9)";
        String end = primary.sql("SELECT " + segment);
        primary.with("RESTART_IN_PLACE_SECONDS", "-1");
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

    private void reportsAndFollows() {
        standby.awaitLog("ABANDONED");
        pair.awaitStreaming(primary, standby);
        standby.awaitRows(primary.rows());
    }
}
