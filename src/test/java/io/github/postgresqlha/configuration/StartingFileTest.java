package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The file that {@code pgha init} writes. */
class StartingFileTest {

    private static final PostgresqlHaSpec DEFAULTS = PostgresqlHaSpec.builder().build();
    private static final Pattern SWITCHED_OFF = Pattern.compile("#(?=\\S|  )");

    @Test
    void as_it_is_written_gives_the_default_dist() {
        PostgresqlHaSpec spec = ConfigurationFile.parse(StartingFile.render());
        assertThat(spec).isEqualTo(DEFAULTS);
        assertThat(Synthesis.files(spec)).isEqualTo(Synthesis.files(DEFAULTS));
    }

    @Test
    void with_every_key_switched_on_is_still_the_default() throws IOException {
        String on = switchedOn();
        assertThat(ConfigurationFile.parse(on)).isEqualTo(DEFAULTS);
        List<String> paths = leaves(new YAMLMapper().readTree(on), "");
        assertThat(paths)
                .hasSizeGreaterThan(30)
                .allSatisfy(path -> assertThat(KeyCatalogue.find(path))
                        .as(path)
                        .hasValueSatisfying(key -> assertThat(key.initial()).isPresent()));
        assertThat(paths)
                .as("each default is written, and is that of the key")
                .allSatisfy(path -> assertThat(on)
                        .contains(name(path) + ": "
                                + KeyCatalogue.find(path)
                                        .orElseThrow()
                                        .initial()
                                        .orElseThrow()));
    }

    @Test
    void names_the_keys_that_the_readme_calls_the_most_used() {
        String on = switchedOn();
        assertThat(Project.read(Project.file("README.md"))
                        .lines()
                        .dropWhile(line -> !line.startsWith("| key | default"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .flatMap(row -> Pattern.compile("`([A-Za-z.]+)`")
                                .matcher(row.substring(0, row.indexOf('|', 1)))
                                .results())
                        .map(key -> name(key.group(1))))
                .hasSizeGreaterThan(9)
                .allSatisfy(key -> assertThat(on).contains(key + ":"));
    }

    private static String switchedOn() {
        return StartingFile.render()
                .lines()
                .map(line -> SWITCHED_OFF.matcher(line).lookingAt() && !line.startsWith("#   pgha")
                        ? line.substring(1)
                        : line)
                .collect(Collectors.joining("\n"));
    }

    private static List<String> leaves(JsonNode node, String path) {
        List<String> paths = new ArrayList<>();
        node.properties().forEach(entry -> {
            String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            List<String> nested = leaves(entry.getValue(), below);
            paths.addAll(nested.isEmpty() ? List.of(below) : nested);
        });
        return paths;
    }

    private static String name(String path) {
        return Objects.requireNonNull(path).substring(path.lastIndexOf('.') + 1);
    }
}
