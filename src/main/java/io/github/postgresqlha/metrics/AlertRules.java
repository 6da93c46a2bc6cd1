package io.github.postgresqlha.metrics;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.Generated;
import io.github.postgresqlha.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The alerts of one installation in Prometheus' own form. */
public final class AlertRules {

    private static final String INTERVAL = "30s";

    private final Installation installation;
    private final Values values;
    private final List<Alert> alerts;

    private AlertRules(Installation installation) {
        this.installation = installation;
        this.values = Values.of(installation);
        Conditions conditions = Conditions.of(installation);
        this.alerts = AlertModel.all().stream()
                .filter(alert -> conditions.allow(alert.when()))
                .toList();
    }

    /** Those of an installation. */
    public static AlertRules of(Installation installation) {
        return new AlertRules(installation);
    }

    /** The file for a Prometheus that has no operator; nothing where there are no figures. */
    public Optional<String> file() {
        return installation.spec().metrics().enabled()
                ? Optional.of(Generated.HEADER + YamlDocument.all(List.of(content())))
                : Optional.empty();
    }

    /** The names of all alerts, in the order of the model. */
    public static List<String> names() {
        return AlertModel.all().stream().map(Alert::name).toList();
    }

    /** The groups. */
    Map<String, Object> content() {
        Map<String, List<Object>> groups = new LinkedHashMap<>();
        alerts.forEach(alert -> groups.computeIfAbsent(alert.group(), group -> new ArrayList<>())
                .add(rule(alert)));
        List<Object> list = new ArrayList<>();
        groups.forEach((group, rules) -> {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("name", installation.names().name() + "-" + group);
            content.put("interval", INTERVAL);
            content.put("rules", rules);
            list.add(content);
        });
        return Map.of("groups", list);
    }

    private Map<String, Object> rule(Alert alert) {
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("severity", alert.severity());
        labels.put("namespace", installation.names().namespace());
        labels.put("installation", installation.names().name());
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put("summary", values.fill(alert.summary()));
        annotations.put("description", values.fill(alert.description()));
        annotations.put("runbook_url", runbook(alert.name()));
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("alert", alert.name());
        rule.put("expr", values.fill(alert.expr()));
        rule.put("for", alert.lasts());
        rule.put("labels", labels);
        rule.put("annotations", annotations);
        return rule;
    }

    private String runbook(String name) {
        return installation.spec().alerts().runbookBaseUrl().orElse("dist/runbooks") + "/alerts.md#"
                + name.toLowerCase(Locale.ROOT);
    }
}
