package io.github.postgresqlha.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder as the chart's runner takes it: rendered by kubectl, its placeholders replaced as text. */
class RenderedOverlayIT {

    private static final Pattern PULL_POLICY = Pattern.compile("(?m)^ *imagePullPolicy: (\\S+)$");
    private static final Pattern IMAGE = Pattern.compile("(?m)^ *(?:- )?image: \\S+$");

    @TempDir
    private Path folder;

    private String rendered = "";

    @BeforeEach
    void render() throws IOException {
        requireKubectl();
        for (DistFile file : AirflowOverlay.files(ConfigurationFile.parse("pooler: {enabled: true}"))) {
            Path path = folder.resolve(file.path());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.content());
        }
        Tool.Result result = Tool.run(new ProcessBuilder("kubectl", "kustomize", folder.toString()));
        assertThat(result.status()).as(result.output()).isZero();
        rendered = result.output().replace("RELEASE-NAME", "my-air").replace("NAMESPACE", "data-platform");
    }

    private static void requireKubectl() {
        boolean found = Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "kubectl")));
        if (!found && "true".equals(System.getenv("CI"))) {
            fail("requires kubectl on PATH");
        }
        if (!found) {
            System.err.println("SKIPPED: requires kubectl on PATH");
            abort("requires kubectl on PATH");
        }
    }

    @Test
    void is_known_to_kubernetes_in_every_field() throws IOException {
        Tool.require("schemas/v1.34.0");
        Path manifest = Files.writeString(folder.resolve("rendered.yaml"), rendered);
        Tool.Result result = Tool.require("bin/kubeconform")
                .run(List.of(
                        "-strict",
                        "-summary",
                        "-kubernetes-version",
                        "1.34.0",
                        "-schema-location",
                        Project.file(".tools/schemas")
                                + "/{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json",
                        manifest.toString()));
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("Invalid: 0, Errors: 0, Skipped: 0");
    }

    @Test
    void lets_no_container_fetch_what_was_loaded() {
        assertThat(PULL_POLICY.matcher(rendered).results().map(policy -> policy.group(1)))
                .hasSize((int) IMAGE.matcher(rendered).results().count())
                .containsOnly("IfNotPresent");
    }

    @Test
    void has_no_namespace_and_no_password() {
        assertThat(rendered).doesNotContainPattern("(?m)^kind: Namespace$").doesNotContainPattern("(?m)^stringData:");
    }
}
