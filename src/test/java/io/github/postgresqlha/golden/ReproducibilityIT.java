package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.overlay.AirflowOverlay;
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
    private static Path overlay;
    private static String log;

    @BeforeAll
    static void synthesizeElsewhere() throws IOException {
        target = folder.resolve("dist");
        overlay = folder.resolve("overlay");
        log = SynthesisProcess.run(Files.createDirectory(folder.resolve("elsewhere")), target, overlay);
    }

    @Test
    void gives_the_same_bytes_in_another_process_locale_time_zone_and_folder() {
        assertSame(Synthesis.files(Examples.standard()), target);
        assertSame(AirflowOverlay.files(Examples.standard()), overlay);
    }

    private static void assertSame(List<DistFile> files, Path written) {
        assertThat(Project.filesBelow(written))
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(file -> Path.of(file.path())).toList());
        assertThat(files)
                .allSatisfy(file ->
                        assertThat(Project.read(written.resolve(file.path()))).isEqualTo(file.content()));
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
