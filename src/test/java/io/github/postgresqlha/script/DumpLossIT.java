package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.DumpedServer.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A dump that does not hold what was there, or is not on the volume, is not called one. */
@Tag("long")
class DumpLossIT {

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

    /** PostgreSQL writes an offset of 100 hours, and reads it as one of one hour. */
    @Test
    void a_time_zone_of_the_owners_changes_no_time_of_a_dump() {
        server.asOwner("CREATE TABLE times AS SELECT timestamptz '2026-01-01 00:00:00+00' AS at");
        server.asOwner("ALTER DATABASE airflow SET timezone = 'FOO-100'");
        try {
            assertThat(server.backup("").status()).isZero();
            Tool.Result restored =
                    server.primary().script("restore.sh", server.dumps().get(0), "--into", "airflow_zone");
            assertThat(restored.status()).as(restored.output()).isZero();
            assertThat(server.primary().sql("airflow", "airflow_zone", "SELECT at AT TIME ZONE 'UTC' FROM times"))
                    .isEqualTo("2026-01-01 00:00:00");
        } finally {
            server.primary().sql("DROP DATABASE IF EXISTS airflow_zone");
            server.primary().sql("ALTER DATABASE airflow RESET timezone");
            server.asOwner("DROP TABLE times");
        }
    }

    /** Its bytes are in no encoding that the server knows; names of tables as well. */
    @Test
    void a_database_in_sql_ascii_is_dumped_as_it_is_and_comes_back() {
        server.primary()
                .sql(
                        "CREATE DATABASE legacy OWNER analyst ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        try {
            server.primary().sql("analyst", "legacy", """
                    CREATE TABLE names AS SELECT E'Andr\\xe9'::text AS name;
                    INSERT INTO names VALUES (E'\\xe9\\\\\\xe9\\n\\\\.\\n\\xe9''; \\x24\\x24 \\xe9"');
                    DO $$ BEGIN EXECUTE format('CREATE TABLE %I AS SELECT generate_series(1, 3)', E'caf\\xe9 "'); END $$;
                    CREATE VIEW odd AS SELECT E'\\xe9\\\\'::text AS one""");
            Tool.Result result = server.backup("legacy");
            assertThat(result.status()).as(result.output()).isZero();
            Tool.Result verified = server.primary().script("verify-backup.sh", "--all");
            assertThat(verified.status()).as(verified.output()).isZero();
            String dump = server.dumps().stream()
                    .filter(name -> name.contains(".legacy."))
                    .findFirst()
                    .orElseThrow();
            Tool.Result restored = server.primary().script("restore.sh", dump, "--into", "airflow_legacy");
            assertThat(restored.status()).as(restored.output()).isZero();
            assertThat(restored.output()).contains("restored and compared: 2 tables");
            String content =
                    "SELECT getdatabaseencoding(), string_agg(encode(convert_to(name, 'SQL_ASCII'), 'hex'), ',' ORDER BY name), (SELECT encode(convert_to(one, 'SQL_ASCII'), 'hex') FROM odd) FROM names";
            assertThat(server.primary().sql("airflow", "airflow_legacy", content))
                    .startsWith("SQL_ASCII|416e6472e9,e9")
                    .isEqualTo(server.primary().sql("analyst", "legacy", content));
        } finally {
            server.primary().sql("DROP DATABASE IF EXISTS airflow_legacy");
            server.primary().sql("DROP DATABASE legacy");
        }
    }

    /** As on a volume that lost what it took. */
    @Test
    void a_dump_that_is_not_on_the_volume_is_not_kept() {
        Tool.Result result = failingSync("*.sql.gz.partial");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains("Input/output error", LOST)
                .doesNotContain("backup complete: postgresql_backup");
        assertThat(server.dumps()).allMatch(name -> name.startsWith("databases/"));
    }

    /** Neither is its checksum, and the name of what is whole may be gone after a power cut. The others are dumped. */
    @Test
    void a_dump_whose_name_is_not_on_the_volume_is_no_success() {
        for (String file : List.of("*/postgresql_backup_*.sha256.partial", "*/backups")) {
            empty();
            Tool.Result result = failingSync(file);
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("Input/output error", "it may not last")
                    .contains("backup complete: databases/")
                    .doesNotContain("backup complete: postgresql_backup");
        }
    }

    /** A question that fails, as for want of a connection, or that answers nothing. */
    @Test
    void a_dump_without_the_properties_of_its_database_is_not_kept() {
        for (String end :
                List.of("echo 'psql: error: FATAL:  sorry, too many clients already' >&2; exit 2", "exit 0")) {
            Tool.Result result = server.backupWith("psql", """
                    #!/bin/bash
                    [[ "$*" != *json_build_object* ]] || { END; }
                    PATH=${PATH#*:} exec psql "$@"
                    """.replace("END", end), "");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output()).contains("the properties of airflow cannot be asked", LOST);
            assertThat(server.dumps()).isEmpty();
        }
    }

    /** A pod that is deleted by force says no goodbye; TCP alone would wait for a quarter of an hour. */
    @Test
    void gives_a_silent_connection_up() {
        Tool.Result result = server.backupWith("pg_dump", """
                #!/bin/bash
                printf 'asked for %s\\n' "$*" >&2
                PATH=${PATH#*:} exec pg_dump "$@"
                """, "");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("tcp_user_timeout=10000", "keepalives_idle=5");
    }

    private static Tool.Result failingSync(String file) {
        return server.backupWith("sync", """
                #!/bin/sh
                case "$2" in
                FILE) case "$2" in */databases/*) ;; *) echo "sync: error syncing '$2': Input/output error" >&2; exit 1 ;; esac ;;
                esac
                exec /usr/bin/sync "$@"
                """.replace("FILE", file), "all");
    }
}
