package io.github.postgresqlha.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.postgresqlha.configuration.ConfigurationFile;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.NetworkSpec;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.SourceSpec;
import io.github.postgresqlha.testing.Examples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AirflowOverlayTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String RELEASE = "my-air";
    private static final String NAMESPACE = "data-platform";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: postgresql",
                "name: ha",
                "pooler: {enabled: true}",
                "standby: {enabled: false}",
                "{roles: [{name: reports, databases: {airflow: readOnly}}], scheduling: {priorityClassName: high}}",
                "backup: {offsite: {remote: 'secret:postgresql', secret: rclone, egressCidrs: [10.20.0.0/16], encrypted: true}}",
                "metadata: {labels: {example.com/team: data}}"
            })
    void gives_the_objects_of_the_installation_of_that_release(String specification) {
        PostgresqlHaSpec spec = ConfigurationFile.parse(specification);
        Map<String, JsonNode> overlay = objects(AirflowOverlay.files(spec).stream()
                .filter(file ->
                        file.path().matches(".*-[a-z]+\\.yaml") && !file.path().equals("airflow-values.yaml"))
                .map(file -> substituted(file.content())
                        // As instance.sh makes the name of a slot.
                        .replace(RELEASE + "_", RELEASE.replace('-', '_') + "_"))
                .toList());
        overlay.keySet().removeIf(object -> object.endsWith("-bootstrap"));
        Map<String, JsonNode> installation = objects(Examples.manifests(of(spec)).stream()
                .map(DistFile::content)
                .map(text -> text.replace("${POD_NAMESPACE:-NAMESPACE}", NAMESPACE))
                .toList());
        assertThat(overlay.keySet()).isEqualTo(installation.keySet());
        installation.forEach(
                (name, object) -> assertThat(overlay.get(name)).as(name).isEqualTo(object));
    }

    /** What README.rst says of the folder by which it is operated. */
    private static PostgresqlHaSpec of(PostgresqlHaSpec spec) {
        return PostgresqlHaSpec.builder()
                .from(spec)
                .name(RELEASE + "-" + spec.name())
                .namespace(NAMESPACE)
                .createNamespace(false)
                .network(NetworkSpec.builder()
                        .from(spec.network())
                        .addSources(SourceSpec.builder()
                                .putPodLabel("app.kubernetes.io/name", "postgresql")
                                .putPodLabel("app.kubernetes.io/instance", RELEASE)
                                .build())
                        .build())
                .build();
    }

    private static String substituted(String text) {
        return text.replace("RELEASE-NAME", RELEASE).replace("NAMESPACE", NAMESPACE);
    }

    private static Map<String, JsonNode> objects(List<String> manifests) {
        return manifests.stream()
                .flatMap(text -> documents(text).stream())
                .collect(Collectors.toMap(
                        object -> object.path("kind").asText() + "/"
                                + object.at("/metadata/name").asText(),
                        object -> object,
                        (one, other) -> {
                            throw new IllegalStateException("twice: " + one);
                        },
                        TreeMap::new));
    }

    private static List<JsonNode> documents(String text) {
        try {
            return YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void has_the_files_of_the_contract() {
        assertThat(AirflowOverlay.files(Examples.standard()))
                .extracting(DistFile::path)
                .contains(
                        "kustomization.yaml",
                        "STATUS.yaml",
                        "README.rst",
                        "airflow-values.yaml",
                        "postgresql-bootstrap.yaml",
                        "tests/overlay_tests/test_postgresql.py")
                .noneMatch(path -> path.endsWith(".sh") || path.contains("release-name"));
    }

    @Test
    void says_what_the_runner_waits_for_by_what_follows_the_name_of_the_release() {
        List<JsonNode> waited = documents(text("pooler: {enabled: true}", "STATUS.yaml")).stream()
                .flatMap(status -> status.at("/verify/resources").valueStream())
                .toList();
        assertThat(waited)
                .extracting(resource -> resource.path("kind").asText() + "/"
                        + resource.path("name").asText() + " "
                        + (resource.path("complete").asBoolean() ? "complete" : "")
                        + (resource.path("ready").asBoolean() ? "ready" : ""))
                .containsExactly(
                        "Job/postgresql-bootstrap complete",
                        "StatefulSet/postgresql-primary ready",
                        "StatefulSet/postgresql-standby ready",
                        "Deployment/postgresql-wal-archiver ready",
                        "Deployment/postgresql-pooler ready");
    }

    @Test
    void gives_the_chart_the_connection_that_the_job_makes() {
        assertThat(text("name: ha", "airflow-values.yaml"))
                .contains(
                        "helm upgrade --install RELEASE-NAME apache-airflow/airflow -n NAMESPACE ",
                        "# Secret RELEASE-NAME-ha-airflow has to be there before: Job RELEASE-NAME-ha-bootstrap makes it.\n",
                        "metadataSecretName: RELEASE-NAME-ha-airflow\n")
                .doesNotContain("deploy-");
    }

    @Test
    void fills_its_guide_and_its_test() {
        for (String file : List.of("README.rst", "tests/overlay_tests/test_postgresql.py")) {
            assertThat(text("{name: ha, databaseOwner: scheduler}", file)).doesNotContain("{{");
        }
        assertThat(text("{name: ha, databaseOwner: scheduler}", "tests/overlay_tests/test_postgresql.py"))
                .contains("IMAGE = \"postgres:17\"", "{overlay_release_name}-ha", "\"scheduler\"");
    }

    private static String text(String specification, String path) {
        return AirflowOverlay.files(ConfigurationFile.parse(specification)).stream()
                .filter(file -> file.path().equals(path))
                .map(DistFile::content)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void refuses_all_that_it_cannot_express_at_once() {
        assertThatThrownBy(() -> AirflowOverlay.files(ConfigurationFile.parse("""
                        name: a-name-of-twenty-seven-long
                        namespace: data
                        imagePullPolicy: Always
                        image: registry.example/postgresql-patroni:17
                        failover: automatic
                        airflow: {namespace: airflow}
                        credentials: {existingSecret: company}
                        tls: {mode: certManager}
                        admission: {enabled: true}
                        metrics: {enabled: true}
                        replication: {synchronous: true}
                        sidecars: [{name: shipper, image: shipper:1}]
                        extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: company-ca, namespace: data}}]
                        """)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("invalid airflow-overlay, 12 violations:\n")
                .hasMessageContaining(
                        "name: must be at most 26 characters in an overlay, because the release's name stands before it, got 'a-name-of-twenty-seven-long'; shorten it")
                .hasMessageContaining("namespace: is that of the release in an overlay, got 'data'; leave it out")
                .hasMessageContaining("imagePullPolicy: must be IfNotPresent in an overlay")
                .hasMessageContaining("failover: must be manual in an overlay")
                .hasMessageContaining("airflow.namespace: is that of the release in an overlay, got 'airflow'")
                .hasMessageContaining("credentials: must be generated in an overlay")
                .hasMessageContaining("tls.mode: must be generated in an overlay")
                .hasMessageContaining("got certManager; leave it out")
                .hasMessageContaining("admission.enabled: must be false in an overlay")
                .hasMessageContaining("metrics.enabled: must be false in an overlay")
                .hasMessageContaining("replication.synchronous: must be false in an overlay")
                .hasMessageContaining("sidecars[0].imagePullPolicy: must be IfNotPresent in an overlay")
                .hasMessageContaining("extraObjects: must be empty in an overlay, got 1; list them in the ");
    }

    @Test
    void refuses_an_installation_without_airflow() {
        assertThatThrownBy(() -> AirflowOverlay.files(ConfigurationFile.parse("airflow: {enabled: false}")))
                .hasMessageContaining("airflow.enabled: must be true in an overlay");
    }

    /** Who replaces the placeholders would make POD_my-namespace of it. */
    @Test
    void refuses_a_placeholder_within_a_word() {
        assertThatThrownBy(() -> AirflowOverlay.files(
                        ConfigurationFile.parse("extraEnv: [{name: TEAM_NAMESPACE, value: data}]")))
                .hasMessageContaining("postgresql-backup.yaml must not have NAMESPACE or RELEASE-NAME within a longer "
                        + "word, got 'TEAM_NAMESPACE'; both are replaced wherever they stand: choose another word");
    }

    @Test
    void takes_a_placeholder_that_its_user_writes() {
        assertThat(text("metadata: {labels: {release: RELEASE-NAME}}", "postgresql-bootstrap.yaml"))
                .contains("release: RELEASE-NAME\n");
    }
}
