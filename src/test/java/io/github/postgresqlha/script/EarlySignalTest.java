package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that is told to end as soon as it starts: process 1 of a container hears only the signals that it has a trap for. */
class EarlySignalTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"instance.sh", "patroni.sh"})
    void ends_a_supervisor_that_still_reads_its_libraries(String program) throws IOException {
        Path begin =
                Files.writeString(folder.resolve("begin"), "source() { builtin source \"$@\" && kill -TERM $$; }\n");
        ProcessBuilder supervisor =
                new ProcessBuilder(Project.file("src/main/resources/io/github/postgresqlha/script/" + program)
                        .toString());
        supervisor.environment().put("BASH_ENV", begin.toString());
        Tool.Result result = Tool.run(supervisor, folder);
        assertThat(result.output()).isEmpty();
        assertThat(result.status()).as("by its own trap").isZero();
    }
}
