package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScriptsTest {

    private static final Path FOLDER = Project.file("src/main/resources/io/github/postgresqlha/script");

    @Test
    void catalogue_lists_exactly_the_files_of_the_folder() {
        assertThat(Scripts.all().stream().map(Script::path))
                .containsExactlyElementsOf(
                        Project.filesBelow(FOLDER).stream().map(Path::toString).toList());
    }

    @Test
    void holds_every_byte_of_a_script() {
        assertThat(Scripts.all())
                .allSatisfy(
                        script -> assertThat(script.content()).isEqualTo(Project.read(FOLDER.resolve(script.path()))));
    }

    @Test
    void is_text_that_yaml_can_show_as_it_is() {
        assertThat(Scripts.all())
                .allSatisfy(script -> assertThat(script.content())
                        .as(script.path())
                        .endsWith("\n")
                        .doesNotContain("\r", "\t", " \n"));
    }

    @Test
    void finds_libraries_of_libraries() {
        assertThat(Scripts.closure("instance.sh").stream().map(Script::path))
                .contains("instance.sh", "lib/log.sh", "instance/role.sh")
                .doesNotContain("instance/probe.sh");
    }

    @Test
    void names_what_there_is_when_a_script_is_unknown() {
        assertThatThrownBy(() -> Scripts.get("instanse.sh"))
                .hasMessageStartingWith("no script instanse.sh in the catalogue; there are [")
                .hasMessageContaining("instance.sh");
    }
}
