package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubernetes' questions: whether the supervisor moves its heartbeat, and whether its server serves. */
class ProbeTest {

    private static final String PROBE = Project.file(
                    "src/main/resources/io/github/postgresqlha/script/instance/probe.sh")
            .toString();

    private static final String SERVING = """
            mkdir -p "$RUNTIME_DIRECTORY/bin"
            printf 'exit 0\\n' >"$RUNTIME_DIRECTORY/bin/pg_isready"
            chmod +x "$RUNTIME_DIRECTORY/bin/pg_isready"
            PATH="$RUNTIME_DIRECTORY/bin:$PATH"
            role() { echo "$1" >"$RUNTIME_DIRECTORY/role.new"; mv "$RUNTIME_DIRECTORY/role.new" "$RUNTIME_DIRECTORY/instance.role"; }
            """;

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

    /** As a server answers that serves: a member that opens a second later is ready then, not at the next question. */
    @Test
    void a_member_that_opens_after_the_question_is_ready_at_once() throws Exception {
        assertThat(probe(SERVING + "role undecided; (sleep 0.6; role primary) & \"$0\" readiness"))
                .isZero();
        assertThat(probe(SERVING + "role undecided; \"$0\" readiness")).isEqualTo(1);
        assertThat(probe(SERVING + "role standby; \"$0\" readiness")).isZero();
    }

    @Test
    void a_server_that_refuses_is_not_ready() throws Exception {
        assertThat(probe(SERVING
                        + "echo 'exit 1' >\"$RUNTIME_DIRECTORY/bin/pg_isready\"; role primary; \"$0\" readiness"))
                .isEqualTo(1);
        assertThat(probe(SERVING
                        + "echo 'exit 1' >\"$RUNTIME_DIRECTORY/bin/pg_isready\"; role primary;"
                        + " (sleep 0.5; echo 'exit 0' >\"$RUNTIME_DIRECTORY/bin/pg_isready\") & \"$0\" readiness"))
                .isZero();
    }

    private int probe(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", commands, PROBE).inheritIO();
        builder.environment().put("RUNTIME_DIRECTORY", String.valueOf(runtime));
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
