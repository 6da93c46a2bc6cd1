package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other specifications: the objects in which they differ from {@code dist/}, with scripts replaced by their paths. */
class SnapshotIT {

    private static final Set<String> STANDARD = documents(Examples.standard()).collect(Collectors.toSet());

    @ParameterizedTest
    @MethodSource("cases")
    void gives_the_objects_of_its_snapshot(String name) throws IOException {
        PostgresqlHaSpec spec = Examples.snapshots().get(name);
        String actual = documents(spec)
                .filter(document -> !STANDARD.contains(withStandardVersion(document)))
                .collect(Collectors.joining("---\n"));
        Path snapshot = Project.file("src/test/snapshots/" + name + ".yaml");
        if (Boolean.getBoolean("updateSnapshots")) {
            update(snapshot, actual);
        }
        assertThat(Files.exists(snapshot) ? Project.read(snapshot) : "")
                .as(
                        UnifiedDiff.ofText(snapshot, actual)
                                + "run: ./mvnw verify -Dit.test=SnapshotIT -DupdateSnapshots=true, then commit src/test/snapshots/")
                .isEqualTo(actual);
    }

    static Stream<String> cases() {
        return Examples.snapshots().keySet().stream();
    }

    private static void update(Path snapshot, String text) throws IOException {
        if ("true".equals(System.getenv("CI"))) {
            fail("snapshots are not written where CI is \"true\"");
        }
        Files.createDirectories(snapshot.getParent());
        Files.writeString(snapshot, text);
    }

    /** An object that differs in nothing but its version label is not worth a reviewer's time. */
    private static String withStandardVersion(String document) {
        return document.replaceAll("app.kubernetes.io/version: \"\\d+\"", "app.kubernetes.io/version: \"17\"");
    }

    private static Stream<String> documents(PostgresqlHaSpec spec) {
        return Synthesis.files(spec).stream()
                .filter(file -> file.path().endsWith(".yaml") && !file.path().equals("kustomization.yaml"))
                .map(DistFile::content)
                .flatMap(text -> Stream.of(text.split("(?m)^---\n")))
                .map(document -> document.replaceAll("(?m)^# Generated.*\n", ""))
                .map(ScriptBodies::replaced);
    }
}
