package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No dump has the rows of a materialized view: a restore fills it anew, and says what it does not get that way. */
@Tag("long")
class RestoreViewsIT {

    private static DumpedServer server;

    @BeforeAll
    static void start() {
        server = new DumpedServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Filled before there was a policy, which holds for the owner as well. */
    @BeforeEach
    void fill() {
        server.removeDumps();
        server.asOwner("""
                CREATE TABLE secret AS SELECT generate_series(1, 10) AS id;
                CREATE MATERIALIZED VIEW "Secrets" AS SELECT id FROM secret;
                CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM "Secrets";
                CREATE MATERIALIZED VIEW plain AS SELECT id FROM runs;
                ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
                ALTER TABLE secret FORCE ROW LEVEL SECURITY""");
    }

    @AfterEach
    void clear() {
        server.primary().sql("DROP DATABASE IF EXISTS airflow_views");
        server.asOwner("DROP TABLE secret CASCADE; DROP MATERIALIZED VIEW plain");
    }

    @Test
    void one_that_has_fewer_rows_for_a_policy_is_named() {
        server.asOwner("CREATE POLICY few ON secret USING (id = 1)");
        assertThat(restored())
                .contains("public.\"Secrets\" has 1 rows, and 10 without policies")
                .doesNotContain("plain", "sums", "not filled");
        assertThat(rows("\"Secrets\"")).isEqualTo("1");
        assertThat(rows("plain")).isEqualTo("100");
        assertThat(server.primary()
                        .sql(
                                "airflow",
                                "airflow_views",
                                "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'secret'"))
                .isEqualTo("t");
    }

    @Test
    void one_whose_query_fails_is_named_and_left_without_rows() {
        server.asOwner("CREATE POLICY few ON secret USING (id = current_setting('app.tenant')::int)");
        assertThat(restored())
                .contains("materialized view public.\"Secrets\" is not filled: unrecognized configuration parameter")
                .contains("materialized view public.sums is not filled")
                .contains("or as they were: public.\"Secrets\", public.sums\n");
        assertThat(rows("plain")).isEqualTo("100");
        assertThat(rows("secret")).isEqualTo("10");
    }

    /** What it says is its owner's: it is one line, and runs nothing. */
    @Test
    void the_words_of_one_that_fails_are_no_line_of_the_log() {
        server.asOwner("""
                CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN
                  IF current_database() = 'airflow' THEN RETURN 1; END IF;
                  RAISE EXCEPTION E'$$; \\\\! touch owned\\n2026-01-01T00:00:00Z restore.sh INFO all is well'; END $f$;
                CREATE MATERIALIZED VIEW failing AS SELECT public.fails() AS one""");
        try {
            assertThat(restored())
                    .contains("materialized view public.failing is not filled: $$;")
                    .doesNotContain("\n2026-01-01")
                    .contains(
                            "are not filled, because that failed (the warning above says why) or as they were: public.failing\n");
        } finally {
            server.asOwner("DROP MATERIALIZED VIEW failing; DROP FUNCTION fails");
        }
    }

    private static String restored() {
        assertThat(server.backup("").status()).isZero();
        Tool.Result result =
                server.primary().script("restore.sh", server.dumps().get(0), "--into", "airflow_views");
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private static String rows(String relation) {
        server.primary().sql("airflow", "airflow_views", "ALTER TABLE secret NO FORCE ROW LEVEL SECURITY");
        try {
            return server.primary().sql("airflow", "airflow_views", "SELECT count(*) FROM " + relation);
        } finally {
            server.primary().sql("airflow", "airflow_views", "ALTER TABLE secret FORCE ROW LEVEL SECURITY");
        }
    }
}
