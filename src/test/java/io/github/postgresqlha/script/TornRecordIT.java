package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both lose power while a record of several segments is written, of which the other one has fewer: that one opens, and the first comes back. */
@Tag("long")
class TornRecordIT extends FreshPair {

    @Test
    void who_ends_within_a_record_comes_back() throws Exception {
        primary.insert(2, "both");
        standby.awaitRows("both=2");
        assertThat(primary.stop()).isZero();
        standby.touchTrigger().awaitRole("primary");
        primary.start();
        pair.awaitStreaming(standby, primary);
        standby.sql("SELECT pg_switch_wal()");
        standby.insert(2, "more");
        primary.awaitRows("both=2 more=2");
        String before = standby.sql("SELECT pg_current_wal_insert_lsn()");
        Process client = pair.local()
                .process(
                        Map.of(),
                        "psql",
                        "-XAtqw",
                        "-h",
                        standby.environment("SOCKET_DIRECTORY"),
                        "-p",
                        String.valueOf(standby.port()),
                        "-U",
                        "airflow",
                        "-d",
                        "airflow",
                        "-c",
                        "SELECT pg_logical_emit_message(true, 'x', repeat('0123456789', 60000000))")
                .start();
        primary.await(
                Duration.ofSeconds(90),
                () -> primary.sql("SELECT pg_last_wal_receive_lsn() - '" + before + "'::pg_lsn > 17000000")
                        .equals("t"),
                "some of the record");
        primary.kill();
        Pause.milliseconds(300);
        standby.with("RESTART_IN_PLACE_SECONDS", "-1").kill();
        client.destroyForcibly();
        primary.with("RESTART_IN_PLACE_SECONDS", "-1").start();
        standby.start();
        primary.awaitRole("primary");
        primary.insert(50, "afterwards");
        standby.await(
                Duration.ofMinutes(2),
                () -> primary.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                        .equals("1"),
                "that it streams");
        standby.awaitRows(primary.rows());
    }
}
