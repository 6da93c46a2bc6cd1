package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers that ended are started in place, and which end the container. */
class CrashInPlaceTest {

    /** As after a crash of a process of a primary. */
    private static final String CRASHED =
            "postmaster_is_child=yes role=primary opening_question=''; is_postmaster() { return 1; }; ";

    private static final String ASK = "may_start_in_place \"${status:-1}\" && printf 'in place\\n'";

    @TempDir
    Path folder;

    private ScriptFunctions functions;

    @BeforeEach
    void create() {
        functions = new ScriptFunctions(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "status=2",
                "role=standby",
                "role=undecided",
                "role=opening opening_question=3",
                "last_start_in_place=$((now - 60))"
            })
    void starts_one_that_served_and_ended_by_itself(String situation) {
        assertThat(functions.run(CRASHED + situation + "; " + ASK).output()).isEqualTo("in place\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=0",
                "status=128",
                "status=137",
                "postmaster_is_child=''",
                "role=starting",
                "role=opening",
                "role=cloning",
                "is_postmaster() { [[ $1 == \"$$\" ]]; }",
                "last_start_in_place=$((now - 59))"
            })
    void leaves_any_other_to_the_container(String situation) {
        assertThat(functions.run(CRASHED + situation + "; " + ASK).output()).doesNotContain("in place\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATRONI_SCOPE=postgresql", "PEER_HOST=''"})
    void a_server_restarts_by_itself_only_where_it_needs_nobody_else(String alone) {
        assertThat(functions.run("own_configuration").output()).contains("\nrestart_after_crash = off\n");
        assertThat(functions.run(alone + "; own_configuration").output()).doesNotContain("restart_after_crash");
    }

    @Test
    void a_crash_leaves_the_heartbeat_and_closes_the_data() {
        String result = functions.run(CRASHED + """
                        mkdir -p -- "${PGDATA}" && printf 'beat\\n' >"${STATE_DIRECTORY}/primary-heartbeat"
                        start_in_role() { ls -- "${PGDATA}" "${STATE_DIRECTORY}"; }
                        start_in_place 2>/dev/null
                        """).output();
        assertThat(result).contains("standby.signal", "primary-heartbeat");
    }
}
