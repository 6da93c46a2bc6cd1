package io.github.postgresqlha.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;

/** Every alert that there is, in the order of the model. */
final class AlertModel {

    private static final List<Alert> ALL = read();

    private AlertModel() {}

    static List<Alert> all() {
        return ALL;
    }

    private static List<Alert> read() {
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode group : tree("alerts.yaml")) {
            group.path("alerts")
                    .forEach(alert -> alerts.add(alert(group.path("group").asText(), alert)));
        }
        return List.copyOf(alerts);
    }

    private static Alert alert(String group, JsonNode alert) {
        List<String> when = new ArrayList<>();
        alert.path("when").forEach(condition -> when.add(condition.asText()));
        return new Alert(
                group,
                text(alert, "name"),
                text(alert, "severity"),
                text(alert, "for"),
                when,
                text(alert, "line"),
                text(alert, "expr"),
                text(alert, "summary"),
                text(alert, "description"));
    }

    private static String text(JsonNode node, String key) {
        String text = node.path(key).asText();
        if (text.isEmpty()) {
            throw new IllegalStateException("alerts.yaml: an alert lacks " + key + ": " + node);
        }
        return text;
    }

    static JsonNode tree(String resource) {
        try {
            return new YAMLMapper().readTree(Resource.read(resource));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(resource, e);
        }
    }
}
