package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
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

    /** The next run would say that it is there already. */
    @Test
    void leaves_no_part_of_a_file_where_the_disk_is_full() {
        Path file = folder.resolve("new.yaml");
        Tool.Result run = Tool.run(new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f 1 && exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Pgha.class.getName(),
                "init",
                "-o",
                file.toString()));
        assertThat(run.status()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).contains("cannot write '" + file + "' (");
        assertThat(file).doesNotExist();
    }

    @Test
    void prints_the_file_where_it_is_asked_to() {
        CommandLineRun file = CommandLineRun.of("init", "-o", "-");
        assertThat(CommandLineRun.reading(file.out(), "validate", "-c", "-").status())
                .isZero();
    }
}
