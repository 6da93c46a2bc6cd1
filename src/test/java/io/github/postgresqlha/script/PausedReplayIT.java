package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where replay is paused right after a start nobody knows how far the WAL goes, and neither member opens by what was replayed. */
@Tag("long")
class PausedReplayIT extends FreshPair {

    /** The primary was put back in time, and only the standby has the last rows, not replayed yet. */
    @Test
    void no_member_opens_before_the_other_has_replayed_what_it_has() throws IOException, InterruptedException {
        primary.insert(10, "early");
        standby.awaitRows("early=10");
        standby.sql("CHECKPOINT");
        standby.sql("SELECT pg_wal_replay_pause()");
        primary.sql(
                "airflow",
                "airflow",
                "CREATE TABLE bulk AS SELECT i, repeat('x', 200) AS t FROM generate_series(1, 1500000) i");
        freeze(primary);
        primary.run("sh", "-c", "cd " + primary.data() + "/../.. && mkdir snapshot && cp -a data wal snapshot/");
        thaw();
        primary.insert(300, "late");
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.sql(
                                "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn = pg_current_wal_flush_lsn()")
                        .equals("1"),
                "all rows at the standby");
        standby.kill();
        primary.kill();
        primary.run(
                "sh",
                "-c",
                "cd " + primary.data()
                        + "/../.. && rm -rf data wal && cp -a snapshot/data snapshot/wal . && rm -rf snapshot");
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").startAlone();
        standby.startAlone();
        pauseAtOnce();
        Pause.milliseconds(25_000);
        assertThat(primary.role()).isEqualTo("undecided");
        assertThat(standby.role()).isNotEqualTo("primary");
        standby.sql("SELECT pg_wal_replay_resume()");
        standby.await(Duration.ofSeconds(90), () -> standby.role().equals("primary"), "the role primary");
        assertThat(standby.rows()).isEqualTo("early=10 late=300");
        primary.awaitRows("early=10 late=300");
    }

    private void pauseAtOnce() {
        String psql = "psql -XAtqw -h " + standby.environment("SOCKET_DIRECTORY") + " -p " + standby.port()
                + " -U postgres -d postgres -c";
        String paused = standby.run(
                        "bash",
                        "-c",
                        "for i in {1..3000}; do " + psql
                                + " 'SELECT pg_wal_replay_pause()' 2>/dev/null && break; sleep 0.01; done; "
                                + "until [[ $(" + psql
                                + " 'SELECT pg_get_wal_replay_pause_state()') == paused ]]; do sleep 0.05; done; "
                                + psql
                                + " 'SELECT pg_last_wal_receive_lsn() IS NULL'")
                .output();
        assertThat(paused.strip()).endsWith("t");
    }
}
