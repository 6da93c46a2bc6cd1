package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database of another server, imported into a running installation. */
@Tag("long")
class ImportDatabaseIT {

    private static final String DATABASES = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database";

    private LocalPair pair;
    private LocalInstance primary;
    private SourceServer source;

    @BeforeEach
    void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.awaitLog("open for writes");
        source = new SourceServer(pair.local());
    }

    @AfterEach
    void stop() {
        source.close();
        pair.close();
    }

    @Test
    void all_of_it_is_there_and_belongs_to_the_owner() {
        source.fill(3000);
        source.sql(
                "GRANT CREATE ON SCHEMA public TO other; ALTER TABLE days OWNER TO other; GRANT SELECT ON runs TO other; CREATE EXTENSION pg_trgm");
        Tool.Result checked = source.importInto(primary, Map.of(), "--check");
        assertThat(checked.status()).as(checked.output()).isZero();
        assertThat(checked.output())
                .contains(
                        "nothing stands in the way of the import",
                        "estimate: about ",
                        "all of it belongs to the owner here: old, other");
        assertThat(primary.sql(DATABASES)).isEqualTo("airflow postgres template0 template1");

        Tool.Result result = source.importInto(primary, Map.of());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("compared: 4 tables, 9000 rows, the same in the source");
        assertNoSecret(result);
        assertThat(primary.sql(DATABASES)).isEqualTo("airflow postgres template0 template1");
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*), max(id), nextval('runs_id_seq') FROM runs"))
                .isEqualTo("3000|3000|3001");
        assertThat(primary.sql("airflow", "airflow", "SELECT count FROM totals"))
                .isEqualTo("3000");
        assertThat(primary.sql(
                        "airflow", "airflow", "SELECT convert_from(lo_get(oid), 'UTF8') FROM pg_largeobject_metadata"))
                .isEqualTo("large");
        assertThat(
                        primary.sql(
                                "postgres",
                                "airflow",
                                "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEqualTo("airflow");
        assertThat(primary.sql("SELECT has_database_privilege('backup', 'airflow', 'CONNECT')"))
                .isEqualTo("t");

        // The next one would take the place of rows.
        Tool.Result again = source.importInto(primary, Map.of());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output()).contains("database airflow holds 8 tables, views and sequences", "--replace");
        primary.sql("airflow", "airflow", "DELETE FROM runs WHERE id > 5");
        Tool.Result replaced = source.importInto(primary, Map.of(), "--replace", "--jobs", "1");
        assertThat(replaced.status()).as(replaced.output()).isZero();
        String before = primary.sql("SELECT datname FROM pg_database WHERE datname LIKE 'airflow_before_%'");
        assertThat(primary.sql("postgres", before, "SELECT count(*) FROM runs")).isEqualTo("5");
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("3000");
    }

    /** What the owner of a schema planted there runs as the owner here. */
    @Test
    void foreign_sql_changes_no_role_and_runs_no_command() {
        String mark = primary.runtime().resolve("mark").toString();
        source.runFile(Project.file("e2e/planted.sql"), mark);
        String roles = roles();
        Tool.Result hidden = source.importInto(primary, Map.of());
        assertThat(hidden.output()).contains("tables of which policies hide rows from old: planted_1.rows");
        Tool.Result result = source.importInto(primary, source.superuserUrl(), Map.of());
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("rows, the same in the source");
        assertThat(roles()).isEqualTo(roles);
        assertThat(Path.of(mark)).doesNotExist();
    }

    private String roles() {
        return primary.sql(
                        "SELECT string_agg(r::text, ' ' ORDER BY rolname) FROM pg_roles AS r WHERE rolname <> 'airflow'")
                + primary.sql(
                        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'airflow'");
    }

    /** Killed while it restores: the database is as it was, and the next import makes it whole. */
    @Test
    void an_import_that_is_killed_leaves_the_database_as_it_was_and_can_be_done_again() throws Exception {
        source.fill(1000);
        // The copy waits here for as long as the test wants it to.
        source.sql(
                "CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF current_user = 'airflow' THEN PERFORM pg_sleep(300); END IF; RETURN i; END $$; CREATE TABLE late (id int); INSERT INTO late VALUES (1); CREATE INDEX ON late (slow(id))");
        primary.sql("airflow", "airflow", "CREATE TABLE mine AS SELECT 7 AS n");
        Process running = source.starting(primary, source.url() + "\n", Map.of(), "--replace")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String restoring =
                "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'airflow_import_%' AND wait_event = 'PgSleep'";
        primary.await(
                Duration.ofSeconds(90), () -> primary.sql(restoring).equals("1"), "the restore of the slow table");
        running.destroyForcibly();
        running.waitFor();
        assertThat(primary.sql("airflow", "airflow", "SELECT n FROM mine")).isEqualTo("7");
        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'airflow_import_%'");
        source.sql("DROP TABLE late; DROP FUNCTION slow");
        primary.await(
                Duration.ofSeconds(60),
                () -> source.importInto(primary, Map.of(), "--replace").status() == 0,
                "another import");
        assertThat(primary.sql("airflow", "airflow", "SELECT count(*) FROM runs"))
                .isEqualTo("1000");
        assertThat(primary.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'airflow_import_%'"))
                .isEqualTo("0");
        assertThat(Files.exists(primary.data().resolveSibling("import-copy"))).isFalse();
    }

    /** Nobody is connected at the first look. What the source acknowledges after the copy began would be gone here. */
    @Test
    void an_import_of_a_source_that_is_written_meanwhile_fails() throws Exception {
        source.fill(100);
        source.sql(
                "CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF current_user = 'airflow' THEN PERFORM pg_sleep(20); END IF; RETURN i; END $$; CREATE TABLE late (id int); INSERT INTO late VALUES (1); CREATE INDEX ON late (slow(id))");
        Path log = pair.local().folder().resolve("import.log");
        Process running = source.starting(primary, source.url() + "\n", Map.of())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        primary.await(
                Duration.ofSeconds(90),
                () -> primary.sql("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'airflow_import_%'"
                                + " AND wait_event = 'PgSleep'")
                        .equals("1"),
                "the restore of the slow table");
        source.sql("INSERT INTO late VALUES (4711)");
        assertThat(running.waitFor()).as(Project.log(log)).isEqualTo(1);
        assertThat(Project.log(log))
                .contains("the source was written while it was copied: public.late", "database airflow is as it was");
        assertThat(primary.sql(DATABASES)).isEqualTo("airflow postgres template0 template1");
    }

    @Test
    void an_import_that_fails_half_way_leaves_nothing() {
        source.fill(100);
        source.sql(
                "CREATE FUNCTION bad(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN IF current_user = 'airflow' THEN RAISE EXCEPTION 'not for this one'; END IF; RETURN i; END $$; CREATE TABLE bad (id int); INSERT INTO bad VALUES (1); CREATE INDEX ON bad (bad(id))");
        Tool.Result result = source.importInto(primary, Map.of());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("not for this one", "import failed; database airflow is as it was, and so is the source");
        assertThat(primary.sql(DATABASES)).isEqualTo("airflow postgres template0 template1");
        assertThat(Files.exists(primary.data().resolveSibling("import-copy"))).isFalse();
        assertNoSecret(result);
    }

    private static void assertNoSecret(Tool.Result result) {
        assertThat(result.output()).doesNotContain(SourceServer.PASSWORD, SourceServer.encoded(), "p@ss", "p%40ss");
    }
}
