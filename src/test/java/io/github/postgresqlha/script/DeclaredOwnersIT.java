package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The superuser's sessions in a database whose owner is somebody else: neither what it put there nor its settings are theirs. */
@Tag("long")
class DeclaredOwnersIT {

    private final LocalPair pair = new LocalPair();
    private final LocalInstance primary = pair.primary();

    @BeforeEach
    void start() {
        primary.start().awaitRole("primary");
        primary.await(
                Duration.ofSeconds(30),
                () -> primary.sql("SELECT to_regclass('postgresql_ha.declared_setting') IS NOT NULL")
                        .equals("t"),
                "the first look at what is declared");
    }

    @AfterEach
    void stop() {
        pair.close();
    }

    /** A type that the owner puts into its schema would be read as superuser by the script of an extension that names one. */
    @Test
    void no_script_of_a_superusers_extension_looks_into_a_schema_of_the_owners() {
        primary.sql("postgres", "airflow", """
                CREATE TABLE paths (path text);
                CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                  INSERT INTO public.paths VALUES (pg_catalog.current_setting('search_path')); END $$;
                CREATE EVENT TRIGGER note ON ddl_command_end WHEN TAG IN ('CREATE FUNCTION') EXECUTE FUNCTION note()""");
        Declaration.of(pair, "extensions: [pageinspect]");
        primary.awaitLog("extension pageinspect is made in database airflow, as declared");
        assertThat(primary.sql("postgres", "airflow", "SELECT DISTINCT path FROM paths"))
                .isEqualTo("pgha_new_extension, pg_temp");
        assertThat(primary.sql("postgres", "airflow", """
                SELECT extnamespace::regnamespace, to_regnamespace('pgha_new_extension') IS NULL FROM pg_extension WHERE extname = 'pageinspect'""")).isEqualTo("public|t");
    }

    @Test
    void settings_of_the_database_keep_nobody_away() {
        primary.sql("airflow", "airflow", "ALTER DATABASE airflow SET local_preload_libraries = 'missing'");
        Declaration.of(pair, "extensions: [hstore]");
        primary.awaitLog("extension hstore is made in database airflow, as declared");
    }
}
