package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The longest connection of a restore gives a server up that is gone without a word, and none that is slow. */
@Tag("long")
class RestoreSilenceIT {

    private static DumpedServer server;

    @BeforeAll
    static void start() {
        server = new DumpedServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A pod that is deleted by force says no goodbye. */
    @Test
    void gives_a_silent_connection_up() {
        assertThat(server.backup("").status()).isZero();
        Path replaced = server.local().program("psql", """
                #!/bin/bash
                [[ "$*" != *single-transaction* ]] || printf 'asked for %s\\n' "$*" >&2
                PATH=${PATH#*:} exec psql "$@"
                """);
        LocalInstance primary = server.primary();
        Tool.Result result = primary.script(
                Map.of(
                        "PATH",
                        replaced.getParent() + ":" + server.local().path(),
                        "PGPORT",
                        primary.environment("MEMBER_PORTS")),
                "restore.sh",
                server.dumps().get(0),
                "--into",
                "airflow_silent");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("asked for ").contains("tcp_user_timeout=", "keepalives_idle=5");
    }

    /** A volume that stands still takes no rows for a while, and the kernel of the server answers all the same. */
    @Test
    void waits_for_a_server_that_takes_no_rows_for_longer_than_a_silent_one_is_waited_for() {
        server.removeDumps();
        server.asOwner("""
                CREATE FUNCTION is_slow(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
                  IF $1 = 1 AND current_database() <> 'airflow' THEN PERFORM pg_sleep(25); END IF; RETURN true; END $$;
                CREATE TABLE slow (id int CHECK (is_slow(id)), filler text);
                INSERT INTO slow SELECT i, repeat(md5(i::text), 64) FROM generate_series(1, 20000) AS i""");
        try {
            assertThat(server.backup("").status()).isZero();
            Tool.Result result =
                    server.primary().script("restore.sh", server.dumps().get(0), "--into", "airflow_slow");
            assertThat(result.status()).as(result.output()).isZero();
        } finally {
            server.primary().sql("DROP DATABASE IF EXISTS airflow_slow");
            server.asOwner("DROP TABLE slow; DROP FUNCTION is_slow");
        }
    }
}
