package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is stopped right after its start: on a busy node its process is no PostgreSQL yet. */
class StoppedEarlyTest {

    private static final String SERVER = """
            bin_directory=${home}/bin STOP_SECONDS=20
            mkdir -p -- "${bin_directory}" "${PGDATA}" && cp -- "$(command -v sleep)" "${bin_directory}/postgres"
            tick() { command sleep 0.05; look_at_clock; echo beat >>"${home}/beats"; }
            look_at_clock
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void it_hears_of_the_stop(String seconds) {
        String output = new ScriptFunctions(folder)
                .run(
                        SERVER + "setsid() { command sleep " + seconds
                                + "; cd -- \"${PGDATA}\" && exec env --default-signal=INT,QUIT \"${bin_directory}/postgres\" 60; };"
                                + " start_postgres; child=${postmaster_pid}; stop_postgres; [[ ! -e /proc/${child} ]] && echo \"gone after ${SECONDS} s\"")
                .output();
        assertThat(output).containsPattern("gone after ([0-9]|[1-3][0-9]) s");
    }

    /** One that never becomes a server needs no stop. */
    @Test
    void one_that_does_not_come_up_is_not_waited_for() {
        String output = new ScriptFunctions(folder)
                .run(SERVER + "setsid() { exit 3; }; start_postgres; stop_postgres; echo \"gone after ${SECONDS} s\"")
                .output();
        assertThat(output).containsPattern("gone after ([0-9]|[1-3][0-9]) s");
    }
}
