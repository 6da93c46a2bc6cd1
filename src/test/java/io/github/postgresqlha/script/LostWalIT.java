package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A standby that was away for too long: the primary gave its slot up, and the standby copies the primary anew by itself. */
@Tag("long")
class LostWalIT {

    private static LocalPair pair;

    @BeforeAll
    static void start() {
        pair = LocalPair.streaming();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void is_named_by_the_health_check_and_heals() {
        LocalInstance primary = pair.primary();
        LocalInstance standby = pair.standby();
        assertThat(standby.stop()).isZero();
        primary.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        primary.sql("ALTER SYSTEM SET wal_keep_size = 0");
        primary.sql("ALTER SYSTEM SET min_wal_size = '32MB'");
        primary.sql("ALTER SYSTEM SET max_wal_size = '64MB'");
        primary.sql("SELECT pg_reload_conf()");
        primary.sql("airflow", "airflow", "CREATE TABLE much AS SELECT generate_series(1, 1500000) AS id");
        primary.sql("SELECT pg_switch_wal()");
        primary.sql("CHECKPOINT");
        primary.await(
                Duration.ofSeconds(20), () -> slot(primary).equals("lost"), "a lost slot, it is " + slot(primary));
        Map<String, String> limits = new TreeMap<>(Map.of(
                "PGPORT", primary.port() + "," + standby.port(),
                "REPLICATION_LAG_MAX_BYTES", "16777216",
                "REPLICATION_LAG_MAX_SECONDS", "60",
                "CONNECTIONS_MAX_PERCENT", "80",
                "DISK_MAX_PERCENT", "100"));
        assertThat(primary.script(limits, "health-check.sh").output())
                .containsPattern("critical +slot postgresql_standby +lost");
        standby.start();
        standby.await(
                Duration.ofMinutes(3),
                () -> standby.log().contains("copy of postgresql-primary complete"),
                "a new copy");
        pair.awaitStreaming(primary, standby);
        assertThat(slot(primary)).isNotEqualTo("lost");
        assertThat(standby.sql("airflow", "airflow", "SELECT count(*) FROM much"))
                .isEqualTo("1500000");
    }

    private static String slot(LocalInstance primary) {
        return primary.sql("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'postgresql_standby'");
    }
}
