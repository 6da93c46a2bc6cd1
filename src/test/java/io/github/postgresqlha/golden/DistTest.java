package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dist/} is what the repository's specification gives, byte for byte, and nothing else is in it. */
class DistTest {

    private static final Path DIST = Project.file("dist");

    @TempDir
    private Path fresh;

    @Test
    void is_what_the_specification_gives() throws IOException {
        List<DistFile> files = Synthesis.files(Examples.standard());
        for (DistFile file : files) {
            Path target = fresh.resolve(file.path());
            Files.createDirectories(target.getParent());
            Files.writeString(target, file.content());
        }
        String help = UnifiedDiff.of(DIST, fresh) + "run: ./mvnw package, then commit dist/";
        assertThat(Project.filesBelow(DIST)).as(help).isEqualTo(Project.filesBelow(fresh));
        assertThat(files)
                .as(help)
                .allSatisfy(file ->
                        assertThat(Project.read(DIST.resolve(file.path()))).isEqualTo(file.content()));
    }

    @Test
    void has_programs_that_can_be_run() {
        assertThat(Synthesis.files(Examples.standard()))
                .allSatisfy(file -> assertThat(Files.isExecutable(DIST.resolve(file.path())))
                        .as(file.path())
                        .isEqualTo(file.executable()));
    }
}
