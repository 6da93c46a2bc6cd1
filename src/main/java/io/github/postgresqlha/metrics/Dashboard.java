package io.github.postgresqlha.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.postgresqlha.installation.Installation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Grafana's dashboard, from the model {@code dashboard.yaml}. Its thresholds are those of the alerts.
 *
 * @see <a href="https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/">Dashboard JSON model</a>
 */
final class Dashboard {

    private static final int COLUMNS = 24;
    private static final int WIDTH = 8;
    private static final int HEIGHT = 7;
    private static final int SCHEMA = 39;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final Map<String, String> DATA_SOURCE = Map.of("type", "prometheus", "uid", "${datasource}");

    private final Values values;
    private final Conditions conditions;
    private final List<Object> panels = new ArrayList<>();
    private int x;
    private int y;

    private Dashboard(Installation installation) {
        this.values = Values.of(installation);
        this.conditions = Conditions.of(installation);
    }

    /** Its JSON. */
    static String of(Installation installation) {
        Dashboard dashboard = new Dashboard(installation);
        AlertModel.tree("dashboard.yaml").forEach(dashboard::row);
        String name = installation.names().name();
        String namespace = installation.names().namespace();
        Map<String, Object> content = new LinkedHashMap<>(Map.of(
                "title",
                "PostgreSQL " + namespace + "/" + name,
                "uid",
                ("pgha-" + namespace + "-" + name).substring(0, Math.min(40, 6 + namespace.length() + name.length())),
                "tags",
                List.of("postgresql", "postgresql-ha"),
                "timezone",
                "utc",
                "schemaVersion",
                SCHEMA,
                "refresh",
                "30s",
                "time",
                Map.of("from", "now-6h", "to", "now"),
                "templating",
                Map.of("list", List.of(variable())),
                "annotations",
                Map.of("list", List.of(dashboard.failovers())),
                "panels",
                dashboard.panels));
        content.put("editable", true);
        try {
            return JSON.writeValueAsString(content) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, Object> variable() {
        return Map.of("name", "datasource", "label", "Prometheus", "type", "datasource", "query", "prometheus");
    }

    /** A line in each panel where a member changed its role. */
    private Map<String, Object> failovers() {
        return Map.of(
                "name",
                "Changes of role",
                "enable",
                true,
                "datasource",
                DATA_SOURCE,
                "iconColor",
                "red",
                "titleFormat",
                "{{pod}} changed its role",
                "expr",
                values.fill("changes(postgresql_ha_member_primary{${members}}[1m]) > 0"));
    }

    private void row(JsonNode row) {
        panels.add(Map.of(
                "type", "row", "title", row.path("row").asText(), "collapsed", false, "gridPos", position(COLUMNS, 1)));
        for (JsonNode panel : row.path("panels")) {
            List<String> when = new ArrayList<>();
            panel.path("when").forEach(condition -> when.add(condition.asText()));
            if (conditions.allow(when)) {
                panels.add(panel(panel));
            }
        }
        if (x > 0) {
            x = 0;
            y += HEIGHT;
        }
    }

    private Map<String, Object> position(int width, int height) {
        Map<String, Object> position = Map.of("x", x, "y", y, "w", width, "h", height);
        x += width;
        if (x >= COLUMNS) {
            x = 0;
            y += height;
        }
        return position;
    }

    private Map<String, Object> panel(JsonNode panel) {
        List<Object> targets = new ArrayList<>();
        panel.path("queries")
                .forEach(query -> targets.add(Map.of(
                        "refId", String.valueOf((char) ('A' + targets.size())),
                        "datasource", DATA_SOURCE,
                        "expr", values.fill(query.path("expr").asText()),
                        "legendFormat", query.path("legend").asText())));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("id", panels.size());
        content.put("type", panel.path("type").asText("timeseries"));
        content.put("title", panel.path("title").asText());
        content.put("description", panel.path("description").asText());
        content.put("datasource", DATA_SOURCE);
        content.put("gridPos", position(WIDTH, HEIGHT));
        content.put("targets", targets);
        content.put("fieldConfig", Map.of("defaults", fields(panel), "overrides", List.of()));
        return content;
    }

    private Map<String, Object> fields(JsonNode panel) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("unit", panel.path("unit").asText("short"));
        fields.put("min", 0);
        if (panel.has("warns")) {
            fields.put("thresholds", Map.of("mode", "absolute", "steps", steps(panel)));
            fields.put("custom", Map.of("thresholdsStyle", Map.of("mode", "line")));
        }
        return fields;
    }

    /** From the alert's threshold on it is orange; where less is worse, below it. */
    private List<Object> steps(JsonNode panel) {
        double warns = Double.parseDouble(values.fill(panel.path("warns").asText()));
        boolean below = panel.path("below").asBoolean();
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("color", below ? "orange" : "green");
        first.put("value", null);
        return List.of(first, Map.of("color", below ? "green" : "orange", "value", warns));
    }
}
