package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Tool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sources that are not imported: each reason at once, by its name, and nothing was made. */
@Tag("long")
class ImportRefusalIT {

    private static LocalPair pair;
    private static LocalInstance primary;
    private static SourceServer source;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.awaitLog("open for writes");
        source = new SourceServer(pair.local()).fill(10);
    }

    @AfterAll
    static void stop() {
        source.close();
        pair.close();
    }

    @AfterEach
    void nothing_was_made() {
        assertThat(primary.sql("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"))
                .isEqualTo("airflow postgres template0 template1");
        assertThat(primary.sql(
                        "airflow",
                        "airflow",
                        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEqualTo("0");
    }

    @Test
    void all_reasons_come_at_once() {
        source.asSuperuser("""
                CREATE EXTENSION pageinspect; CREATE FUNCTION c() RETURNS int LANGUAGE internal AS 'pg_backend_pid';
                CREATE TABLE hers (id int); CREATE ROLE her; ALTER TABLE hers OWNER TO her;
                CREATE POLICY p ON hers TO her; SELECT lo_create(0);
                BEGIN; INSERT INTO runs DEFAULT VALUES; PREPARE TRANSACTION 'half done'""");
        Tool.Result result = source.importInto(primary, Map.of("POSTGRES_MAJOR", "15"), "--check");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains(
                        "newer than 15 here",
                        "prepared transactions, whose changes no copy has: half done",
                        "tables and sequences that old may not read: public.hers",
                        "1 large objects that old may not read",
                        "function public.c() (language internal)",
                        "extension pageinspect of the source is one that only a superuser makes: --extension pageinspect has it made",
                        "role of policies her is not here",
                        "7 reason(s) not to import, above; nothing was touched");
        source.asSuperuser(
                "ROLLBACK PREPARED 'half done'; DROP TABLE hers; DROP FUNCTION c(); DROP EXTENSION pageinspect; SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE pg_get_userbyid(lomowner) = 'postgres'");
    }

    /** The role of an application sees of others' sessions only whose they are. */
    @Test
    void the_session_of_another_role_is_named() throws InterruptedException {
        Process writer = source.superuserSession("SELECT pg_sleep(600)");
        try {
            Thread.sleep(3000);
            assertThat(source.importInto(primary, Map.of()).output())
                    .contains(
                            "others are connected to the source and may write, which the copy would not have: postgres");
        } finally {
            writer.destroy();
        }
    }

    /** The name is part of a pattern for what a superuser makes. */
    @Test
    void an_extension_in_a_schema_of_any_name_is_refused() {
        source.asSuperuser("CREATE SCHEMA \"a|.*\"; CREATE EXTENSION pageinspect SCHEMA \"a|.*\"");
        Tool.Result result = source.importInto(primary, Map.of(), "--check", "--extension", "pageinspect");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output()).contains("extension pageinspect of the source is in a schema whose name is not");
        source.asSuperuser("DROP SCHEMA \"a|.*\" CASCADE");
    }

    @Test
    void an_extension_that_is_not_in_the_image_is_named() {
        source.asSuperuser(
                "CREATE EXTENSION pageinspect; UPDATE pg_extension SET extname = 'elsewhere' WHERE extname = 'pageinspect'");
        Tool.Result result = source.importInto(primary, Map.of(), "--check");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .contains("extension elsewhere of the source is not in this image", "--without-extension elsewhere");
        assertThat(source.importInto(primary, Map.of(), "--check", "--without-extension", "elsewhere")
                        .status())
                .isZero();
        source.asSuperuser(
                "UPDATE pg_extension SET extname = 'pageinspect' WHERE extname = 'elsewhere'; DROP EXTENSION pageinspect");
    }

    @Test
    void whoever_may_write_there_is_named() {
        Process writer = source.session("SET application_name = 'a scheduler'; SELECT pg_sleep(600)");
        primary.await(
                Duration.ofSeconds(20),
                () -> source.asSuperuser("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'a scheduler'")
                        .equals("1"),
                "a writer");
        Tool.Result refused = source.importInto(primary, Map.of());
        Tool.Result checked = source.importInto(primary, Map.of(), "--check");
        writer.destroy();
        source.asSuperuser(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'a scheduler'");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains(
                        "others are connected to the source and may write",
                        "old (a scheduler) of 1 from the socket",
                        "--while-in-use");
        assertThat(checked.status()).as(checked.output()).isZero();
        assertThat(checked.output()).contains("WARN others are connected to the source", "old (a scheduler)");
    }

    /** What a table takes is told by the source; a sparse file makes one that no volume holds. */
    @Test
    void a_source_for_which_there_is_no_room_is_refused() {
        source.sql("CREATE TABLE huge (id int); INSERT INTO huge VALUES (1)");
        source.grow("huge", 1L << 43);
        Tool.Result result = source.importInto(primary, Map.of(), "--check");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("no room: ", "enlarge the data claim");
        source.sql("DROP TABLE huge");
    }

    @Test
    void a_wrong_password_and_a_server_that_is_away_say_so() {
        String url = source.url();
        Tool.Result wrong = source.importInto(primary, url.replace(SourceServer.encoded(), "hidden"), Map.of());
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.output())
                .contains("the source cannot be reached", "the password or the user is wrong")
                .doesNotContain("hidden");
        Tool.Result away = source.importInto(primary, url.replaceAll(":[0-9]+/old", ":1/old"), Map.of());
        assertThat(away.status()).isEqualTo(2);
        assertThat(away.output()).contains("is it in network.sources");
        Tool.Result plain = source.importInto(primary, url.replace("disable", "require"), Map.of());
        assertThat(plain.status()).isEqualTo(2);
        assertThat(plain.output()).contains("where the network between is yours alone: sslmode disable");
    }
}
