package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A standby was away for too long, and the primary was promoted to a newer timeline meanwhile: it rejoined for nothing, again and again. */
@Tag("long")
class LostForkIT extends FreshPair {

    @Test
    void a_standby_behind_a_newer_timeline_whose_wal_is_gone_comes_back() {
        primary.insert(5, "both");
        standby.awaitRows("both=5");
        assertThat(standby.stop()).isZero();
        primary.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        primary.sql("ALTER SYSTEM SET wal_keep_size = 0");
        primary.sql("ALTER SYSTEM SET min_wal_size = '32MB'");
        primary.sql("ALTER SYSTEM SET max_wal_size = '64MB'");
        primary.sql("SELECT pg_reload_conf()");
        primary.insert(3, "alone");
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("undecided");
        primary.run("sh", "-c", "echo down >" + primary.runtime() + "/promote_trigger");
        primary.awaitRole("primary");
        assertThat(primary.timeline()).isEqualTo("00000011");
        primary.sql("airflow", "airflow", "CREATE TABLE much AS SELECT generate_series(1, 1500000) AS id");
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("CHECKPOINT");
        primary.await(
                Duration.ofSeconds(20),
                () -> primary.sql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'postgresql_standby'")
                        .equals("lost"),
                "a lost slot");
        standby.start();
        standby.await(
                Duration.ofMinutes(3),
                () -> standby.log().contains("copy of postgresql-primary complete"),
                "a new copy");
        pair.awaitStreaming(primary, standby);
        standby.awaitRows("alone=3 both=5");
        assertThat(standby.news()).contains("nothing is to be rewound", "there was nothing to rewind here");
    }
}
