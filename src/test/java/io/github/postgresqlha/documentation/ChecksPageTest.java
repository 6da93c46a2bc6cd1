package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.script.Script;
import io.github.postgresqlha.script.Scripts;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of checks names those that the script reports, no more and no fewer: runbooks point at them. */
class ChecksPageTest {

    private static final Pattern NAMED = Pattern.compile(
            "(?:report(?:_limit|_above)?|check_age|check_tables|check=)(?: (?:ok|warning|critical|unknown|dead_rows|bloat|\"\\$\\{level}\"))? ?\"([^\"]+)\"");

    @Test
    void every_check_of_the_script_is_on_the_page_and_the_other_way_round() throws IOException {
        Stream<String> scripts = Scripts.closure("health-check.sh").stream()
                .filter(script -> script.path().startsWith("health"))
                .map(Script::content);
        TreeSet<String> reported = new TreeSet<>();
        scripts.forEach(content -> NAMED.matcher(content)
                .results()
                .map(found -> normal(found.group(1)))
                .filter(name -> !name.matches("[$].*|VOLUME"))
                .forEach(reported::add));

        assertThat(page()).containsExactlyInAnyOrderElementsOf(reported).hasSizeGreaterThan(40);
    }

    private static String normal(String name) {
        return name.replaceAll("\\$\\{(name|fact\\[\\$1_instance])}", "MEMBER")
                .replaceAll("\\$\\{volume}|\\$2", "VOLUME")
                .replaceAll("^slot \\$\\{name}|^slot MEMBER", "slot SLOT");
    }

    private static List<String> page() throws IOException {
        return Files.readAllLines(Project.file("docs/reference/checks.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| check |") && !line.startsWith("| ---"))
                .map(line -> line.split(" \\| ", 2)[0].substring(2))
                .toList();
    }
}
