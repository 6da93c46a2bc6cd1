package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of a few random keys with examples of the catalogue, ends of ranges and odd values, the same ones in each run: what is taken
 * gives a plan that hangs together, and what is refused says where, what and what to do.
 */
class RandomSpecificationsTest {

    private static final int FILES = 250;
    private static final int MOST_KEYS = 4;

    /** Half of the values are examples, which are taken by themselves. */
    private static final List<String> ODD = List.of(
            "0",
            "1",
            "-1",
            "100",
            "2147483647",
            "99999999999",
            "0.5",
            "true",
            "false",
            "null",
            "''",
            "' '",
            "a",
            "A_b",
            "[]",
            "[a]",
            "{}",
            "{a: b}",
            "1Gi",
            "64kB",
            "10.0.0.0/8",
            "'*/5 * * * *'",
            "\"a\\nb\"",
            "ä",
            "~");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    @ParameterizedTest
    @MethodSource("files")
    void are_taken_with_a_plan_that_hangs_together_or_refused_with_place_and_remedy(String file) {
        Optional<PostgresqlHaSpec> spec = taken(file);
        spec.ifPresent(taken -> {
            List<HasMetadata> objects = Plan.parts(Installation.of(taken)).stream()
                    .flatMap(part -> part.objects().stream())
                    .toList();
            Set<String> names = new HashSet<>();
            objects.forEach(object -> assertThat(names.add(
                            object.getKind() + " " + object.getMetadata().getName()))
                    .as(file)
                    .isTrue());
            objects.forEach(object ->
                    PodSpecs.template(object).ifPresent(pod -> assertHangsTogether(file, object, pod, names)));
            assertThat(Synthesis.files(taken)).as(file).isEqualTo(Synthesis.files(taken));
        });
    }

    @Test
    void are_of_both_kinds() {
        assertThat(files().stream().filter(file -> taken(file).isPresent()))
                .hasSizeBetween(FILES / 8, FILES - FILES / 8);
    }

    private static Optional<PostgresqlHaSpec> taken(String file) {
        try {
            PostgresqlHaSpec spec = ConfigurationFile.parse(file);
            Synthesis.check(spec);
            return Optional.of(spec);
        } catch (InvalidSpecException invalid) {
            assertThat(invalid.violations()).as(file).isNotEmpty().allSatisfy(violation -> {
                assertThat(violation.path()).isNotEmpty();
                assertThat(violation.remedy()).isPresent();
                assertThat(violation.toString()).doesNotContain("Exception", "java.", "\n");
            });
            return Optional.empty();
        }
    }

    private static void assertHangsTogether(String file, HasMetadata object, PodTemplateSpec pod, Set<String> names) {
        JsonNode spec = JSON.valueToTree(pod.getSpec());
        Set<String> volumes = Set.copyOf(values(spec.path("volumes"), "name"));
        spec.path("containers")
                .forEach(container ->
                        assertThat(volumes).as(file).containsAll(values(container.path("volumeMounts"), "name")));
        if ("airflow".equals(pod.getMetadata().getLabels().get("tier"))) {
            return; // of Airflow's own, in a namespace that may be another one
        }
        assertThat(names)
                .as(file)
                .contains("ServiceAccount " + pod.getSpec().getServiceAccountName())
                .containsAll(named(spec.findValues("configMap"), "ConfigMap "));
        JsonNode selector = JSON.valueToTree(object).at("/spec/selector/matchLabels");
        selector.properties()
                .forEach(label -> assertThat(pod.getMetadata().getLabels())
                        .as(file)
                        .containsEntry(label.getKey(), label.getValue().asText()));
    }

    private static Set<String> named(List<JsonNode> references, String kind) {
        return references.stream()
                .map(reference -> kind + reference.path("name").asText())
                .filter(name -> !name.endsWith("company-ca")) // the user's own, of an example
                .collect(Collectors.toSet());
    }

    private static List<String> values(JsonNode items, String key) {
        return items.findValuesAsText(key);
    }

    static List<String> files() {
        Random random = new Random(20261127);
        List<ExplainedKey> keys = KeyCatalogue.all().stream()
                .filter(key -> !key.path().contains("[]"))
                .toList();
        return IntStream.range(0, FILES).mapToObj(i -> file(keys, random)).toList();
    }

    private static String file(List<ExplainedKey> keys, Random random) {
        try {
            ObjectNode file = YAML.createObjectNode();
            file.put("name", "postgresql");
            for (int count = random.nextInt(MOST_KEYS) + 1; count > 0; count--) {
                ExplainedKey key = keys.get(random.nextInt(keys.size()));
                if (random.nextBoolean()) {
                    set(file, key, ODD.get(random.nextInt(ODD.size())));
                } else if (key.example().isPresent()) {
                    key.beside().map(RandomSpecificationsTest::read).ifPresent(beside -> merge(file, beside));
                    set(file, key, key.example().get());
                }
            }
            return YAML.writeValueAsString(file);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void set(ObjectNode file, ExplainedKey key, String value) {
        String[] names = key.path().split("\\.", -1);
        ObjectNode around = file;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = around.path(names[i]);
            around = next instanceof ObjectNode there ? there : around.putObject(names[i]);
        }
        around.set(key.name(), read(value));
    }

    private static void merge(ObjectNode file, JsonNode more) {
        more.properties().forEach(entry -> {
            if (file.path(entry.getKey()) instanceof ObjectNode there
                    && entry.getValue().isObject()) {
                merge(there, entry.getValue());
            } else {
                file.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static JsonNode read(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
