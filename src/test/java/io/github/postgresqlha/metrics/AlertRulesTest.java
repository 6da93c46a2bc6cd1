package io.github.postgresqlha.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool on the alerts: in each state exactly those fire that should, and none where all is well. */
class AlertRulesTest {

    private static final Map<String, String> PODS = Map.of(
            "a", "postgresql-primary-0",
            "b", "postgresql-standby-0",
            "c", "postgresql-standby-2-0");

    private static final Pattern POD = Pattern.compile("pod=\"([abc])\"");

    private final JsonNode scenarios = scenarios();

    @TempDir
    private Path folder;

    private Tool promtool;

    @BeforeEach
    void write_the_rules() throws IOException {
        promtool = Tool.require("bin/promtool");
        Files.writeString(
                folder.resolve("rules.yaml"),
                AlertRules.of(Measured.installation()).file().orElseThrow());
    }

    @Test
    void prometheus_understands_them() {
        Tool.Result result = promtool.run(
                List.of("check", "rules", folder.resolve("rules.yaml").toString()));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains(AlertRules.names().size() + " rules found");
    }

    /** Who is woken follows it: to a file that is there, and in it to a heading, as GitHub and MkDocs name them. */
    @Test
    void lead_to_their_section() throws IOException {
        for (JsonNode rule :
                new YAMLMapper().readTree(folder.resolve("rules.yaml").toFile()).findParents("alert")) {
            String[] url = rule.at("/annotations/runbook_url").asText().split("#", 2);
            assertThat(Project.read(Project.file(url[0])).toLowerCase(Locale.ROOT))
                    .contains("\n## " + url[1] + "\n");
        }
    }

    @Test
    void exactly_the_right_ones_fire() throws IOException {
        assertThat(scenarios.path("scenarios").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(AlertRules.names());
        List<Object> tests = new ArrayList<>(List.of(
                test("all is well", Map.of(), List.of(), "10m"),
                test("all is still well", Map.of(), List.of(), "80m")));
        scenarios.path("scenarios").properties().forEach(scenario -> tests.add(scenario(scenario)));
        Path file = folder.resolve("tests.yaml");
        new YAMLMapper()
                .writeValue(
                        file.toFile(),
                        Map.of("rule_files", List.of("rules.yaml"), "evaluation_interval", "30s", "tests", tests));
        Tool.Result result = promtool.run(List.of("test", "rules", file.toString()));
        assertThat(result.status()).as(result.output()).isZero();
    }

    private Map<String, Object> scenario(Map.Entry<String, JsonNode> scenario) {
        Map<String, String> series = new TreeMap<>();
        scenario.getValue()
                .path("set")
                .properties()
                .forEach(set -> series.put(set.getKey(), set.getValue().asText()));
        List<String> firing = new ArrayList<>(List.of(scenario.getKey()));
        scenario.getValue().path("also").forEach(also -> firing.add(also.asText()));
        return test(
                scenario.getKey(),
                series,
                firing,
                scenario.getValue().path("at").asText("10m"));
    }

    private Map<String, Object> test(String name, Map<String, String> changed, List<String> firing, String at) {
        Map<String, String> series = new TreeMap<>();
        scenarios
                .path("healthy")
                .properties()
                .forEach(one -> series.put(one.getKey(), one.getValue().asText()));
        series.putAll(changed);
        Map<String, Integer> counts = new TreeMap<>();
        firing.forEach(alert -> counts.merge(alert, 1, Integer::sum));
        return Map.of(
                "name",
                name,
                "interval",
                "30s",
                "input_series",
                series.entrySet().stream()
                        .map(one -> Map.of("series", labelled(one.getKey()), "values", one.getValue()))
                        .toList(),
                "promql_expr_test",
                List.of(Map.of(
                        "expr",
                        "count by (alertname) (ALERTS{alertstate=\"firing\"})",
                        "eval_time",
                        at,
                        "exp_samples",
                        samples(counts))));
    }

    private static List<Object> samples(Map<String, Integer> counts) {
        List<Object> samples = new ArrayList<>();
        counts.forEach((alert, count) -> {
            Map<String, Object> sample = new LinkedHashMap<>();
            sample.put("labels", "{alertname=\"" + alert + "\"}");
            sample.put("value", count);
            samples.add(sample);
        });
        return samples;
    }

    private static String labelled(String series) {
        return POD.matcher(series).replaceAll(pod -> "namespace=\"airflow\",pod=\"" + PODS.get(pod.group(1)) + "\"");
    }

    private static JsonNode scenarios() {
        try {
            return new YAMLMapper()
                    .readTree(Project.read(
                            Project.file("src/test/resources/io/github/postgresqlha/metrics/scenarios.yaml")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
