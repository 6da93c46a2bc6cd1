package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application's statements hold does not reach the log, whichever way its driver sends them; where they are audited, it does. */
class LoggedStatementsIT {

    private static final String SECRET = "0f5e-a-secret-of-a-row";

    private static LocalPair pair;
    private static LocalInstance primary;

    @BeforeAll
    static void start() {
        pair = new LocalPair();
        primary = pair.primary().start().awaitRole("primary");
        primary.await(
                Duration.ofSeconds(40),
                () -> primary.sql("SELECT setconfig FROM pg_db_role_setting WHERE setrole = 'airflow'::regrole")
                        .equals("{log_error_verbosity=terse}"),
                "what the owner's role is to log");
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    /** psycopg2 writes the values into the statement; psycopg 3 sends them beside it. */
    @ParameterizedTest
    @ValueSource(strings = {"psycopg2", "psycopg"})
    void holds_no_value_of_a_statement(String driver) {
        int before = primary.log().length();
        assertThat(statements(driver)).isEqualTo("8");
        String log = primary.log().substring(before);
        assertThat(log)
                .contains(
                        "duplicate key value violates unique constraint",
                        "violates not-null constraint",
                        "deadlock detected",
                        "while waiting for ShareLock",
                        "canceling statement due to statement timeout");
        assertThat(log).doesNotContain(SECRET);
    }

    /** A person may want more, and then has it. */
    @Test
    void follows_the_specification() throws IOException {
        Files.writeString(
                pair.local().configuration().resolve("postgresql.conf"),
                "log_error_verbosity = default\nlog_statement = all\nlog_disconnections = on\n",
                StandardOpenOption.APPEND);
        primary.await(
                Duration.ofSeconds(40), () -> primary.sql("SHOW log_statement").equals("all"), "the new setting");
        assertThat(primary.stop()).isZero();
        primary.start().awaitRole("primary");
        primary.await(
                Duration.ofSeconds(40),
                () -> primary.sql("SELECT count(*) FROM pg_db_role_setting WHERE setrole = 'airflow'::regrole")
                        .equals("0"),
                "the role's setting to go");
        int before = primary.log().length();
        statements("psycopg2");
        assertThat(primary.log().substring(before)).contains(SECRET, "DETAIL:", "disconnection: session time");
    }

    private static String statements(String driver) {
        Tool python = Tool.require("python/bin/python");
        Map<String, String> connection = Map.of(
                "PGHOST", "127.0.0.1",
                "PGPORT", String.valueOf(primary.port()),
                "PGUSER", "airflow",
                "PGDATABASE", "airflow",
                "PGPASSWORD", LocalPair.PASSWORD + "airflow");
        ProcessBuilder builder = new ProcessBuilder(
                python.program().toString(),
                Project.file("src/test/resources/io/github/postgresqlha/script/secret-statements.py")
                        .toString(),
                driver,
                SECRET);
        builder.environment().putAll(connection);
        Tool.Result result = Tool.run(builder);
        assertThat(result.status()).as(result.output()).isZero();
        return result.output().strip();
    }
}
