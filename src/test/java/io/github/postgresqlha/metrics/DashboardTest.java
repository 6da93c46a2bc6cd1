package io.github.postgresqlha.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DashboardTest {

    private final Values values = Values.of(Measured.installation());
    private final Map<String, Alert> alerts =
            AlertModel.all().stream().collect(Collectors.toMap(Alert::name, Function.identity()));

    @Test
    void each_threshold_is_that_of_its_alert() {
        Map<String, String> checked = new TreeMap<>();
        AlertModel.tree("dashboard.yaml")
                .forEach(row -> row.path("panels").forEach(panel -> {
                    assertThat(panel.has("warns")).as(panel.toString()).isEqualTo(panel.has("alert"));
                    if (panel.has("warns")) {
                        Alert alert = Objects.requireNonNull(
                                alerts.get(panel.path("alert").asText()), panel.toString());
                        assertThat(alert.expr()).contains(panel.path("warns").asText());
                        checked.put(
                                panel.path("title").asText(),
                                values.fill(panel.path("warns").asText()));
                    }
                }));
        assertThat(checked)
                .containsEntry("Volumes in use", "85")
                .containsEntry("Connections in percent", "80")
                .hasSizeGreaterThan(10);
    }

    @Test
    void panels_do_not_lie_over_each_other() throws JsonProcessingException {
        JsonNode json = new ObjectMapper().readTree(Dashboard.of(Measured.installation()));
        Map<String, String> taken = new TreeMap<>();
        json.path("panels").forEach(panel -> {
            JsonNode place = panel.path("gridPos");
            for (int x = place.path("x").asInt();
                    x < place.path("x").asInt() + place.path("w").asInt();
                    x++) {
                for (int y = place.path("y").asInt();
                        y < place.path("y").asInt() + place.path("h").asInt();
                        y++) {
                    assertThat(taken.putIfAbsent(
                                    x + "," + y, panel.path("title").asText()))
                            .as(panel.path("title").asText())
                            .isNull();
                }
            }
        });
        assertThat(json.toString()).doesNotContain("${members}").contains("\"uid\":\"${datasource}\"");
    }
}
