package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads of a question that failed: libpq says what is wrong, and then more, which says nothing. */
class ComplaintTest {

    @TempDir
    Path folder;

    @Test
    void a_refused_connection_is_named_and_not_asked_about() {
        assertThat(reason("""
                psql: error: connection to server at "old" (192.0.2.7), port 5432 failed: Connection refused
                \tIs the server running on that host and accepting TCP/IP connections?
                """))
                .isEqualTo("connection to server at \"old\" (192.0.2.7), port 5432 failed: Connection refused");
    }

    @Test
    void a_refused_password_is_named_and_not_its_passfile() {
        assertThat(reason("""
                psql: error: connection to server at "old" (192.0.2.7), port 5432 failed: FATAL:  password authentication failed for user "airflow"
                password retrieved from file "/run/passfile/source.Ab12Cd/passfile"
                """)).endsWith("FATAL:  password authentication failed for user \"airflow\"");
    }

    @Test
    void of_several_hosts_the_last_one_counts() {
        assertThat(reason("""
                psql: error: connection to server at "a" (192.0.2.7), port 5432 failed: Connection refused
                \tIs the server running on that host and accepting TCP/IP connections?
                connection to server at "b" (192.0.2.8), port 5432 failed: timeout expired
                """))
                .isEqualTo("connection to server at \"b\" (192.0.2.8), port 5432 failed: timeout expired");
    }

    private String reason(String complaints) {
        return new ScriptFunctions(folder)
                .run(
                        "complain() { cat >&2 <<'SAID'\n" + complaints
                                + "SAID\nreturn 2; }\nRUNTIME_DIRECTORY=$2\nask answer complain || printf '%s\\n' \"${reason}\"")
                .output()
                .strip();
    }
}
