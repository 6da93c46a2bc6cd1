package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.testing.Document;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibilityIT {

    @TempDir
    private static Path folder;

    private static Path target;
    private static String log;

    @BeforeAll
    static void synthesizeElsewhere() throws IOException {
        target = folder.resolve("dist");
        log = SynthesisProcess.run(Files.createDirectory(folder.resolve("elsewhere")), target);
    }

    @Test
    void gives_the_same_bytes_in_another_process_locale_time_zone_and_folder() {
        List<DistFile> files = Synthesis.files(Examples.standard());
        assertThat(Project.filesBelow(target))
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(file -> Path.of(file.path())).toList());
        assertThat(files)
                .allSatisfy(file ->
                        assertThat(Project.read(target.resolve(file.path()))).isEqualTo(file.content()));
    }

    /** Each message to node and back costs about as much as everything that Java does for an object. */
    @Test
    void sends_few_messages_to_node() {
        long messages = log.lines().filter(line -> line.startsWith("> {")).count();
        long objects = Project.filesBelow(target).stream()
                .filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                .mapToLong(file -> Document.read(target.resolve(file)).size())
                .sum();
        assertThat(messages).as("messages for %d objects", objects).isBetween(objects, 5 * objects + 10);
    }
}
