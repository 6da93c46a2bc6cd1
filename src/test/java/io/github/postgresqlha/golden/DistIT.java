package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.dist.DistFolder;
import io.github.postgresqlha.dist.InstallationName;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dist/} is what the repository's specification gives, byte for byte, and nothing else is in it. */
class DistIT {

    private static final Path DIST = Project.file("dist");

    @TempDir
    private static Path folder;

    private static Path fresh;

    @BeforeAll
    static void synthesize() throws IOException {
        fresh = folder.resolve("dist");
        PostgresqlHaSpec spec = ConfigurationFile.read(Project.file(ConfigurationFile.NAME));
        new DistFolder(fresh, new InstallationName(spec.name(), spec.namespace())).write(Synthesis.files(spec));
    }

    @Test
    void is_what_the_specification_gives() {
        String help = UnifiedDiff.of(DIST, fresh) + "run: ./mvnw package, then commit dist/";
        List<Path> files = Project.filesBelow(fresh);
        assertThat(Project.filesBelow(DIST)).as(help).isEqualTo(files);
        assertThat(files)
                .as(help)
                .allSatisfy(file ->
                        assertThat(Project.read(DIST.resolve(file))).isEqualTo(Project.read(fresh.resolve(file))));
    }

    @Test
    void has_programs_that_can_be_run() {
        assertThat(Project.filesBelow(fresh))
                .allSatisfy(file -> assertThat(Files.isExecutable(DIST.resolve(file)))
                        .as(file.toString())
                        .isEqualTo(Project.read(fresh.resolve(file)).startsWith("#!")));
    }
}
