package io.github.postgresqlha.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.29.0", "1.31.0", "1.34.0", "1.37.0"})
    void kubernetes_knows_every_field(String version) {
        Tool.require("schemas/v" + version);
        List<String> arguments = new ArrayList<>(List.of(
                "-strict",
                "-kubernetes-version",
                version,
                "-schema-location",
                Project.file(".tools/schemas")
                        + "/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json"));
        manifests().map(Path::toString).forEach(arguments::add);
        Tool.Result result = Tool.require("bin/kubeconform").run(arguments);
        assertThat(result.status()).as(result.output()).isZero();
    }

    private static Stream<Path> manifests() {
        return Stream.of("dist", "src/test/snapshots")
                .map(Project::file)
                .flatMap(folder -> Project.filesBelow(folder).stream().map(folder::resolve))
                .filter(file -> file.toString().endsWith(".yaml"))
                .filter(file -> !file.endsWith("kustomization.yaml"));
    }
}
