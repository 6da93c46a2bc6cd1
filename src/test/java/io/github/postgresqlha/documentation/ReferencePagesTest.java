package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated pages of the reference are as the code is. */
class ReferencePagesTest {

    @ParameterizedTest
    @ValueSource(strings = {"keys.md", "objects.md", "scripts.md"})
    void are_as_committed(String page) throws IOException {
        Path file = Project.file("docs/reference").resolve(page);
        String now = ReferencePages.all().get(page);
        if (Boolean.getBoolean("updateReference")) {
            Files.writeString(file, now);
        }
        assertThat(now).contains("\n## ");
        assertThat(Project.read(file))
                .as("run: ./mvnw test -Dtest=ReferencePagesTest -DupdateReference=true, then commit docs/reference/"
                        + page)
                .isEqualTo(now);
    }
}
