package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.PublicApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API is as committed. */
class ApiTest {

    private static final Path COMMITTED = Project.file("docs/reference/api.txt");
    private static final String HEAD = "# The public API: written by ./mvnw test -Dtest=ApiTest -DupdateApi=true\n\n";

    @Test
    void is_as_committed() throws IOException {
        String now = HEAD + PublicApi.text();
        if (Boolean.getBoolean("updateApi")) {
            Files.writeString(COMMITTED, now);
        }
        assertThat(Project.read(COMMITTED).equals(now))
                .withFailMessage(
                        () -> "the public API differs from docs/reference/api.txt:"
                                + UnifiedDiff.ofText(COMMITTED, now)
                                + "run: ./mvnw test -Dtest=ApiTest -DupdateApi=true, then commit docs/reference/api.txt and name the change in CHANGELOG.md")
                .isTrue();
    }

    @Test
    void has_the_builders_and_the_constructs() {
        assertThat(PublicApi.text())
                .contains(
                        "\npublic static class spec.PostgresqlHaSpec.Builder\n",
                        "\n  final spec.PostgresqlHaSpec.Builder from(spec.PostgresqlHaSpec)\n",
                        "\n  final installation.ObjectNames names()\n")
                .doesNotContain("check()", "Immutable");
    }

    @Test
    void names_no_type_that_is_not_api() {
        List<String> api = PublicApi.types().stream().map(Class::getName).toList();
        assertThat(PublicApi.named())
                .hasSizeGreaterThan(30)
                .allSatisfy((type, by) ->
                        assertThat(api).as("%s, which %s names", type, by).contains(type));
    }
}
