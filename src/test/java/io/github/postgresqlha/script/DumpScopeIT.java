package io.github.postgresqlha.script;

import static io.github.postgresqlha.script.DumpedServer.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever an owner does to his databases, what a dump leaves out is named. */
@Tag("long")
class DumpScopeIT {

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
    void all_databases_are_dumped_also_one_that_is_marked_as_a_template() {
        server.primary().sql("ALTER DATABASE reports IS_TEMPLATE true");
        try {
            Tool.Result result = server.backup("all");
            assertThat(result.status()).as(result.output()).isZero();
            assertThat(server.dumps()).hasSize(2).anyMatch(name -> name.endsWith(".reports.sql.gz"));
            empty();
            assertThat(server.backup("").output()).contains("not dumped: reports\n");
        } finally {
            server.primary().sql("ALTER DATABASE reports IS_TEMPLATE false");
        }
    }

    @Test
    void a_database_that_lets_nobody_in_fails_the_run_of_all() {
        server.primary().sql("ALTER DATABASE reports ALLOW_CONNECTIONS false");
        try {
            Tool.Result result = server.backup("all");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("database reports was not dumped: it lets nobody in (ALLOW_CONNECTIONS false)")
                    .doesNotContain("template");
            assertThat(server.dumps()).hasSize(1);
        } finally {
            server.primary().sql("ALTER DATABASE reports ALLOW_CONNECTIONS true");
        }
    }

    @Test
    void whatever_is_hidden_in_an_extension_is_named() {
        server.asOwner("""
                CREATE EXTENSION citext;
                CREATE SEQUENCE invoice_number;
                CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
                CREATE VIEW all_runs AS SELECT id FROM runs;
                CREATE SCHEMA shop;
                CREATE TABLE shop.orders AS SELECT 1 AS id;
                CREATE TYPE colour AS ENUM ('red');
                CREATE DOMAIN few AS int;
                CREATE COLLATION german (provider = libc, locale = 'C');
                CREATE FUNCTION same(runs, runs) RETURNS boolean LANGUAGE sql AS 'SELECT true';
                CREATE OPERATOR === (LEFTARG = runs, RIGHTARG = runs, FUNCTION = same);
                CREATE TEXT SEARCH DICTIONARY words (template = simple)""");
        List<String> members = List.of(
                "COLLATION public.german",
                "FUNCTION public.price(integer)",
                "OPERATOR public.===(public.runs,public.runs)",
                "SCHEMA shop",
                "SEQUENCE public.invoice_number",
                "TEXT SEARCH DICTIONARY public.words",
                "TYPE public.colour",
                "TYPE public.few",
                "VIEW public.all_runs");
        try {
            for (String member : members) {
                assertThat(server.asOwner("ALTER EXTENSION citext ADD " + operator(member)))
                        .isEmpty();
            }
            Tool.Result result = server.backup("");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output()).contains(LOST);
            for (String member : members) {
                String remedy = "ALTER EXTENSION citext DROP " + member;
                assertThat(result.output()).contains(remedy + ";");
                assertThat(server.asOwner(operator(remedy))).isEmpty();
            }
            assertThat(server.dumps()).isEmpty();
            assertThat(server.backup("").status()).isZero();
        } finally {
            server.asOwner("""
                    DROP EXTENSION citext CASCADE; DROP VIEW IF EXISTS all_runs; DROP SCHEMA IF EXISTS shop CASCADE;
                    DROP SEQUENCE IF EXISTS invoice_number; DROP FUNCTION IF EXISTS price(int); DROP TYPE IF EXISTS colour;
                    DROP DOMAIN IF EXISTS few; DROP COLLATION IF EXISTS german; DROP FUNCTION IF EXISTS same(runs, runs) CASCADE;
                    DROP TEXT SEARCH DICTIONARY IF EXISTS words""");
        }
    }

    /** It is its type's owner's, who is noted nowhere. */
    @Test
    void a_cast_that_is_hidden_in_an_extension_is_named() {
        server.asOwner("""
                CREATE EXTENSION citext; CREATE TYPE colour AS ENUM ('red');
                CREATE FUNCTION number_of(colour) RETURNS int LANGUAGE sql AS 'SELECT 7';
                CREATE CAST (colour AS int) WITH FUNCTION number_of(colour);
                CREATE CAST (colour AS citext) WITH INOUT;
                CREATE VIEW sevens AS SELECT 'red'::colour::int AS seven;
                ALTER EXTENSION citext ADD CAST (colour AS int); ALTER EXTENSION citext ADD CAST (colour AS citext)""");
        try {
            List<String> remedies = List.of(
                    "ALTER EXTENSION citext DROP CAST (public.colour AS integer)",
                    "ALTER EXTENSION citext DROP CAST (public.colour AS public.citext)");
            Tool.Result result = server.backup("");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output()).contains(remedies).contains(LOST);
            assertThat(server.dumps()).isEmpty();
            remedies.forEach(server::asOwner);
            assertThat(server.backup("").status()).isZero();
        } finally {
            server.asOwner("DROP EXTENSION citext CASCADE; DROP TYPE colour CASCADE");
        }
    }

    /** Of the extensions that an owner can make, none is in the way of a dump. */
    @Test
    void an_extension_as_it_comes_hides_nothing() {
        server.asOwner(
                "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm; CREATE EXTENSION ltree");
        try {
            Tool.Result result = server.backup("");
            assertThat(result.status()).as(result.output()).isZero();
        } finally {
            server.asOwner("DROP EXTENSION citext, hstore, pg_trgm, ltree");
        }
    }

    /** The owner of an extension puts a table into it, and pg_dump trusts CREATE EXTENSION to make it. */
    @Test
    void keeps_no_dump_without_a_table_that_is_hidden_in_an_extension() {
        server.asOwner("""
                CREATE EXTENSION citext;
                CREATE TABLE "it's hidden" AS SELECT 1 AS id;
                CREATE TABLE listed AS SELECT 1 AS id;
                CREATE TABLE empty (id int);
                ALTER EXTENSION citext ADD TABLE "it's hidden";
                ALTER EXTENSION citext ADD TABLE listed;
                ALTER EXTENSION citext ADD TABLE empty""");
        server.primary()
                .sql(
                        "postgres",
                        "airflow",
                        "UPDATE pg_extension SET extconfig = ARRAY['listed'::regclass::oid], extcondition = ARRAY[''] WHERE extname = 'citext'");
        try {
            Tool.Result result = server.backup("");
            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains(
                            "ALTER EXTENSION citext DROP TABLE public.\"it's hidden\"; ALTER EXTENSION citext DROP TABLE public.empty; where the extension")
                    .endsWith("the dump is not complete and was not kept; earlier dumps are untouched\n");
            assertThat(server.dumps()).isEmpty();
            server.asOwner(
                    "ALTER EXTENSION citext DROP TABLE public.\"it's hidden\"; ALTER EXTENSION citext DROP TABLE empty");
            assertThat(server.backup("").status()).isZero();
            assertThat(server.primary()
                            .run(
                                    "sh",
                                    "-c",
                                    "gzip -dc " + server.backups() + "/"
                                            + server.dumps().get(0))
                            .output())
                    .contains("COPY public.\"it's hidden\"", "COPY public.listed");
        } finally {
            server.asOwner("DROP EXTENSION citext; DROP TABLE IF EXISTS \"it's hidden\", empty");
        }
    }

    /** What the script of such an extension makes has the same owner as what its owner adds: only rows are told apart. */
    @Test
    void an_extension_whose_script_runs_as_its_owner_is_asked_for_rows_only() throws Exception {
        Path folder =
                Path.of(server.primary().sql("SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"), "extension");
        Path control = folder.resolve("pgha_owned.control");
        Path script = folder.resolve("pgha_owned--1.0.sql");
        try {
            Files.writeString(control, "default_version = '1.0'\nsuperuser = false\n");
            Files.writeString(
                    script,
                    "CREATE FUNCTION owned() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE owned (n int);\n");
            server.asOwner("CREATE EXTENSION pgha_owned");
            Tool.Result empty = server.backup("");
            assertThat(empty.status()).as(empty.output()).isZero();
            server.removeDumps(); // two of one second have one name
            server.asOwner("INSERT INTO owned VALUES (1)");
            Tool.Result rows = server.backup("");
            assertThat(rows.status()).as(rows.output()).isEqualTo(1);
            assertThat(rows.output()).contains("ALTER EXTENSION pgha_owned DROP TABLE public.owned; where", LOST);
        } finally {
            server.asOwner("DROP EXTENSION IF EXISTS pgha_owned");
            Files.deleteIfExists(control);
            Files.deleteIfExists(script);
        }
    }

    /** An operator is named with a blank before its operands in no other place. */
    private static String operator(String text) {
        return text.replace("===(", "=== (");
    }
}
