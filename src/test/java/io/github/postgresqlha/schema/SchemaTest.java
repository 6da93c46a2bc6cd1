package io.github.postgresqlha.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every object of every example. */
class SchemaTest {

    @TempDir
    static Path manifests;

    @BeforeAll
    static void write() {
        Examples.all().forEach(SchemaTest::write);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.29.0", "1.31.0", "1.34.0", "1.37.0"})
    void kubernetes_knows_every_field(String version) {
        Tool.require("schemas/v" + version);
        List<String> arguments = new ArrayList<>(List.of(
                "-strict",
                "-summary",
                "-kubernetes-version",
                version,
                "-schema-location",
                Project.file(".tools/schemas")
                        + "/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json",
                // of other operators' objects
                "-schema-location",
                Project.file("src/test/resources/crds") + "/{{.ResourceKind}}{{.KindSuffix}}.json"));
        // Of admission: Kubernetes has it since 1.30.
        String unknown = version.equals("1.29.0") ? "ValidatingAdmissionPolicy,ValidatingAdmissionPolicyBinding" : "";
        arguments.addAll(List.of("-skip", unknown));
        arguments.add(manifests.toString());
        Tool.Result result = Tool.require("bin/kubeconform").run(arguments);
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output())
                .containsPattern(
                        "Summary: [1-9][0-9]{2,} resources found .* Skipped: " + (unknown.isEmpty() ? "0" : "[1-9]"));
    }

    private static void write(String name, PostgresqlHaSpec spec) {
        for (DistFile file : Examples.manifests(spec)) {
            Path manifest = manifests.resolve(name).resolve(file.path());
            try {
                Files.createDirectories(manifest.getParent());
                Files.writeString(manifest, file.content());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
