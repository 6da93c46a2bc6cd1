package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that users are told to type is tried on a cluster, in the same words; a runbook says of each other one that it is not. */
class DocumentedCommandsTest {

    private static final Pattern SHELL = Pattern.compile("(?ms)^ *```bash\n(.*?)^ *```");

    private static final Pattern INLINE =
            Pattern.compile("`((?:kubectl|\\./[a-z-]+\\.sh) [^`]+)`(?! \\(not exercised\\))");

    /** The moment to restore is each time another one. */
    private static final String MOMENT = "--target-time '[^']*'";

    private static final String UNTRIED = "# not exercised";

    private static final Path CASES = Project.file("e2e/cases");
    private static final Path RUNBOOKS = Project.file("dist/runbooks");

    @Test
    void are_all_tried_by_an_end_to_end_case() {
        List<String> commands = commands(Project.read(Project.file("dist/README-postgresql.md")));
        assertThat(commands).hasSizeGreaterThan(30).noneMatch(command -> command.contains("exercised"));
        assertThat(untried(commands)).isEmpty();
    }

    static Stream<String> runbooks() {
        return Project.filesBelow(RUNBOOKS).stream().map(Path::toString);
    }

    @ParameterizedTest
    @MethodSource("runbooks")
    void of_a_runbook_are_tried_or_marked(String runbook) {
        List<String> commands = commands(Project.read(RUNBOOKS.resolve(runbook)));
        assertThat(untried(commands.stream()
                        .filter(command -> !command.contains(UNTRIED))
                        .toList()))
                .isEmpty();
        assertThat(untried(commands.stream()
                        .filter(command -> command.contains(UNTRIED))
                        .toList()))
                .as("marked as not exercised, and exercised")
                .hasSize((int) commands.stream()
                        .filter(command -> command.contains(UNTRIED))
                        .count());
    }

    /** Within a sentence a command is what has arguments. */
    @ParameterizedTest
    @MethodSource("runbooks")
    void within_the_sentences_of_a_runbook_too(String runbook) {
        String prose = SHELL.matcher(Project.read(RUNBOOKS.resolve(runbook))).replaceAll("");
        List<String> commands = INLINE.matcher(prose)
                .results()
                .map(match -> match.group(1).replace("\\", ""))
                .toList();
        assertThat(untried(commands)).isEmpty();
    }

    private static List<String> untried(List<String> commands) {
        String tried = Project.filesBelow(CASES).stream()
                .map(file -> Project.read(CASES.resolve(file)))
                .collect(Collectors.joining("\n"))
                .replace("\\", "")
                .replace("${file}", "")
                .replaceAll(MOMENT, "--target-time");
        return commands.stream()
                .filter(command -> !tried.contains(command.replaceAll(" #.*", "")))
                .toList();
    }

    private static List<String> commands(String document) {
        return SHELL.matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                // The name of a dump is another one each night.
                .map(line -> line.replaceAll("postgresql_backup_[0-9_]+.sql.gz", ""))
                .map(line -> line.replaceAll(MOMENT, "--target-time"))
                .map(line -> line.replace("\\", ""))
                .toList();
    }
}
