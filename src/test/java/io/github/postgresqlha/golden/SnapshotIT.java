package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other specifications: in which lines their objects differ from those of the standard one, {@code dist/}, with scripts replaced by their paths. */
class SnapshotIT {

    private static final Pattern NAME =
            Pattern.compile("^kind: ([^\\n]+)$.*?^  name: ([^\\n]+)$", Pattern.MULTILINE | Pattern.DOTALL);

    /** Which of the others it resembles most; all others are compared with {@code dist/}. */
    private static final Map<String, String> NEAREST = Map.of(
            "identity", "offsite",
            "examples/automatic-three", "automatic",
            "examples/eks", "identity",
            "examples/gke", "identity",
            "examples/offsite", "offsite",
            "examples/two-tenants/sales", "other-names",
            "examples/two-tenants/research", "examples/two-tenants/sales");

    @ParameterizedTest
    @MethodSource("cases")
    void differs_as_its_snapshot_says(String name) throws IOException {
        String nearest = NEAREST.getOrDefault(name, "standard");
        Map<String, PostgresqlHaSpec> specs = Examples.all();
        String actual =
                "--- " + nearest + "\n" + UnifiedDiff.between(objects(specs.get(nearest)), objects(specs.get(name)));
        Path snapshot = Project.file("src/test/snapshots/" + name + ".diff");
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

    private static String objects(PostgresqlHaSpec spec) {
        return Examples.manifests(spec).stream()
                .map(DistFile::content)
                .flatMap(text -> Stream.of(text.split("(?m)^---\n")))
                .map(document -> document.replaceAll("(?m)^# Generated.*\n", ""))
                .map(document -> document.replaceAll(
                        "app.kubernetes.io/version: \"\\d+\"", "app.kubernetes.io/version: \"of-postgresql\""))
                .map(ScriptBodies::replaced)
                .map(document -> UnifiedDiff.PLACE + named(document) + "\n" + document)
                .collect(Collectors.joining());
    }

    private static String named(String document) {
        Matcher matcher = NAME.matcher(document);
        assertThat(matcher.find()).as(document).isTrue();
        return matcher.group(1) + " " + matcher.group(2);
    }
}
