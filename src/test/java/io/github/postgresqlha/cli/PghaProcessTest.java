package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process of its own: what libraries say to standard error where nobody asked them is seen only there. */
class PghaProcessTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "init -o -",
                "explain name",
                "validate -c examples/own-namespace.yaml",
                "synth --dry-run -c examples/own-namespace.yaml -o target/own-namespace",
                "schema",
                "completion bash"
            })
    void says_nothing_to_standard_error(String arguments) throws IOException, InterruptedException {
        Path err = folder.resolve("err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Pgha.class.getName()));
        command.addAll(List.of(arguments.split(" ", -1)));
        int status = new ProcessBuilder(command)
                .directory(Project.root().toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        assertThat(Project.read(err)).isEmpty();
        assertThat(status).isZero();
        assertThat(Files.size(folder.resolve("out"))).isPositive();
    }
}
