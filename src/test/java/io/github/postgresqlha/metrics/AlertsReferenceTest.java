package io.github.postgresqlha.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AlertsReferenceTest {

    private static final String HEAD = """
            # Alerts

            Generated from the alerts' model; `AlertsReferenceTest` holds it to that. Each alert has a runbook of its name in `dist/runbooks/`.
            What an alert says, after how long, and its query are in `dist/alerts/postgresql.rules.yaml` of an installation with `metrics.enabled`.
            """;

    @Test
    void lists_every_alert_of_the_model() {
        assertThat(Project.read(Project.file("docs/reference/alerts.md"))).isEqualTo(expected());
    }

    @Test
    void each_name_is_used_once_and_each_alert_says_its_value() {
        assertThat(AlertRules.names()).doesNotHaveDuplicates().allMatch(name -> name.matches("Postgresql[A-Za-z]+"));
        assertThat(AlertModel.all()).allSatisfy(alert -> {
            assertThat(alert.summary()).as(alert.name()).contains("$value");
            assertThat(alert.severity()).as(alert.name()).isIn("critical", "warning", "info");
            assertThat(alert.description()).as(alert.name()).endsWith(".");
        });
    }

    private static String expected() {
        Map<String, List<Alert>> groups = AlertModel.all().stream()
                .collect(Collectors.groupingBy(Alert::group, LinkedHashMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder(HEAD);
        groups.forEach((group, alerts) -> {
            text.append("\n## ")
                    .append(group.substring(0, 1).toUpperCase(java.util.Locale.ROOT))
                    .append(group.substring(1))
                    .append("\n\n| alert | severity | for | what it says | where |\n| --- | --- | --- | --- | --- |\n");
            alerts.forEach(alert -> text.append(row(alert)));
        });
        return text.toString();
    }

    private static String row(Alert alert) {
        String where = alert.when().isEmpty() ? "everywhere" : String.join(", ", alert.when());
        return "| `" + alert.name() + "` | " + alert.severity() + " | " + alert.lasts() + " | " + alert.line() + " | "
                + where + " |\n";
    }
}
