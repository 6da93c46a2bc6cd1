package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member that asks to be looked at is asked at the address that it called from, where only its own answer counts. */
class CallerTest {

    private static final String CALLED = """
            exec {tick_fd}<> <(:)
            peer_connection() { printf '%s' "$1"; }
            said=''
            ask_server() { printf 'asks %s\\n' "$1" >&2 && said="${answer}"; }
            meet() { printf '%s\\n' "$1" >"${STATE_DIRECTORY}/request.meet" && meet_caller && wait; }
            delivered() { cat -- "${RUNTIME_DIRECTORY}"/peer.answer-* 2>/dev/null || echo nothing; ls -- "${STATE_DIRECTORY}"; }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "fd00::7"})
    void is_asked_there(String address) {
        assertThat(said("answer=$'role=recovery\\ninstance=postgresql-standby\\nnonce=a'; meet 'rewinder\t" + address
                        + "'; delivered"))
                .contains("asks monitor hostaddr=" + address, "asked=1", "role=recovery");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "role=primary\ninstance=postgresql-primary\nnonce=a",
                "role=primary\nsystem=7",
                "reason=connection to server failed: Connection refused"
            })
    void whoever_else_answers_there_says_nothing(String answer) {
        assertThat(said("answer='" + answer + "'; meet 'rewinder\t10.1.2.3'; delivered"))
                .contains("asks monitor")
                .endsWith("nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rewinder\t\\N", "rewinder", "\t", "rewinder\t$(id)", "rewinder\t/tmp"})
    void an_address_that_is_none_is_not_asked(String request) {
        assertThat(said("answer=''; meet '" + request + "'; delivered")).isEqualTo("nothing");
    }

    @Test
    void a_request_that_is_not_written_yet_stays() {
        assertThat(said("answer=''; : >\"${STATE_DIRECTORY}/request.meet\"; meet_caller; delivered"))
                .isEqualTo("nothing\nrequest.meet");
    }

    private String said(String program) {
        return new ScriptFunctions(folder).run(CALLED + program).output().strip();
    }
}
