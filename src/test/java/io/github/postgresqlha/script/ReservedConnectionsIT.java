package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The application has taken all connections that it can get; who looks after the database gets in all the same. */
class ReservedConnectionsIT {

    private static final int CONNECTIONS = 33;

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @AfterEach
    void stop() {
        pair.close();
    }

    @Test
    void health_check_other_member_rejoin_and_dump_get_in() throws IOException {
        String configuration = pair.local()
                .configuration("max_connections", String.valueOf(CONNECTIONS))
                .toString();
        primary.with("CONFIG_DIRECTORY", configuration).start().awaitRole("primary");
        pair.standby().with("CONFIG_DIRECTORY", configuration).start().awaitRole("standby");
        primary.run(
                "bash",
                "-c",
                "for i in {1.." + CONNECTIONS + "}; do (psql -Xq -h " + primary.environment("SOCKET_DIRECTORY")
                        + " -U airflow -d airflow -c 'SELECT pg_sleep(300)' >/dev/null 2>&1 &) done");
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.run(
                                "psql",
                                "-XAt",
                                "-U",
                                "airflow",
                                "-h",
                                primary.environment("SOCKET_DIRECTORY"),
                                "-c",
                                "SELECT 1")
                        .output()
                        .contains("remaining connection slots are reserved"),
                "no connection left for the application");
        assertThat(health().output())
                .containsPattern("ok +postgresql-primary answers")
                .contains("connections");
        assertThat(pair.standby()
                        .script(Map.of("PGPORT", String.valueOf(primary.port())), "connection-test.sh", "127.0.0.1")
                        .output())
                .containsPattern("ok +role +primary");
        assertThat(asRewinder()).contains("17");
        assertThat(dump().status()).as(dump().output()).isZero();
        assertThat(pair.standby().role()).isEqualTo("standby");
    }

    private Tool.Result health() {
        Map<String, String> limits = new TreeMap<>(Map.of(
                "PGPORT", primary.port() + "," + pair.standby().port(),
                "REPLICATION_LAG_MAX_BYTES", "16777216",
                "REPLICATION_LAG_MAX_SECONDS", "60",
                "CONNECTIONS_MAX_PERCENT", "80",
                "DISK_MAX_PERCENT", "100"));
        return primary.script(limits, "health-check.sh");
    }

    /** What pg_rewind does at the new primary. */
    private String asRewinder() {
        return Tool.run(pair.local()
                        .process(
                                Map.of("PGPASSWORD", LocalPair.PASSWORD + "rewinder"),
                                "psql",
                                "-XAtwc",
                                "SELECT convert_from(pg_read_binary_file('PG_VERSION'), 'UTF8')",
                                "host=127.0.0.1 port=" + primary.port() + " user=rewinder dbname=postgres"))
                .output();
    }

    private Tool.Result dump() {
        Map<String, String> job = new TreeMap<>(pair.job("backup"));
        job.putAll(Map.of("PGDATABASE", "airflow", "BACKUP_RETENTION_DAYS", "1", "BACKUP_RETENTION_MINIMUM", "1"));
        return primary.script(job, "backup.sh");
    }
}
