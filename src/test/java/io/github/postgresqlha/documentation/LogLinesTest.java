package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/log-lines.md} has every line that the scripts log as a warning or an error, and says what to do. */
class LogLinesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (WARN|ERROR) \\| `([^`]*)` \\| (.*) \\|$");

    @Test
    void are_those_of_the_reference() {
        assertThat(LogLines.ofTheScripts().stream()
                        .map(line -> line.replace('`', '\'').replace('\n', ' '))
                        .toList())
                .hasSizeGreaterThan(250)
                .containsExactlyInAnyOrderElementsOf(meanings().keySet());
    }

    @Test
    void have_a_meaning_and_a_next_step() {
        assertThat(meanings().values())
                .allSatisfy(meaning -> assertThat(meaning).matches("[A-Z`].*[.:] ?[A-Z`.].{5,}"));
    }

    private static Map<String, String> meanings() {
        Matcher row = ROW.matcher(Project.read(Project.file("docs/reference/log-lines.md")));
        Map<String, String> meanings = new TreeMap<>();
        while (row.find()) {
            String line = row.group(1) + " " + row.group(2).replace("\\|", "|");
            assertThat(meanings.put(line, row.group(3))).as("twice: " + line).isNull();
        }
        return meanings;
    }
}
