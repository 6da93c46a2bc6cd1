package io.github.postgresqlha.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on the command knows what the command knows. */
class CommandReferenceTest {

    private static final String PAGE = Project.read(Project.file("docs/reference/pgha.md"));
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z-]+)  +[A-Z]");
    private static final Pattern STATUS = Pattern.compile("(?m)^  ([0-9]+)  +[a-z]");

    @Test
    void has_every_command_and_every_exit_status() {
        String help = CommandLineRun.of("--help").out();
        List<String> commands = found(COMMAND, help);
        assertThat(commands)
                .contains("init", "explain", "validate", "synth", "verify", "schema", "restore-time", "completion")
                .allSatisfy(command -> assertThat(PAGE).contains("| `pgha " + command));
        assertThat(found(STATUS, help))
                .hasSize(4)
                .allSatisfy(status -> assertThat(PAGE).contains("\n| " + status + " |"));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
