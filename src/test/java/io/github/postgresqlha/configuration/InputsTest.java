package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.Violation;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad and odd files, each with what is said of it. In {@code src/test/resources/inputs} a line with {@code >} is a whole file,
 * with Java's escapes; below it stands {@code taken}, or for each violation its key, line and column, the value, and how the
 * remedy begins.
 */
class InputsTest {

    private static final int REFUSED_AT_LEAST = 300;

    /** @param said a line for each violation; {@code taken} where there is none */
    record Input(String text, List<String> said) {

        @Override
        public String toString() {
            return text;
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void are_taken_or_refused_with_place_value_and_remedy(Input input) {
        List<Violation> violations = violations(input.text().translateEscapes());
        assertThat(violations).as(input.text()).allSatisfy(violation -> {
            assertThat(violation.remedy()).isPresent();
            assertThat(violation.toString()).doesNotContain("Exception", "java.", "\n");
        });
        if (violations.isEmpty()) {
            assertThat(input.said()).containsExactly("taken");
            return;
        }
        assertThat(violations).as(input.text()).hasSameSizeAs(input.said());
        for (int i = 0; i < violations.size(); i++) {
            assertThat(line(violations.get(i)))
                    .as(input.text())
                    .startsWith(input.said().get(i));
        }
    }

    @Test
    void are_many() throws IOException {
        assertThat(inputs().filter(input -> !input.said().equals(List.of("taken"))))
                .hasSizeGreaterThan(REFUSED_AT_LEAST);
    }

    static Stream<Input> inputs() throws IOException {
        List<Input> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Project.file("src/test/resources/inputs"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith(">")) {
                        inputs.add(new Input(line.substring(2), new ArrayList<>()));
                    } else {
                        inputs.get(inputs.size() - 1).said().add(line.strip());
                    }
                }
            }
        }
        return inputs.stream();
    }

    private static List<Violation> violations(String text) {
        try {
            PostgresqlHaSpec spec = ConfigurationFile.parse(text);
            Synthesis.check(spec);
            return List.of();
        } catch (InvalidSpecException invalid) {
            return invalid.violations();
        }
    }

    private static String line(Violation violation) {
        return String.join(
                " | ",
                violation.path().isEmpty() ? "-" : violation.path(),
                violation.location().map(at -> at.line() + ":" + at.column()).orElse("-"),
                violation.value().map(value -> value.isEmpty() ? "''" : value).orElse("-"),
                violation.remedy().orElse("-"));
    }
}
