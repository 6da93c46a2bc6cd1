package io.github.postgresqlha.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.kubernetes.PodSpecs;
import io.github.postgresqlha.plan.Plan;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.Project;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that hold pieces of Kubernetes objects. */
class ExtensionsTest {

    @Test
    void say_in_yaml_what_they_say_in_java() {
        PostgresqlHaSpec spec = ConfigurationFile.read(Project.file("src/test/resources/extended.yaml"));
        assertThat(Synthesis.files(spec))
                .isEqualTo(Synthesis.files(
                        Objects.requireNonNull(Examples.snapshots().get("extended"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            scheduling: {tolerations: [{kee: a}]}          | scheduling.tolerations[0]: has an unknown field kee; did you mean 'key'? (line 1, column 28)
            scheduling: {affinity: {nodeAfinity: {}}}      | scheduling.affinity: has an unknown field nodeAfinity; did you mean 'nodeAffinity'?
            scheduling: {tolerations: [a]}                 | scheduling.tolerations[0]: must be keys and values, got 'a'
            scheduling: {tolerations: [{tolerationSeconds: soon}]} | scheduling.tolerations[0]: is no Toleration of Kubernetes, its tolerationSeconds is wrong
            scheduling: {priorityClassName: A B}           | scheduling.priorityClassName: must be the name of a PriorityClass
            metadata: {labels: {app.kubernetes.io/name: x}} | metadata.labels.app.kubernetes.io/name: is the product's own
            metadata: {labels: {team: a b}}                | metadata.labels.team: must be a label's value
            primary: {service: {type: External}}           | primary.service.type: must be one of [ClusterIP, NodePort, LoadBalancer], got 'External'
            network: {ipFamilyPolicy: Dual}                | network.ipFamilyPolicy: must be one of [SingleStack, PreferDualStack, RequireDualStack]
            network: {clientCidrs: [x]}                    | network.clientCidrs[0]: is no range of addresses, got 'x'
            extraEnv: [{name: PGHOST, value: x}]           | extraEnv[0]: is read by the product's programs, got 'PGHOST'
            extraEnv: [{name: RESTART_IN_PLACE_SECONDS, value: x}] | extraEnv[0]: is read by the product's programs, got 'RESTART_IN_PLACE_SECONDS'
            extraEnv: [{name: BASH_ENV, value: x}]         | extraEnv[0]: is read by the product's programs, got 'BASH_ENV'
            extraEnv: [{name: notes_pid, value: x}]        | extraEnv[0]: is read by the product's programs, got 'notes_pid'
            extraEnv: [{name: IMPORT_HOST, value: x}]      | extraEnv[0]: is read by the product's programs, got 'IMPORT_HOST'
            extraEnv: [{value: x}]                         | extraEnv[0]: must have a name
            extraVolumes: [{mountPath: etc, volume: {name: a}}] | extraVolumes[0].mountPath: must be an absolute path
            sidecars: [{name: a}]                          | sidecars[0]: must have an image with a tag
            extraObjects: [{kind: ConfigMap}]              | extraObjects[0]: must have apiVersion, kind and metadata.name
            extraObjects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {a: b}}] | extraObjects[0]: must be no Secret with values
            """)
    void are_refused_with_place_and_remedy(String yaml, String message) {
        assertThatThrownBy(() -> ConfigurationFile.parse(yaml))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            extraVolumes: [{mountPath: /more, volume: {name: data, emptyDir: {sizeLimit: 1Mi}}}] | volumes[data again]: must not be set
            sidecars: [{name: postgresql, image: 'a:1'}]   | StatefulSet postgresql-primary: containers[postgresql]: stands twice in the pod; rename yours
            extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: postgresql-config, namespace: airflow}}] | extraObjects: holds a second ConfigMap airflow/postgresql-config; rename it
            extraObjects: [{apiVersion: v1, kind: Service, metadata: {name: postgresql-primary}}] | extraObjects: holds a second Service airflow/postgresql-primary; rename it
            """)
    void are_refused_where_they_collide_with_the_product(String yaml, String message) {
        PostgresqlHaSpec spec = ConfigurationFile.parse(yaml);
        assertThatThrownBy(() -> Synthesis.check(spec))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /scripts/more              | within another mount or around it
            //scripts                  | within another mount or around it
            /./scripts/                | within another mount or around it
            /run/postgresql            | within another mount or around it
            /var/run/passfile          | within another mount or around it
            /run                       | within another mount or around it
            /usr/lib/postgresql/17/bin | within a folder of programs or around it
            /usr                       | within a folder of programs or around it
            /bin/                      | within a folder of programs or around it
            """)
    void no_volume_hides_what_the_product_reads(String path, String message) {
        PostgresqlHaSpec spec = ConfigurationFile.parse(
                "extraVolumes: [{mountPath: " + path + ", volume: {name: a, emptyDir: {sizeLimit: 1Mi}}}]");
        assertThatThrownBy(() -> Synthesis.check(spec))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("containers[postgresql].volumeMounts[" + path + "]: must not lie " + message
                        + ": the product's programs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scripts-of-mine", "/etc/company-ca", "/usr/local/share/ca-certificates", "/var/running"})
    void a_volume_beside_that_is_free(String path) {
        PostgresqlHaSpec spec = ConfigurationFile.parse(
                "extraVolumes: [{mountPath: " + path + ", volume: {name: a, emptyDir: {sizeLimit: 1Mi}}}]");
        assertThatCode(() -> Synthesis.check(spec)).doesNotThrowAnyException();
    }

    @Test
    void labels_and_annotations_reach_every_object_and_every_pod() {
        PostgresqlHaSpec spec =
                ConfigurationFile.parse("metadata: {labels: {team: data}, annotations: {cost: '4711'}}");
        assertThat(Plan.parts(Installation.of(spec)).stream().flatMap(part -> part.objects().stream()))
                .hasSizeGreaterThan(30)
                .allSatisfy(object -> {
                    assertThat(object.getMetadata().getLabels()).containsEntry("team", "data");
                    assertThat(object.getMetadata().getAnnotations()).containsEntry("cost", "4711");
                    assertThat(PodSpecs.template(object).stream())
                            .allSatisfy(pod ->
                                    assertThat(pod.getMetadata().getLabels()).containsEntry("team", "data"));
                });
    }

    @Test
    void an_alias_is_refused() {
        assertThatThrownBy(() -> ConfigurationFile.parse("databaseName: &db airflow\ndatabaseOwner: *db\n"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("has an alias *db; write the value there as well (line 2, column 16)");
    }
}
