package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class InstanceStatefulSetTest {

    @Test
    void the_set_says_no_number_of_pods_and_is_never_forced() {
        assertThat(YamlText.of(withoutPod(Examples.standard(), 0))).isEqualTo("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata:
                  annotations:
                    kustomize.toolkit.fluxcd.io/force: disabled
                  labels:
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql-primary
                  namespace: airflow
                spec:
                  selector:
                    matchLabels:
                      app.kubernetes.io/component: primary
                      app.kubernetes.io/instance: postgresql
                      app.kubernetes.io/name: postgresql
                  serviceName: postgresql-peers
                  updateStrategy:
                    type: RollingUpdate
                """);
    }

    @Test
    void a_second_standby_has_a_set_of_its_own() {
        StatefulSet set = withoutPod(Examples.automatic(), 2);
        assertThat(set.getMetadata().getName()).isEqualTo("postgresql-standby-2");
        assertThat(YamlText.of(set.getSpec().getSelector())).isEqualTo("""
                matchLabels:
                  app.kubernetes.io/component: standby-2
                  app.kubernetes.io/instance: postgresql
                  app.kubernetes.io/name: postgresql
                """);
    }

    @Test
    void the_pod_has_the_labels_that_the_set_selects() {
        StatefulSet set = set(Examples.standard(), 1);
        assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
    }

    private static StatefulSet withoutPod(PostgresqlHaSpec spec, int member) {
        return new StatefulSetBuilder(set(spec, member))
                .editSpec()
                .withTemplate(null)
                .endSpec()
                .build();
    }

    private static StatefulSet set(PostgresqlHaSpec spec, int member) {
        Installation installation = Installation.of(spec);
        return InstanceStatefulSet.of(
                new Instance(installation, installation.members().get(member)));
    }
}
