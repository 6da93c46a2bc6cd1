package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.github.postgresqlha.Cdk8sSynthesis;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written from the plan is what cdk8s gives by way of the chart. */
class SameBytesIT {

    @ParameterizedTest
    @MethodSource("cases")
    void the_plan_and_the_chart_give_the_same(String name) {
        PostgresqlHaSpec spec = Examples.all().get(name);
        assertThat(Synthesis.files(spec)).isEqualTo(Cdk8sSynthesis.files(spec));
    }

    /** Of one kind and name in two namespaces, and with more metadata than the product's own. */
    @Test
    void objects_of_the_users_are_the_same_too() {
        PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                .addExtraObject(configMap("airflow").build())
                .addExtraObject(configMap("other")
                        .editMetadata()
                        .addToLabels("team", "data")
                        .addToFinalizers("example.org/keep")
                        .withGenerateName("mine-")
                        .withOwnerReferences(new OwnerReference("v1", null, null, "Namespace", "other", "4711"))
                        .endMetadata()
                        .build())
                .build();
        assertThat(Synthesis.files(spec))
                .isEqualTo(Cdk8sSynthesis.files(spec))
                .filteredOn(file -> file.path().equals("postgresql-extra.yaml"))
                .singleElement()
                .extracting(DistFile::content, InstanceOfAssertFactories.STRING)
                .contains("  finalizers:\n    - example.org/keep\n", "  namespace: other\n", "  namespace: airflow\n");
    }

    private static GenericKubernetesResourceBuilder configMap(String namespace) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withNewMetadata()
                .withName("mine")
                .withNamespace(namespace)
                .endMetadata();
    }

    static Stream<String> cases() {
        return Examples.all().keySet().stream();
    }
}
