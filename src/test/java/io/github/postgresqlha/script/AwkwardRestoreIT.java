package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Good dumps come back, whatever has become of the database, whatever its name is, and however it is partitioned. */
@Tag("long")
class AwkwardRestoreIT {

    private static DumpedServer server;

    @BeforeAll
    static void start() {
        server = new DumpedServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void empty() {
        server.removeDumps();
    }

    @Test
    void a_database_that_was_dropped_comes_back() {
        String dump = dump();
        server.primary().sql("DROP DATABASE airflow WITH (FORCE)");
        assertThat(restore(Map.of(), dump, "--into", "airflow_beside")).doesNotContain("as it was");
        server.primary().sql("DROP DATABASE airflow_beside");
        assertThat(restore(Map.of(), dump))
                .contains("there is none, so those of a new one", "database airflow is now as in " + dump + "\n");
        assertThat(server.asOwner("SELECT count(*) FROM runs")).isEqualTo("100");
        assertThat(server.primary().sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow\\_%'"))
                .isEmpty();
        assertThat(server.primary().sql("SELECT datacl FROM pg_database WHERE datname = 'airflow'"))
                .isEqualTo("{airflow=CTc/airflow,backup=c/airflow}");
        server.removeDumps();
        assertThat(server.backup("").status()).isZero();
    }

    /** As one whose catalogue is damaged. */
    @Test
    void a_database_that_lets_nobody_in_is_replaced() {
        String dump = dump();
        server.primary().sql("ALTER DATABASE airflow ALLOW_CONNECTIONS false");
        assertThat(restore(Map.of(), dump)).contains("is not there or cannot be entered", "not to be seen");
        assertThat(server.asOwner("SELECT count(*) FROM runs")).isEqualTo("100");
        dropKept("airflow_before_");
    }

    /** PostgreSQL cuts what is longer than 63. */
    @Test
    void a_name_of_forty_letters_and_more_is_no_hindrance() throws Exception {
        String dump = dump();
        String name = "airflow_production_of_the_analytics_team_1";
        server.primary().sql("CREATE DATABASE " + name + " OWNER airflow");
        server.primary().sql("ALTER DATABASE " + name + " SET work_mem = '5MB'");
        CompletableFuture<String> session =
                CompletableFuture.supplyAsync(() -> server.primary().sql("airflow", name, "SELECT pg_sleep(600)"));
        server.primary()
                .await(
                        Duration.ofSeconds(20),
                        () -> server.primary()
                                .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                                .equals("1"),
                        "a session");
        restore(Map.of("DATABASE_NAME", name), dump);
        assertThat(session.get(10, TimeUnit.SECONDS)).contains("terminating connection");
        assertThat(server.primary().sql("airflow", name, "SELECT count(*) || current_setting('work_mem') FROM runs"))
                .isEqualTo("1005MB");
        dropKept("airflow_production");
        server.primary().sql("DROP DATABASE " + name);
    }

    /** pg_dump copies them into the partitioned table, because an enum has another hash in another database. */
    @Test
    void rows_that_find_their_partition_by_the_hash_of_an_enum_are_counted() {
        server.asOwner("""
                CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
                CREATE TABLE moods (at int, mood mood) PARTITION BY RANGE (at);
                CREATE TABLE moods_old PARTITION OF moods FOR VALUES FROM (0) TO (100);
                CREATE TABLE moods_new PARTITION OF moods FOR VALUES FROM (100) TO (1000) PARTITION BY HASH (mood);
                CREATE TABLE moods_new_0 PARTITION OF moods_new FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                CREATE TABLE "moods *" PARTITION OF moods_new FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                INSERT INTO moods SELECT i, (enum_range(NULL::mood))[1 + i % 3] FROM generate_series(1, 300) AS i;
                CREATE TABLE plain (n int) PARTITION BY LIST (n);
                CREATE TABLE plain_1 PARTITION OF plain FOR VALUES IN (1);
                INSERT INTO plain VALUES (1), (1);
                CREATE TABLE parent AS SELECT 1 AS n; CREATE TABLE child () INHERITS (parent); INSERT INTO child VALUES (2);
                REVOKE SELECT ON moods FROM airflow;
                ALTER TABLE moods ENABLE ROW LEVEL SECURITY; ALTER TABLE moods FORCE ROW LEVEL SECURITY""");
        try {
            String dump = dump();
            assertThat(restore(Map.of(), dump, "--into", "airflow_moods"))
                    .contains("restored and compared: 5 tables"); // moods, plain_1, parent, child, runs
            server.primary().sql("airflow", "airflow_moods", "ALTER TABLE moods NO FORCE ROW LEVEL SECURITY");
            assertThat(server.primary().sql("postgres", "airflow_moods", "SELECT count(*), sum(at) FROM moods"))
                    .isEqualTo("300|45150");
        } finally {
            server.primary().sql("DROP DATABASE IF EXISTS airflow_moods");
            server.asOwner("DROP TABLE moods, plain, parent, child; DROP TYPE mood");
        }
    }

    /** Nobody would remove their dumps when they are dropped. */
    @Test
    void what_a_restore_keeps_is_not_dumped_with_all_databases() {
        server.primary().sql("CREATE DATABASE airflow_before_20260101_020000 OWNER airflow");
        server.primary().sql("CREATE DATABASE airflow_restore_20260101_020000 OWNER airflow");
        server.primary().sql("CREATE DATABASE airflow_before_long OWNER airflow");
        Tool.Result result = server.backup("all");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("not dumped: airflow_before_20260101_020000, airflow_restore_20260101_020000\n");
        assertThat(server.dumps())
                .hasSize(3)
                .anyMatch(name -> name.endsWith(".airflow_before_long.sql.gz"))
                .anyMatch(name -> name.endsWith(".reports.sql.gz"));
        for (String name : new String[] {"before_20260101_020000", "restore_20260101_020000", "before_long"}) {
            server.primary().sql("DROP DATABASE airflow_" + name);
        }
    }

    /** What it receives goes to the database that was there. */
    @Test
    void a_subscription_that_stays_behind_is_named() {
        String dump = dump();
        server.primary()
                .sql(
                        "postgres",
                        "airflow",
                        "CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false)");
        String said = restore(Map.of(), dump);
        String before =
                server.primary().sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow\\_before\\_%'");
        assertThat(said).contains("not of airflow any more, but of " + before + ": subscription feed.");
        server.primary()
                .sql("postgres", before, "ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed");
        dropKept("airflow_before_");
    }

    private static String dump() {
        Tool.Result result = server.backup("");
        assertThat(result.status()).as(result.output()).isZero();
        return server.dumps().get(0);
    }

    private static String restore(Map<String, String> changes, String... arguments) {
        Map<String, String> all = new TreeMap<>(changes);
        all.put("PGPORT", server.primary().environment("MEMBER_PORTS"));
        Tool.Result result = server.primary().script(all, "restore.sh", arguments);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private static void dropKept(String prefix) {
        server.primary()
                .sql("DROP DATABASE "
                        + server.primary()
                                .sql("SELECT datname FROM pg_database WHERE datname LIKE '" + prefix
                                        + "%\\_before\\_%' OR datname LIKE '" + prefix + "2%'"));
    }
}
