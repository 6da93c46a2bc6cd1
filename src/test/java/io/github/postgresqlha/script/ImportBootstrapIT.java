package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A new instance whose first data are those of a database of another server. */
@Tag("long")
class ImportBootstrapIT {

    private LocalPair pair;
    private LocalInstance primary;
    private SourceServer source;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        source = new SourceServer(pair.local()).fill(500);
        primary = pair.primary();
        source.environment().forEach(primary::with);
        primary.with("BOOTSTRAP_RETRY_SECONDS", "1");
    }

    @AfterEach
    void stop() {
        source.close();
        pair.close();
    }

    @Test
    void begins_with_the_database_and_a_standby_follows_it() {
        primary.start().awaitRole("primary");
        assertThat(primary.log()).contains("compared: 4 tables, 1500 rows, the same in the source");
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("500");
        assertThat(primary.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"))
                .isEqualTo("airflow postgres template0 template1");
        assertThat(primary.log()).doesNotContain(SourceServer.PASSWORD);
        pair.standby().start().awaitRole("standby");
        assertThat(pair.standby().sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("500");

        // Only an empty volume is filled.
        primary.sql("airflow", "airflow", "DELETE FROM runs");
        assertThat(primary.stop()).isZero();
        primary.start();
        assertThat(pair.awaitOnePrimary()).isSameAs(primary);
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("0");
    }

    @Test
    void waits_until_nobody_writes_there_and_never_makes_an_empty_database() {
        Process writer = source.session("SET application_name = 'a scheduler'; SELECT pg_sleep(600)");
        primary.start().awaitLog("others are connected to the source and may write");
        primary.awaitLog("an empty one is never made instead");
        assertThat(Files.exists(primary.data())).isFalse();
        writer.destroy();
        source.asSuperuser(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'a scheduler'");
        primary.awaitRole("primary");
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("500");
    }

    /** The volumes were lost months after the import: the dumps have newer rows than the source. */
    @Test
    void an_old_source_does_not_take_the_place_of_dumps() {
        pair.local()
                .write(
                        Path.of(primary.environment("BACKUP_DIRECTORY"))
                                .resolve("postgresql_backup_20260101_020000.sql.gz"),
                        "");
        primary.start().awaitLog("holds dumps of a database");
        assertThat(Files.exists(primary.data())).isFalse();
        assertThat(primary.stop()).isZero();
    }

    /** Loses power while rows are restored: there is no database, nobody was let in, and the next start makes it whole. */
    @Test
    void an_import_that_is_interrupted_begins_anew() {
        source.sql(
                "CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF current_user = 'airflow' THEN PERFORM pg_sleep(300); END IF; RETURN i; END $$; CREATE TABLE late (id int); INSERT INTO late VALUES (1); CREATE INDEX ON late (slow(id))");
        primary.start().awaitLog("restoring as airflow");
        primary.awaitRole("importing");
        assertThat(primary.run(pair.local().scripts() + "/instance/probe.sh", "readiness")
                        .status())
                .isEqualTo(1);
        assertThat(primary.run(pair.local().scripts() + "/instance/probe.sh", "liveness")
                        .status())
                .isZero();
        assertThat(primary.stop()).isZero();
        assertThat(Files.exists(primary.data())).isFalse();
        source.sql("DROP TABLE late; DROP FUNCTION slow");
        primary.start().awaitRole("primary");
        primary.await(
                Duration.ofSeconds(60),
                () -> primary.sql("airflow", "airflow", "SELECT count(*) FROM runs")
                        .equals("500"),
                "the rows");
        assertThat(Files.exists(primary.data().resolveSibling("import-copy"))).isFalse();
    }
}
