package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program that people run says how, without needing anything else. */
class HelpTest {

    private static final Path RESOURCES = Project.file("src/main/resources/io/github/postgresqlha");

    @ParameterizedTest
    @MethodSource("programs")
    void tells_usage_examples_and_exit_statuses_and_nothing_to_linters(Path program) {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "--help");
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        Tool.Result result = Tool.run(builder);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("Usage: ", "\nExamples:\n", "\nExit status: ")
                .doesNotContain("shellcheck", "set -");
    }

    static Stream<Path> programs() {
        Stream<Path> scripts = topLevel(RESOURCES.resolve("script"));
        Stream<Path> procedures = topLevel(Project.file("dist"));
        return Stream.of(scripts, procedures, Stream.of(RESOURCES.resolve("script/bin/ping")))
                .flatMap(programs -> programs);
    }

    private static Stream<Path> topLevel(Path folder) {
        List<Path> programs = Project.filesBelow(folder).stream()
                .filter(file -> file.getNameCount() == 1 && file.toString().endsWith(".sh"))
                .map(folder::resolve)
                .toList();
        assertThat(programs).hasSizeGreaterThan(5);
        return programs.stream();
    }
}
