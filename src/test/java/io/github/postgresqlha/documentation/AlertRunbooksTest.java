package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.metrics.Exporter;
import io.github.postgresqlha.testing.Project;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each alert has its section in {@code runbooks/alerts.md}, to which its {@code runbook_url} leads, and each section an alert. */
class AlertRunbooksTest {

    private static final Pattern ALERT = Pattern.compile("(?m)^\\| `(Postgresql\\w+)` \\|");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (\\w+)$");

    @Test
    void have_a_section_for_each_alert() {
        List<String> alerts = found(ALERT, "docs/reference/alerts.md");
        assertThat(alerts).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        assertThat(found(SECTION, "dist/runbooks/alerts.md")).containsExactlyInAnyOrderElementsOf(alerts);
    }

    /** At night a name that is none costs minutes. */
    @Test
    void name_containers_that_there_are() {
        assertThat(found(Pattern.compile("container `(\\w+)`"), "dist/runbooks/alerts.md"))
                .isNotEmpty()
                .isSubsetOf("postgresql", Exporter.CONTAINER);
    }

    private static List<String> found(Pattern pattern, String file) {
        return pattern.matcher(Project.read(Project.file(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
