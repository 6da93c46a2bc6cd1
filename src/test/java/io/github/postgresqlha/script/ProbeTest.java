package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The startup probe: whether the supervisor moves its heartbeat. */
class ProbeTest {

    private static final String PROBE = Project.file(
                    "src/main/resources/io/github/postgresqlha/script/instance/probe.sh")
            .toString();

    @TempDir
    private @Nullable Path runtime;

    @Test
    void a_supervisor_that_moves_its_heartbeat_lives() throws Exception {
        assertThat(probe("cut -d. -f1 /proc/uptime >\"$RUNTIME_DIRECTORY/heartbeat\"; \"$0\" startup"))
                .isZero();
    }

    /** The file is empty for a moment when it is written, and a busy node makes the moment long. */
    @Test
    void a_heartbeat_that_is_just_being_written_is_read_again() throws Exception {
        assertThat(
                        probe(
                                ": >\"$RUNTIME_DIRECTORY/heartbeat\"; (sleep 0.15; cut -d. -f1 /proc/uptime >\"$RUNTIME_DIRECTORY/heartbeat\") & \"$0\" startup"))
                .isZero();
    }

    @Test
    void a_supervisor_that_is_silent_or_never_was_there_does_not_live() throws Exception {
        assertThat(probe(
                        "echo $(($(cut -d. -f1 /proc/uptime) - 31)) >\"$RUNTIME_DIRECTORY/heartbeat\"; \"$0\" startup"))
                .isEqualTo(1);
        assertThat(probe("rm \"$RUNTIME_DIRECTORY/heartbeat\"; \"$0\" startup")).isEqualTo(1);
        assertThat(probe(": >\"$RUNTIME_DIRECTORY/heartbeat\"; \"$0\" startup")).isEqualTo(1);
    }

    private int probe(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", commands, PROBE).inheritIO();
        builder.environment().put("RUNTIME_DIRECTORY", String.valueOf(runtime));
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
