package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    @TempDir
    private Path folder;

    @Test
    void writes_a_file_that_is_valid() {
        Path file = folder.resolve("new.yaml");
        CommandLineRun run = CommandLineRun.of("init", "-o", file.toString());
        assertThat(run)
                .isEqualTo(new CommandLineRun(
                        0, "wrote " + file + "; edit it, and check it with: pgha validate -c " + file + "\n", ""));
        assertThat(CommandLineRun.of("validate", "-c", file.toString()).status())
                .isZero();
    }

    @Test
    void does_not_write_over_a_file() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "name: mine\n");
        CommandLineRun run = CommandLineRun.of("init", "--out", file.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("'" + file + "' is there already; move it away, or name another file with --out\n");
        assertThat(Project.read(file)).isEqualTo("name: mine\n");
    }

    @Test
    void names_a_folder_that_is_not_there() {
        CommandLineRun run =
                CommandLineRun.of("init", "-o", folder.resolve("no/new.yaml").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("there is no folder for '").contains("; create it, or name another file");
    }

    @Test
    void prints_the_file_where_it_is_asked_to() {
        CommandLineRun file = CommandLineRun.of("init", "-o", "-");
        assertThat(CommandLineRun.reading(file.out(), "validate", "-c", "-").status())
                .isZero();
    }
}
