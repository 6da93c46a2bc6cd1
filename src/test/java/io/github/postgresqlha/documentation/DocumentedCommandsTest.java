package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every command that users are told to type is tried on a cluster, in the same words. */
class DocumentedCommandsTest {

    private static final Pattern SHELL = Pattern.compile("(?ms)^```bash\n(.*?)^```");
    /** The moment to restore is each time another one. */
    private static final String MOMENT = "--target-time '[^']*'";

    private static final Path CASES = Project.file("e2e/cases");

    @Test
    void are_all_tried_by_an_end_to_end_case() {
        String tried = Project.filesBelow(CASES).stream()
                .map(file -> Project.read(CASES.resolve(file)))
                .collect(Collectors.joining("\n"))
                .replace("\\", "")
                .replaceAll(MOMENT, "--target-time");
        List<String> commands = commands(Project.read(Project.file("dist/README-postgresql.md")));
        assertThat(commands).hasSizeGreaterThan(30);
        assertThat(commands.stream().filter(command -> !tried.contains(command)))
                .as("commands that no case in e2e/cases tries")
                .isEmpty();
    }

    private static List<String> commands(String document) {
        return SHELL.matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .flatMap(String::lines)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.replaceAll(" #.*", ""))
                // The name of a dump is another one each night.
                .map(line -> line.replaceAll("postgresql_backup_[0-9_]+.sql.gz", ""))
                .map(line -> line.replaceAll(MOMENT, "--target-time"))
                .map(line -> line.replace("\\", ""))
                .toList();
    }
}
