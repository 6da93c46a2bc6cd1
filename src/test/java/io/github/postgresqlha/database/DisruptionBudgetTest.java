package io.github.postgresqlha.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.testing.Examples;
import io.github.postgresqlha.testing.YamlText;
import org.junit.jupiter.api.Test;

class DisruptionBudgetTest {

    @Test
    void one_member_at_a_time_may_be_drained() {
        assertThat(YamlText.of(DisruptionBudget.of(Installation.of(Examples.standard()))))
                .isEqualTo("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata:
                  labels:
                    app.kubernetes.io/component: primary
                    app.kubernetes.io/instance: postgresql
                    app.kubernetes.io/managed-by: postgresql-ha
                    app.kubernetes.io/name: postgresql
                    app.kubernetes.io/part-of: postgresql-ha
                    app.kubernetes.io/version: "17"
                  name: postgresql
                  namespace: airflow
                spec:
                  maxUnavailable: 1
                  selector:
                    matchLabels:
                      postgresqlha.github.io/member: postgresql
                  unhealthyPodEvictionPolicy: AlwaysAllow
                """);
    }

    @Test
    void it_is_over_the_members_of_its_own_installation() {
        assertThat(YamlText.of(DisruptionBudget.of(Installation.of(Examples.otherNames()))
                        .getSpec()))
                .isEqualTo("""
                maxUnavailable: 1
                selector:
                  matchLabels:
                    postgresqlha.github.io/member: reports
                unhealthyPodEvictionPolicy: AlwaysAllow
                """);
    }
}
